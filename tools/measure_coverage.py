"""How much of the package the tests run: an error below 95 % of its lines.

    python tools/measure_coverage.py               all tests but the notebooks
    python tools/measure_coverage.py tests/layers  what pytest is given; no error then

What numba compiles cannot be traced. So the kernels' conformance tests run once more, in plain
Python (`tests/kernels/cpu/plain_python.py`); and in the first run numba finds no compiled code, for
the functions that write SIMD instructions are only called while it compiles. The lines that nothing
runs are listed, and ``coverage html`` shows them.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEAST = 95  # percent
RUN = "coverage", "run", "-m", "pytest", "-q"
# the share of a million numbers that dropout keeps is the same in plain Python, and takes minutes
PLAIN = "tests/kernels", "-n", "0", "-k", "conformance and cpu and not share"


def python(*arguments, **variables):
    """Run a module; its exit status."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | variables).returncode


def main():
    chosen = sys.argv[1:]
    python("coverage", "erase")
    with tempfile.TemporaryDirectory() as empty:
        failed = python(*RUN, *(chosen or ("cnncourse", "tests")), NUMBA_CACHE_DIR=empty)
    if not chosen:
        failed |= python(*RUN, *PLAIN, NUMBA_DISABLE_JIT="1")
    python("coverage", "combine", "-q")
    least = "0" if chosen else str(LEAST)
    sys.exit(failed | python("coverage", "report", "--fail-under", least))


if __name__ == "__main__":
    main()
