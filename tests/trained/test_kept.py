"""What is kept of a training: it comes back, and predicts as before."""

import numpy as np
import pytest

from cnncourse import Sequential, datasets, layers, trained
from cnncourse.trained import kept


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Where a training of the chapter "a" is kept, whose cell is "b"."""
    monkeypatch.setattr(kept, "course_folder", lambda: tmp_path)
    return kept.path_of("a", "b")


def network():
    chain = [layers.Conv2D(8, 3), layers.BatchNormalization(), layers.ReLU()]
    chain += [layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(10)]
    model = Sequential(chain, input_shape=(28, 28, 1), seed=0)
    model.compile("adam", "softmax_cross_entropy")
    return model


def test_it_comes_back(path, capsys):
    digits, model = datasets.load("digits"), network()
    images, labels = digits.train.images, digits.train.labels
    history = model.fit(images, labels, batch_size=50, epochs=2, verbose=0)
    kept.keep(path, model, history)
    again = network()
    found = trained.load_trained("a", "b", again)
    assert found == history and found is again.history and found.epoch == [0, 1]
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith(f"epoch 2/2: loss {history['loss'][1]:.4f}, accuracy")
    test = digits.test.images, digits.test.labels
    assert again.evaluate(*test)[1] == pytest.approx(model.evaluate(*test)[1], abs=0.005)
    for before, after in zip(model.get_weights(), again.get_weights(), strict=True):
        if before.ndim == 1:
            assert np.array_equal(before, after)
        assert abs(before - after).max() <= 0.51 * before.std() / kept.STEPS or before.ndim == 1
    assert path.stat().st_size < 4 * model.count_params() / 4


def test_a_weight_far_from_all_others_stays(path):
    model = Sequential([layers.Dense(3)], input_shape=(1000,), seed=0)
    kernel, bias = model.get_weights()
    kernel[0, 0] = 1000
    model.set_weights([kernel, bias])
    kept.keep(path, model, {})
    kept.load_trained("a", "b", model)
    assert model.get_weights()[0][0, 0] == pytest.approx(1000)


def test_a_kernel_of_zeros_stays_zero(path):
    model = Sequential([layers.Dense(3, kernel_initializer="zeros")], input_shape=(4,))
    kept.keep(path, model, {})
    kept.load_trained("a", "b", model)
    assert not model.get_weights()[0].any()


def test_nothing_is_kept(path):
    with pytest.raises(FileNotFoundError, match=r"b\.npz: nothing is kept .* train it here"):
        trained.load_trained("a", "b", network())


def test_another_network(path):
    kept.keep(path, network(), {})
    other = Sequential([layers.Flatten(), layers.Dense(10)], input_shape=(28, 28, 1), seed=0)
    before = other.get_weights()
    with pytest.raises(ValueError, match="is another one .* build it as the chapter does"):
        trained.load_trained("a", "b", other)
    assert all(map(np.array_equal, before, other.get_weights()))
