"""Weights and gradients put in by hand: taken by value where they are sound, else refused."""

import copy
import pickle

import numpy as np
import pytest
from small_models import everything, same_weights, small, small_batch

from cnncourse import Sequential, kernels, layers, optimizers

X, Y = small_batch(12)
READ_ONLY = np.arange(12.0).reshape(4, 3)
READ_ONLY.flags.writeable = False
WHOLE = np.arange(24.0).reshape(8, 3)
SOUND = {
    "float64": np.arange(12.0).reshape(4, 3),
    "float16": np.arange(12, dtype=np.float16).reshape(4, 3),
    "whole numbers": np.arange(12).reshape(4, 3),
    "bool": np.arange(12).reshape(4, 3) > 5,
    "transposed": np.arange(12, dtype=np.float32).reshape(3, 4).T,
    "strided": WHOLE[::2].astype(np.float32),
    "a strided view": WHOLE[::2],
    "reversed": np.arange(12, dtype=np.float32).reshape(4, 3)[::-1],
    "columns first": np.asfortranarray(np.arange(12, dtype=np.float32).reshape(4, 3)),
    "read-only": READ_ONLY,
    "read-only float32": np.broadcast_to(np.float32(2), (4, 3)),
    "big-endian": np.arange(12).reshape(4, 3).astype(">f4"),
    "a list": np.arange(12.0).reshape(4, 3).tolist(),
    "a matrix": np.arange(12.0).reshape(4, 3).view(np.matrix),
    "nothing masked": np.ma.array(np.arange(12.0).reshape(4, 3)),
    "float32": np.arange(12, dtype=np.float32).reshape(4, 3),
}
HALF_MASKED = np.ma.masked_equal(np.ones((4, 3)), 1)
UNSOUND = {
    "transposed": (np.ones((3, 4)), ValueError, r"expected the shape \(4, 3\).*transposed"),
    "flat": (np.ones(12), ValueError, r"got \(12,\); \.reshape"),
    "another shape": (np.ones((4, 2)), ValueError, r"got \(4, 2\)$"),
    "a number": (1.0, ValueError, r"got \(\)"),
    "NaN": (np.full((4, 3), np.nan), ValueError, "finite numbers, got nan"),
    "infinite": (np.full((4, 3), -np.inf), ValueError, "finite numbers, got -inf"),
    "text": (np.full((4, 3), "1"), TypeError, "an array of numbers"),
    "objects": (np.full((4, 3), None), TypeError, "an array of numbers"),
    "complex": (np.ones((4, 3), complex), TypeError, "an array of numbers"),
    "rows of different lengths": ([[1, 2, 3], [4]], TypeError, "different sizes"),
    "masked": (HALF_MASKED, ValueError, "must not be masked"),
    "nothing": (None, TypeError, "an array of numbers"),
}
DEVICES = ["cpu", "reference"]


def dense(device="cpu"):
    layer = layers.Dense(3)
    layer.build((4,), kernels.get(device))
    return layer


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", SOUND)
def test_sound_weights_are_taken_by_value(kind, device):
    layer, values = dense(device), SOUND[kind]
    layer.parameters["kernel"] = values
    kept = layer.parameters["kernel"]
    assert type(kept) is np.ndarray and kept.dtype == layer.backend.dtype
    assert kept.flags.c_contiguous and kept.flags.writeable
    assert np.array_equal(kept, np.asarray(values))
    assert not (isinstance(values, np.ndarray) and np.shares_memory(kept, values))
    x = np.eye(4)
    assert np.allclose(layer(x), np.asarray(values, float))


def test_too_large_for_the_type():
    wide = np.full((4, 3), 1e300)
    layer = dense()
    with pytest.raises(ValueError, match="finite numbers, got inf"):
        layer.parameters["kernel"] = wide
    layer = dense("reference")
    layer.parameters["kernel"] = wide
    assert layer.parameters["kernel"][0, 0] == 1e300


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", UNSOUND)
def test_others_are_refused_by_name(kind, device):
    values, error, message = UNSOUND[kind]
    layer = dense(device)
    before = layer.get_weights()
    with pytest.raises(error, match=f"dense.*'kernel'.*{message}"):
        layer.parameters["kernel"] = values
    with pytest.raises(error, match=message):
        layer.parameters.update(bias=np.ones(3), kernel=values)
    with pytest.raises(error, match=message):
        layer.parameters = {"kernel": values, "bias": np.ones(3)}
    assert same_weights(before, layer.get_weights())


@pytest.mark.parametrize("device", DEVICES)
def test_statistics(device):
    layer = layers.BatchNormalization()
    layer.build((5, 5, 2), kernels.get(device))
    layer.statistics["moving_mean"] = [1, 2]
    layer.statistics["moving_variance"] = np.array([[4.0, 9.0]]).T[:, 0]
    expected = (np.ones((1, 5, 5, 2)) - [1, 2]) / np.sqrt(np.array([4, 9]) + layer.epsilon)
    assert np.allclose(layer(np.ones((1, 5, 5, 2))), expected, atol=1e-6)
    with pytest.raises(ValueError, match="'moving_mean'.*expected the shape"):
        layer.statistics["moving_mean"] = [1, 2, 3]
    with pytest.raises(ValueError, match="no weight 'gamma'; it has moving_mean"):
        layer.statistics["gamma"] = [1, 2]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", SOUND)
def test_gradients(kind, device):
    layer, values = dense(device), SOUND[kind]
    layer.set_weights([np.ones((4, 3)), np.ones(3)])
    layer.gradients["kernel"] = values
    optimizers.SGD(0.5).step([layer])
    assert np.allclose(layer.parameters["kernel"], 1 - 0.5 * np.asarray(values, float))


def test_a_gradient_that_a_kernel_is_about_to_fill():
    layer = dense()
    room = layer.gradients["kernel"] = layer.backend.empty((4, 3))
    room[...] = 7
    assert layer.gradients["kernel"][0, 0] == 7


@pytest.mark.parametrize(
    ("name", "values", "error", "message"),
    [
        ("kernle", np.ones((4, 3)), ValueError, "no parameter 'kernle'.*kernel, bias"),
        ("kernel", np.ones((3, 4)), ValueError, r"gradient 'kernel'.*expected the shape \(4, 3\)"),
        ("bias", "abc", TypeError, "gradient 'bias' must be an array of numbers"),
    ],
)
def test_gradients_that_are_refused(name, values, error, message):
    layer = dense()
    with pytest.raises(error, match=message):
        layer.gradients[name] = values
    assert layer.gradients == {}


@pytest.mark.parametrize("name", ["kernle", "gamma", 0])
def test_a_name_that_the_layer_does_not_have(name):
    layer = dense()
    with pytest.raises(ValueError, match="has no weight .*; it has kernel, bias"):
        layer.parameters[name] = np.ones(3)
    assert list(layer.parameters) == ["kernel", "bias"]


@pytest.mark.parametrize(
    "change",
    [
        lambda layer: layer.parameters.pop("bias"),
        lambda layer: layer.parameters.clear(),
        lambda layer: layer.parameters.__delitem__("bias"),
        lambda layer: setattr(layer, "parameters", {"kernel": np.ones((4, 3))}),
        lambda layer: setattr(layer, "parameters", [np.ones((4, 3)), np.ones(3)]),
        lambda layer: layer.weights.update(bias=np.ones(3)),
        lambda layer: layer.weights.__setitem__("bias", np.ones(3)),
        lambda layer: layer.set_weights(np.ones(2)),
        lambda layer: layer.set_weights([np.ones((4, 3)), ["a", "b", "c"]]),
        lambda layer: layer.set_weights([[[1, 2], [3]], np.ones(3)]),
    ],
)
def test_nothing_else_gets_in(change):
    layer = dense()
    before = layer.get_weights()
    with pytest.raises((TypeError, ValueError), match=r"dense|layer\.weights"):
        change(layer)
    assert same_weights(before, layer.get_weights())


@pytest.mark.parametrize("name", ["parameters", "statistics"])
def test_before_there_are_any(name):
    layer = layers.BatchNormalization()
    with pytest.raises(ValueError, match="has no weights yet.*input_shape"):
        getattr(layer, name)["gamma"] = np.ones(3)
    assert getattr(layer, name) == {}


def test_changed_in_place_and_by_operators():
    layer = dense()
    before = layer.get_weights()[0]
    layer.parameters["kernel"] *= 2
    layer.parameters |= {"bias": [1, 2, 3]}
    layer.parameters["kernel"][...] += 1
    assert np.array_equal(layer.parameters["kernel"], before * 2 + 1)
    assert layer.parameters.setdefault("bias", None).tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="'kernel' must be finite"):
        layer.parameters["kernel"] *= np.float32(np.nan)


@pytest.mark.parametrize("fuse", [True, False])
def test_a_model_goes_on_with_them(fuse):
    """... moved, too; and the arrays that were given stay as they are."""
    model = small(fuse=fuse)
    model.compile("adam")
    model.fit(X, Y, verbose=False)
    kernel = np.random.default_rng(1).normal(size=(3, 3, 2, 3))
    given = np.asfortranarray(kernel)
    model.layers[0].parameters["kernel"] = given
    model.fit(X, Y, verbose=False)
    assert np.array_equal(given, kernel)
    model.to("reference")
    model.layers[0].parameters["kernel"] = kernel.astype(np.float32)
    assert model.layers[0].parameters["kernel"].dtype == np.float64
    scores = model.predict(X)
    model.to("cpu")
    model.layers[0].parameters["kernel"] = kernel[::-1][::-1]
    assert np.allclose(model.predict(X), scores, atol=1e-5)
    model.fit(X, Y, verbose=False)


def test_an_initializers_array_is_not_trained_itself():
    mine = np.ones((4, 3), np.float32)
    for initializer in (lambda shape, rng: mine, lambda shape, rng: mine.T.T):
        layer = layers.Dense(3, kernel_initializer=initializer)
        layer.build((4,))
        layer.parameters["kernel"][...] = 5
        assert (mine == 1).all()
    for wrong in (np.full((4, 3), np.nan), np.full((4, 3), "a")):
        layer = layers.Dense(3, kernel_initializer=lambda shape, rng, wrong=wrong: wrong)
        with pytest.raises((ValueError, TypeError), match="dense.*'kernel'"):
            layer.build((4,))


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_copies_check_as_well(copied):
    model = copied(everything())
    layer = model.layers[0]
    layer.parameters["kernel"] = np.zeros((3, 3, 2, 3))
    with pytest.raises(ValueError, match="'kernel'"):
        layer.parameters["kernel"] = np.zeros(3)
    held = pickle.loads(pickle.dumps(layer.parameters))
    assert type(held) is dict and np.array_equal(held["kernel"], layer.parameters["kernel"])


# A model's weights, and where they are


@pytest.mark.parametrize(
    "wrong", [0, [1, 2, 3], "abc", lambda w: [*w[:-1], "abc"], lambda w: [*w[:-1], w[-1][None]]]
)
def test_a_models_weights_are_all_set_or_none(wrong):
    model = small()
    before = model.get_weights()
    weights = wrong([weight + 1 for weight in before]) if callable(wrong) else wrong
    with pytest.raises((TypeError, ValueError), match="weights|weight 1"):
        model.set_weights(weights)
    assert same_weights(model, before)
    with pytest.raises(ValueError, match="shapes are unknown"):
        Sequential([layers.Dense(2)]).set_weights(before)


class Full:
    """A device like ``reference`` whose memory ends after some arrays."""

    def __init__(self, room):
        self.room = room
        self.base = kernels.get("reference")

    def __getattr__(self, name):
        return getattr(self.base, name)

    def asarray(self, values):
        if self.room == 0:
            raise MemoryError("the device is full")
        self.room -= 1
        return self.base.asarray(values)


@pytest.mark.parametrize("room", range(0, 24, 3))
def test_a_move_that_fails_changes_nothing(room, monkeypatch):
    model, expected = everything(), everything()
    for each in model, expected:
        each.compile("adam")
        each.fit(X, Y, batch_size=4, verbose=False)
    full = Full(room)
    real = kernels.get
    monkeypatch.setattr(
        kernels, "get", lambda device=None: full if device == "full" else real(device)
    )
    with pytest.raises(MemoryError):
        model.to("full")
    assert model.backend is real("cpu")
    assert all(operation.backend is real("cpu") for operation in model.operations)
    for each in model, expected:
        each.fit(X, Y, batch_size=4, verbose=False)
    assert same_weights(model, expected)


def test_nothing_to_go_back_through_after_a_move():
    model = small()
    model.forward(X)
    model.to("reference")
    with pytest.raises(RuntimeError, match=r"call model\.forward"):
        model.backward(np.ones((12, 3)))
