"""Does the suite notice a small fault? Mutants: wrong versions of the package, one line each.

    python tools/mutants.py              all of them, some twenty minutes
    python tools/mutants.py optimizers   those whose file has this in its name

Each is put into a copy of the project, the tests named beside it run there, and at least one must
fail: the mutant is *killed*. One that survives shows a test that is missing.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
NEEDED = "cnncourse", "tests", "data", "conftest.py", "pyproject.toml"


class Mutant(NamedTuple):
    file: str  # in cnncourse/
    right: str  # stands in it once
    wrong: str
    tests: str  # pytest's arguments


MUTANTS = (
    # the arithmetic
    Mutant("kernels/geometry.py", "added // 2, output", "-(-added // 2), output", "kernels/test_geometry.py"),
    Mutant("kernels/geometry.py", "size - window + 2 * pad", "size - window + pad", "kernels/test_geometry.py"),
    Mutant("kernels/cpu/relu.py", "if y[k] > 0 else 0", "if y[k] >= 0 else 0", "kernels/test_conformance.py -k relu"),
    Mutant("kernels/cpu/losses.py", "log_sum = highest + math.log(total)", "log_sum = math.log(total)", "kernels/test_conformance_training.py -k softmax"),
    Mutant("kernels/cpu/optimizers.py", "math.sqrt(mean_square[k] + epsilon)", "(math.sqrt(mean_square[k]) + epsilon)", "kernels/test_conformance_training.py -k rmsprop"),
    Mutant("kernels/cpu/optimizers.py", "ahead = momentum * velocity[k]", "ahead = velocity[k]", "kernels/test_conformance_training.py -k momentum"),
    Mutant("kernels/cuda/launch_queue.py", "if any(known_by in", "if not any(known_by in", "kernels/cuda/test_launch_queue.py -k writing"),
    Mutant("kernels/cuda/launch_queue.py", "in held[count:]:", "in held[count + 1 :]:", "kernels/cuda/test_launch_queue.py -k whatever"),
    Mutant("kernels/cuda/graphs.py", "self._numbers.put(self._changing(launches))", "pass", "kernels/cuda/test_launch_queue.py -k whatever"),
    Mutant("kernels/cuda/memory_pool.py", "heappush(free[self.key], self.number)", "free[self.key].append(self.number)", "kernels/cuda/test_memory_pool.py -k oldest"),
    Mutant("kernels/cuda/driver.py", "with _one_stages:", "if True:", "kernels/cuda/test_driver.py -k threads"),
    Mutant("kernels/cuda/optimizers.py", "return a[k] * a[k] if", "return a[k] if", "kernels/test_conformance_training.py -k squares"),
    Mutant("kernels/cpu/normalization.py", "(rows[row, c] - mean[c]) * scale[c] + beta[c]", "rows[row, c] * scale[c] + beta[c]", "kernels/test_conformance_layers.py -k batch_norm"),
    # layers, optimizers, losses
    Mutant("layers/dropout.py", "if training else None", "if True else None", "model layers kernels/test_known_wrong.py -k dropout"),
    Mutant("layers/normalization.py", "training = training and self.trainable", "pass", "model/test_fit_options.py -k put_back"),
    Mutant("layers/base.py", "if self.trainable:", "if True:", "model/test_fit_options.py -k put_back"),
    Mutant("initializers.py", "math.sqrt(2 / _fan_in(shape))", "math.sqrt(1 / _fan_in(shape))", "test_optimizers.py -k initializers"),
    Mutant("optimizers.py", "self._go_by(taken)", "self._go_by(taken + 1)", "test_optimizers.py -k schedule"),
    Mutant("optimizers.py", "if norm > limit:", "if norm < limit:", "test_optimizers.py -k clipping"),
    Mutant("schedules.py", "step > boundary", "step >= boundary", "test_schedules.py"),
    Mutant("losses.py", "targets * (1 - share) + share", "targets + share", "test_losses.py -k smoothed"),
    # the model
    Mutant("model/chain.py", "if layer.trainable and layer.parameters", "if layer.parameters", "model/test_fit_options.py -k front"),
    Mutant("model/totals.py", "self.loss += mean_loss * len(outputs)", "self.loss += mean_loss", "model/test_sequential.py"),
    Mutant("model/run.py", "for _ in range(self.batches):", "for _ in range(0):", "callbacks -k resumed"),
    Mutant("model/saving.py", "rng.bit_generator.state = state", "pass", "model/test_saving.py"),
    Mutant("model/validation_split.py", "int(len(x) * (1 - share))", "int(len(x) * share)", "model/test_fit_options.py -k held_out"),
    Mutant("model/weighting.py", "(classes * np.maximum(counts, 1))", "np.maximum(counts, 1)", "model/test_fit_options.py -k balanced"),
    Mutant("model/summary.py", "r + (k - 1) * j", "r + k * j", "test_receptive_field.py model/test_sequential.py"),
    Mutant("callbacks/early_stopping.py", ">= max(self.patience, 1)", "> max(self.patience, 1)", "callbacks -k early"),
    # data
    Mutant("datasets/dataset.py", "stratify=labels", "stratify=None", "datasets/test_loading.py -k stratified"),
    Mutant("datasets/idx.py", "if digest != sha256:", "if False:", "datasets/test_idx.py"),
    Mutant("datasets/image_folder.py", "spawn_key=(epoch, int(index))", "spawn_key=(0, int(index))", "datasets/test_image_folder.py"),
    Mutant("augmentation/augmentation.py", "if self.flip and side < 0:", "if self.flip:", "augmentation"),
    # the toolbox
    Mutant("metrics/per_class.py", '"precision": right / predicted', '"precision": right / support', "metrics"),
    Mutant("metrics/uncertainty.py", "2 * ways / 2**count", "ways / 2**count", "metrics"),
    Mutant("classifier.py", "(rows[part] - mean) / scale", "rows[part] / scale", "test_classifier.py"),
    Mutant("gradients.py", "(above - below) / (2 * step)", "(above - below) / step", "test_gradients.py"),
    Mutant("plots/history.py", 'label="validation"', 'label="training"', "plots"),
    Mutant("support/files.py", "os.replace(part, path)", "pass", "model/test_saving.py"),
)  # fmt: skip


def killed(mutant, folder):
    """Whether a test of the copy in ``folder`` fails with the mutant in it."""
    path = folder / "cnncourse" / mutant.file
    source = path.read_text(encoding="utf-8")
    if source.count(mutant.right) != 1:
        raise SystemExit(
            f"{mutant.file}: expected {mutant.right!r} once, it is there "
            f"{source.count(mutant.right)} times; the list in tools/mutants.py is out of date"
        )
    path.write_text(source.replace(mutant.right, mutant.wrong), encoding="utf-8")
    words = mutant.tests.split(" -k ")
    where = [str(folder / "tests" / name) for name in words[0].split()]
    options = ["-k", words[1]] if len(words) > 1 else []
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", *where, *options]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    path.write_text(source, encoding="utf-8")
    if done.returncode not in (0, 1):
        raise SystemExit(f"{mutant}:\n{done.stdout.decode()[-3000:]}")
    return done.returncode == 1


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="parts of the files' names; default: all")
    names = parser.parse_args().names
    chosen = [m for m in MUTANTS if not names or any(name in m.file for name in names)]
    survivors = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in NEEDED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        for mutant in chosen:
            dead = killed(mutant, folder)
            print(f"{'killed' if dead else 'SURVIVED':9} {mutant.file}: {mutant.wrong}", flush=True)
            survivors += [] if dead else [mutant]
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants killed")
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main()
