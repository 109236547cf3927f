#!/usr/bin/env bash
# NVIDIA's compute-sanitizer over the conformance suite, on a real GPU: accesses outside of arrays,
# memory that was never written, races in shared memory, wrong barriers. One command, some minutes:
#
#     tools/sanitize_cuda.sh
#
# It takes a GPU, pip install -e ".[test,cuda13]", and compute-sanitizer from the CUDA toolkit.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v compute-sanitizer >/dev/null || {
  echo "compute-sanitizer is not on the PATH: it comes with the CUDA toolkit" >&2
  exit 1
}
python -c "
import sys
from cnncourse.kernels import gpu_detection
found = gpu_detection.detect()
if not found.usable or found.simulated:
    sys.exit(f'no GPU: {found.description}. {found.advice}')
print('on', found.description)"

# in this process, which is the one that is looked at; numba's own questions to the driver, some of
# which it knows to fail, are not
tests=(tests/kernels -k "cuda and not no_kernel_has_a_fault" -n0 -p no:cacheprovider -q)
for tool in memcheck initcheck racecheck synccheck; do
  echo "+ $tool"
  compute-sanitizer --tool "$tool" --report-api-errors no --error-exitcode 9 \
    python -m pytest "${tests[@]}"
done
