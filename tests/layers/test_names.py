"""Names of layers, and names that other libraries have for things."""

import inspect
import pickle

import numpy as np
import pytest
from small_models import small

from cnncourse import Sequential, layers

MAKERS = {
    "Conv2D": lambda **more: layers.Conv2D(4, 3, **more),
    "Conv2DTranspose": lambda **more: layers.Conv2DTranspose(2, 3, **more),
    "Dense": lambda **more: layers.Dense(4, **more),
    "DepthwiseConv2D": lambda **more: layers.DepthwiseConv2D(3, **more),
    "Dropout": lambda **more: layers.Dropout(0.5, **more),
    "Residual": lambda **more: layers.Residual([layers.ReLU()], **more),
    "SeparableConv2D": lambda **more: layers.SeparableConv2D(4, 3, **more),
}
KINDS = [getattr(layers, name) for name in layers.__all__ if name != "Layer"]


def make(kind, **more):
    return MAKERS.get(kind.__name__, kind)(**more)


@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_takes_a_name(kind):
    assert list(inspect.signature(kind).parameters)[-1] == "name"
    layer = make(kind, name="mine")
    assert layer.name == "mine" and repr(layer).endswith('name="mine")')
    assert "name" not in repr(make(kind))
    again = pickle.loads(pickle.dumps(layer))
    assert again.name == "mine" and again.named


def named():
    return [
        layers.Conv2D(2, 3, name="first", activation="relu"),
        layers.BatchNormalization(name="dense_1"),
        layers.MaxPooling2D(name="Zwölf Pixel"),
        layers.Flatten(),
        layers.Dense(4),
        layers.Dense(3, name="dense"),
    ]


NAMES = ["first", "dense_1", "Zwölf Pixel", "flatten_1", "dense_2", "dense"]


@pytest.mark.parametrize("input_shape", [(8, 8, 1), None])
def test_in_a_model(input_shape, capsys):
    model = Sequential(named(), input_shape, seed=0)
    assert [layer.name for layer in model.layers] == NAMES
    model.predict(np.zeros((1, 8, 8, 1)))
    model.summary()
    said = capsys.readouterr().out
    assert all(f"{name} (" in said for name in NAMES)
    assert model.get_layer("dense") is model.layers[5] is model.get_layer(index=5)


@pytest.mark.parametrize("name", ["dense", "Zwölf Pixel", "flatten_1"])
def test_a_name_twice_is_refused(name):
    model = Sequential(named(), (8, 8, 1), seed=0)
    extra = layers.Dense(3, name=name)
    with pytest.raises(ValueError, match=f"another layer named {name}"):
        model.add(extra)
    assert len(model.layers) == 6 and extra.backend is None and extra.name == name
    with pytest.raises(ValueError, match="another layer named twin"):
        Sequential([layers.Flatten(name="twin"), layers.Dense(3, name="twin")])


def test_in_a_file(tmp_path):
    model = Sequential(named(), (8, 8, 1), seed=0)
    model.layers[3].name = "dense_3"
    model.compile("adam")
    x, y = np.random.default_rng(0).random((8, 8, 8, 1)), np.arange(8) % 3
    model.fit(x, y, verbose=False)
    model.save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    assert [str(layer) for layer in loaded.layers] == [str(layer) for layer in model.layers]
    assert [repr(layer) for layer in loaded.layers] == [repr(layer) for layer in model.layers]
    assert np.array_equal(loaded.predict(x), model.predict(x))
    assert [layer.named for layer in loaded.layers] == [True, True, True, True, False, True]


def test_names_that_came_about_otherwise(tmp_path):
    """... and would be given again in another order when the file is read."""
    other = Sequential([layers.Flatten(), layers.Dense(4), layers.Dense(4)], (4,), seed=0)
    alone = layers.Dense(4)
    alone.build((4,))
    model = Sequential([other.layers[2], layers.Dense(4, name="dense_3"), alone], (4,), seed=0)
    assert [layer.name for layer in model.layers] == ["dense_2", "dense_3", "dense"]
    model.save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    assert [layer.name for layer in loaded.layers] == ["dense_2", "dense_3", "dense"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (5, TypeError),
        (b"first", TypeError),
        (["first"], TypeError),
        ("", ValueError),
        ("a/b", ValueError),
        ("a\\b", ValueError),
        ("a\0b", ValueError),
        ("two\nlines", ValueError),
        ("\ud800", ValueError),
        ("a" * 201, ValueError),
    ],
)
def test_what_is_no_name(name, error):
    with pytest.raises(error, match="Dense: name must be"):
        layers.Dense(3, name=name)
    layer = layers.Dense(3)
    with pytest.raises(error, match="Dense: name must be"):
        layer.name = name
    assert layer.name == "dense" and not layer.named


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "a name or an index"),
        ({"name": "dense", "index": 1}, "a name or an index"),
        ({"name": "none"}, "no layer named 'none'; there are conv2d_1"),
        ({"index": 5}, "index must be below 5"),
        ({"index": -1}, "index must be at least 0"),
    ],
)
def test_layers_that_are_not_there(arguments, message):
    with pytest.raises(ValueError, match=message):
        small().get_layer(**arguments)


# A layer that is refused stays as it was


def wrong(shape, rng):
    return np.full(shape, np.nan)


@pytest.mark.parametrize("input_shape", [(8, 7, 2), None])
def test_a_refused_layer_is_as_before_and_so_is_the_model(input_shape):
    def chain():
        return Sequential([layers.Flatten(), layers.Dense(4)], input_shape, seed=0)

    model, expected = chain(), chain()
    refused = layers.Dense(3, kernel_initializer=wrong)
    with pytest.raises(ValueError, match="dense_2.*'kernel'.*must be finite"):
        model.add(refused)
        model.predict(np.zeros((1, 8, 7, 2)))
    if input_shape is None:  # nothing is built of a model that cannot be built to its end
        assert model.input_shape is None
        assert all(layer.backend is None for layer in model.layers)
        refused.kernel_initializer = expected_initializer = layers.Dense(1).kernel_initializer
        expected.add(layers.Dense(3, kernel_initializer=expected_initializer))
    else:
        assert (refused.name, refused.backend, refused.parameters) == ("dense", None, {})
        for each in model, expected:
            each.add(layers.Dense(3))
    images = np.ones((2, 8, 7, 2))
    assert np.array_equal(model.predict(images), expected.predict(images))


# What other libraries call it

OF_MODELS = [
    "trainable",
    "weights",
    "parameters",
    "state_dict",
    "train",
    "eval",
    "lr",
    "learning_rate",
    "metrics_names",
    "metrics",
    "name",
    "cuda",
    "dtype",
    "pop",
    "save_weights",
    "input",
    "output",
    "predict_classes",
    "fit_generator",
    "requires_grad",
]
OF_LAYERS = [
    "weight",
    "gamma",
    "trainable_weights",
    "train",
    "eval",
    "requires_grad",
    "state_dict",
    "add_weight",
]


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (layers.Conv2D, {"dilation": 2}, "it is called dilation_rate"),
        (layers.Conv2D, {"groups": 2}, "each filter sees all channels"),
        (layers.Conv2D, {"input_shape": (28, 28, 1)}, r"Sequential\(\[…\], input_shape=…\)"),
        (layers.Conv2D, {"kernel_regularizer": "l2"}, "weight_decay"),
        (layers.Conv2D, {"stride": 2}, "it is called strides"),
        (layers.Dense, {"input_dim": 4}, "Sequential"),
        (layers.Dense, {"trainable": False}, "layer.trainable = False"),
        (layers.Dense, {"bias": False}, "use_bias"),
        (layers.Dropout, {"seed": 1}, "the model's seed"),
        (layers.Dropout, {"p": 1}, "it is called rate"),
        (layers.MaxPooling2D, {"kernel_size": 2}, "it is called pool_size"),
        (layers.LpPooling2D, {"ceil_mode": 2}, "same"),
        (layers.GlobalMaxPooling2D, {"keepdims": True}, "reshape it"),
        (layers.BatchNormalization, {"axis": 1}, "channels are the last axis"),
        (layers.BatchNormalization, {"gamma_initializer": "ones"}, "set_weights"),
        (layers.LayerNormalization, {"eps": 1e-5}, "it is called epsilon"),
        (layers.LayerNormalization, {"normalized_shape": 8}, "takes from its input"),
        (layers.Flatten, {"data_format": "channels_first"}, "channels are the last axis"),
        (layers.ReLU, {"inplace": True}, "new arrays"),
        (layers.Softmax, {"axis": -1}, "channels are the last axis"),
        (layers.Tanh, {"whatever": 1}, "it has name$"),
        (Sequential, {"name": "net"}, "only layers have names"),
        (Sequential, {"metric": 1}, "it has layers, input_shape, seed"),
    ],
)
def test_arguments_of_other_libraries(kind, arguments, message):
    call = kind if kind is Sequential else lambda **more: make(kind, **more)
    (name,) = arguments
    with pytest.raises(TypeError, match=f"{kind.__name__} has no argument '{name}'.*{message}"):
        call(**arguments)


@pytest.mark.parametrize("name", OF_MODELS)
def test_a_models_attributes_of_other_libraries(name):
    model = small()
    with pytest.raises(AttributeError, match=f"Sequential has no '{name}': "):
        getattr(model, name)
    with pytest.raises(AttributeError, match=f"Sequential has no '{name}': "):
        setattr(model, name, False)
    assert name not in dir(model) and "fit" in dir(model)


@pytest.mark.parametrize("name", OF_LAYERS)
def test_a_layers_attributes_of_other_libraries(name):
    layer = layers.BatchNormalization()
    with pytest.raises(AttributeError, match=f"BatchNormalization has no '{name}': "):
        getattr(layer, name)
    with pytest.raises(AttributeError, match=f"BatchNormalization has no '{name}': "):
        setattr(layer, name, False)
    assert name not in dir(layer) and "forward" in dir(layer)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Input", "input_shape"),
        ("Activation", "ReLU"),
        ("MaxPool2D", "it is called MaxPooling2D"),
        ("LSTM", "it has AveragePooling2D, "),
    ],
)
def test_layers_of_other_libraries(name, message):
    with pytest.raises(AttributeError, match=f"layers has no '{name}': .*{message}"):
        getattr(layers, name)
