"""Saved and loaded: the same predictions, the same next step; and files that are refused."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from small_models import everything, same_weights, small, small_batch

from cnncourse import Sequential, layers, losses, optimizers

X, Y = small_batch(40)
OPTIMIZERS = [
    optimizers.SGD(0.05),
    optimizers.SGD(0.05, momentum=0.9),
    optimizers.RMSprop(0.002),
    optimizers.Adam(0.002),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.npz"


def trained(make=everything, optimizer="adam"):
    model = make()
    model.compile(optimizer)
    model.fit(X, Y, batch_size=16, epochs=2, verbose=False)
    return model


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: f"{type(o).__name__}{o.slots}")
def test_a_loaded_model_goes_on_exactly_as_the_saved_one(path, optimizer):
    model = trained(optimizer=optimizer)
    model.save(path)
    loaded = Sequential.load(path)
    assert np.array_equal(loaded.predict(X), model.predict(X))
    histories = [m.fit(X, Y, batch_size=16, epochs=2, verbose=False) for m in (model, loaded)]
    assert histories[0] == histories[1]
    assert same_weights(model, loaded)


def test_architecture_and_names_survive(path, capsys):
    model = everything()
    model.save(path)  # not compiled, not trained
    loaded = Sequential.load(path)
    model.summary()
    loaded.summary()
    first, second = np.array_split(capsys.readouterr().out.splitlines(), 2)
    assert first.tolist() == second.tolist()
    assert loaded.optimizer is None
    assert repr(loaded.layers[-2].bias_initializer) == "Normal(stddev=0.1)"
    assert loaded.layers[5].p == 3


def test_losses_and_layers_of_ones_own(path):
    class Scale(layers.Layer):
        def __init__(self, factor):
            super().__init__()
            self.factor = factor

        def forward(self, x, training=False):
            return x * self.backend.asarray(self.factor)

        def backward(self, gradient, need_input_gradient=True):
            return gradient * self.backend.asarray(self.factor)

    class Double(losses.Euclidean):
        def value(self, outputs, targets, backend):
            return 2 * super().value(outputs, targets, backend)

    model = Sequential([layers.Flatten(), Scale(3.0), layers.Dense(1)], (8, 7, 2), seed=0)
    model.compile("sgd", Double())
    model.save(path)
    with pytest.raises(ValueError, match=r"type 'Scale'.*custom=\[YourLayer\]"):
        Sequential.load(path)
    loaded = Sequential.load(path, custom=[Scale, Double])
    assert np.array_equal(loaded.predict(X), model.predict(X))
    assert loaded.evaluate(X, Y) == model.evaluate(X, Y)


def test_a_truncated_file_is_refused(path):
    trained().save(path)
    content = path.read_bytes()
    for length in (0, 10, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(ValueError, match=r"model\.npz: expected a model that cnncourse saved"):
            Sequential.load(path)


def test_an_altered_file_is_refused(path):
    trained().save(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF  # inside an array: the zip's checksum notices
    path.write_bytes(content)
    with pytest.raises(ValueError, match="damaged file"):
        Sequential.load(path)


def test_foreign_files_are_refused(path):
    np.savez(path, a=np.zeros(3))
    with pytest.raises(ValueError, match="something else or a damaged file"):
        Sequential.load(path)
    np.savez(path, description=np.array('{"format": "another"}'))
    with pytest.raises(ValueError, match="it says 'another'"):
        Sequential.load(path)
    path.write_text("not an npz at all")
    with pytest.raises(ValueError, match="expected a model"):
        Sequential.load(path)


def test_a_pickle_is_refused_and_not_run(path, tmp_path):
    victim = tmp_path / "victim"
    victim.touch()

    class Evil:
        def __reduce__(self):
            return os.remove, (str(victim),)

    np.savez(path, description=np.array([Evil()], dtype=object))
    with pytest.raises(ValueError, match="expected a model"):
        Sequential.load(path)
    assert victim.exists()


def test_a_model_with_parts_missing_is_refused(path):
    trained().save(path)
    with np.load(path) as file:
        arrays = dict(file)
    del arrays["weights/conv2d_1/kernel"]
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match="model in it is incomplete.*conv2d_1/kernel"):
        Sequential.load(path)


def test_a_missing_file_is_a_missing_file(path):
    with pytest.raises(FileNotFoundError):
        Sequential.load(path)


def test_what_cannot_be_saved_leaves_the_old_file(path):
    trained().save(path)
    before = path.read_bytes()
    model = Sequential(
        [layers.Dense(2, kernel_initializer=lambda shape, rng: np.ones(shape))], (3,)
    )
    with pytest.raises(TypeError, match="cannot be saved"):
        model.save(path)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]
    with pytest.raises(ValueError, match="shapes are unknown"):
        Sequential([layers.Dense(2)]).save(path)


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(OSError):
        trained().save(tmp_path / "nowhere" / "model.npz")


KILLED = """
import sys
from cnncourse.networks import tutorial
model = tutorial(seed=int(sys.argv[2]))
model.compile("adam")
print("ready", flush=True)
while True:
    model.save(sys.argv[1])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
def test_kill_9_leaves_a_whole_file(path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    first = small()
    first.save(path)
    for attempt in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path), str(attempt)], stdout=subprocess.PIPE
        )
        assert process.stdout.readline().strip() == b"ready"
        time.sleep(0.02 + 0.013 * attempt)  # into the middle of some save
        process.kill()
        process.wait()
        process.stdout.close()
        assert Sequential.load(path).count_params() in (first.count_params(), 62346)


def test_a_save_that_is_cut_off_leaves_the_old_file(path, monkeypatch):
    model = trained()
    model.save(path)
    before = path.read_bytes()

    def full(*arguments, **options):
        arguments[0].write(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr("cnncourse.model.saving.np.savez", full)
    with pytest.raises(OSError, match="No space left"):
        model.save(path)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_numpy_scalars_as_arguments_are_saved(path):
    model = Sequential([layers.Dense(np.int64(3)), layers.Dropout(np.float32(0.5))], (4,), seed=0)
    model.compile(optimizers.SGD(np.float64(0.1), momentum=np.float32(0.5)))
    model.save(path)
    loaded = Sequential.load(path)
    assert (loaded.optimizer.learning_rate, loaded.layers[1].rate) == (0.1, 0.5)


def test_a_link_is_followed_and_permissions_stay(tmp_path):
    real, link = tmp_path / "real.npz", tmp_path / "link.npz"
    model = small()
    model.save(real)
    real.chmod(0o640)
    link.symlink_to(real)
    model.set_weights([weight + 1 for weight in model.get_weights()])
    model.save(link)
    assert link.is_symlink() and real.stat().st_mode & 0o777 == 0o640
    assert same_weights(Sequential.load(real), model)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.npz", "real.npz"]
