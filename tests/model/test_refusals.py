"""A call that is refused says why, and leaves the model as it was."""

import gc
import weakref

import numpy as np
import pytest

from cnncourse import Sequential, layers, optimizers

IMAGES, LABELS = np.random.default_rng(0).random((12, 8, 8, 1)), np.arange(12) % 3


def unbuilt():
    model = Sequential([layers.Flatten(), layers.Dense(3)], seed=0)
    model.compile()
    return model


@pytest.mark.parametrize(
    "call",
    [
        lambda model: model.fit(IMAGES[0], LABELS, verbose=False),
        lambda model: model.fit(IMAGES[:, ::2], None, verbose=False),
        lambda model: model.fit(IMAGES[:, ::2], LABELS + 1, verbose=False),
        lambda model: model.fit(np.full((12, 4), np.nan), LABELS, verbose=False),
        lambda model: model.fit(IMAGES[:, ::2], LABELS, batch_size=0, verbose=False),
        lambda model: model.fit(IMAGES[:, ::2], LABELS, validation_data=(1, 2), verbose=False),
        lambda model: model.evaluate(IMAGES[:0], LABELS[:0]),
        lambda model: model.predict(np.full((12, 4), "a")),
        lambda model: model.scores(IMAGES[:0]),
        lambda model: model.forward(np.full((2, 4), np.inf)),
        lambda model: model.train_on_batch(IMAGES[:, ::2], LABELS[:5]),
        lambda model: model.backward(np.ones((2, 3))),
    ],
)
def test_a_wrong_first_call_settles_nothing(call):
    model, expected = unbuilt(), unbuilt()
    with pytest.raises((ValueError, TypeError, RuntimeError)):
        call(model)
    assert model.input_shape is None
    assert all(layer.backend is None for layer in model.layers)
    for one in model, expected:
        one.fit(IMAGES, LABELS, verbose=False)
    assert all(map(np.array_equal, model.get_weights(), expected.get_weights()))


@pytest.mark.parametrize(
    ("data", "got"),
    [
        ((IMAGES, LABELS, LABELS, LABELS), "tuple of 4"),
        (IMAGES, "ndarray of 12"),
        ({"x": IMAGES, "y": LABELS}, "dict of 2"),
        (3, "got 3"),
        ((IMAGES[:, :4], LABELS), "expected images"),
        ((IMAGES, LABELS[:5]), "as many as images"),
    ],
)
def test_validation_data_is_named(data, got):
    with pytest.raises(ValueError, match=f"validation_data.*{got}"):
        unbuilt().fit(IMAGES, LABELS, validation_data=data, verbose=False)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"input_shape": 784},
            TypeError,
            r"input_shape must be .*\(784,\) with its comma",
        ),
        ({"input_shape": (None, None, 1)}, ValueError, "input_shape must be known sizes"),
        ({"input_shape": (14.0, 14, 1)}, TypeError, "input_shape must be a whole number"),
        ({"input_shape": (0, 28, 1)}, ValueError, "input_shape must be at least 1, got 0"),
        ({"layers": layers.Flatten()}, TypeError, "list of layers.*got Flatten"),
        ({"seed": -1}, ValueError, "seed must be at least 0"),
        ({"seed": "a"}, TypeError, "seed must be a whole number"),
    ],
)
def test_the_models_own_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        Sequential(**arguments)


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (layers.Conv2D(3, 3), "kernel"),
        (layers.Dense(3), "bias"),
        (layers.ReLU(), "dtype"),
        (optimizers.SGD(), "lr"),
        (optimizers.Adam(), "decay"),
    ],
)
def test_attributes_that_mean_something_elsewhere(thing, name):
    with pytest.raises(AttributeError, match=f"{type(thing).__name__} has no '{name}': "):
        setattr(thing, name, 1)
    assert not hasattr(thing, name)


def test_two_layers_of_one_name(tmp_path):
    model = Sequential([layers.Flatten(), layers.Dense(4), layers.Dense(3)], (8, 8, 1))
    model.layers[1].name = model.layers[2].name = "mine"
    with pytest.raises(ValueError, match="two layers of this model are named mine"):
        model.save(tmp_path / "model.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", [optimizers.SGD, optimizers.RMSprop, optimizers.Adam])
def test_one_optimizer_for_two_models(kind):
    """... trains the second as the first, and keeps neither alive."""
    optimizer = kind(0.01)

    def trained():
        model = Sequential([layers.Flatten(), layers.Dense(3)], (8, 8, 1), seed=0)
        model.compile(optimizer)
        model.fit(IMAGES, LABELS, epochs=3, verbose=False)
        return model

    first, second = trained(), trained()
    assert all(map(np.array_equal, first.get_weights(), second.get_weights()))
    gone = weakref.ref(first.layers[1])
    del first
    gc.collect()
    assert gone() is None


def test_a_name_of_ones_own_stays():
    first, second = layers.Dense(4), layers.Dense(3)
    first.name = "hidden"
    model = Sequential([layers.Flatten(), first, second], (8, 8, 1))
    assert [layer.name for layer in model.layers] == ["flatten_1", "hidden", "dense_1"]
    third = layers.Dense(2)
    third.name = "hidden"
    with pytest.raises(ValueError, match="another layer named hidden"):
        model.add(third)
    assert len(model.layers) == 3


def test_what_keras_users_type():
    model = unbuilt()
    model.compile("sgd", "softmax_cross_entropy", metrics=["accuracy"])
    result = model.fit(IMAGES, LABELS, epochs=2, verbose=0)
    assert result.history["loss"] == result["loss"] and result.epoch == [0, 1]
    assert model.evaluate(IMAGES, LABELS, verbose=0)[0] > 0
    assert np.array_equal(model.predict(IMAGES, verbose=0), model(IMAGES))
    assert layers.Dense(3, activation="linear").activation is None
    with pytest.raises(ValueError, match="metrics: accuracy is all.*'auc'"):
        model.compile("sgd", "softmax_cross_entropy", metrics=["auc"])
