"""Dense layers turned into convolutions: the same as sliding the network over the image."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.support.rounding import gamma

BUILT = (9, 8, 2)
# each with the pixels from one part to the next
CHAINS = {
    "flatten": (
        (2, 2),
        lambda: [
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(5, activation="relu", bias_initializer="ones"),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax"),
        ],
    ),
    "flatten, and what goes by values": (
        (2, 1),
        lambda: [
            layers.Conv2D(4, 2, strides=(2, 1)),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Tanh(),
            layers.Dense(4, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.LayerNormalization(),
            layers.Dense(2),
            layers.Softmax(),
        ],
    ),
    "mean of everything": (
        (1, 2),
        lambda: [
            layers.Conv2D(4, 3, (1, 2)),
            layers.ReLU(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3),
        ],
    ),
    "largest of everything": (
        (2, 3),
        lambda: [
            layers.LpPooling2D((2, 3)),
            layers.GlobalMaxPooling2D(),
            layers.Flatten(),
            layers.Dense(3, activation="sigmoid"),
        ],
    ),
    "pixels": ((1, 1), lambda: [layers.Flatten(), layers.Dense(3)]),
    "no rows": ((1, 1), lambda: [layers.Conv2D(3, BUILT[:2])]),
}
chains = pytest.mark.parametrize("name", CHAINS)


def model_of(name, device="cpu"):
    model = Sequential(CHAINS[name][1](), BUILT, seed=0, device=device)
    rng = np.random.default_rng(0)
    model.set_weights([w + rng.uniform(0.1, 0.3, w.shape) for w in model.get_weights()])
    return model


def images(size, count=3):
    return np.random.default_rng(1).standard_normal((count, *size, 2))


@chains
@pytest.mark.parametrize("device", ["cpu", "reference"])
def test_the_same_on_the_built_size(name, device):
    model = model_of(name, device)
    x = images(BUILT[:2])
    whole = model.fully_convolutional()
    expected = model.predict(x)
    found = whole.predict(x)
    assert found.shape == (3, 1, 1, expected.shape[-1])
    assert np.abs(found.reshape(expected.shape) - expected).max() <= 1e-6 * np.abs(expected).max()
    assert whole.backend is model.backend and whole.input_shape == model.input_shape
    assert whole.count_params() == model.count_params()
    assert not any(isinstance(layer, (layers.Dense, layers.Flatten)) for layer in whole.layers)


@chains
def test_a_map_is_the_network_slid_over_the_image(name):
    model = model_of(name)
    (down, right), _ = CHAINS[name]
    x = images((BUILT[0] + 4 * down + 1, BUILT[1] + 3 * right))
    found = model.fully_convolutional().predict(x)
    height, width, _ = BUILT
    parts = [
        [
            model.predict(x[:, i * down : i * down + height, j * right : j * right + width])
            for j in range(found.shape[2])
        ]
        for i in range(found.shape[1])
    ]
    expected = np.moveaxis(np.array(parts), 2, 0).reshape(found.shape)
    assert found.shape[1] >= 5 and found.shape[2] == 4
    tolerance = 8 * gamma(300) * np.abs(expected).max()
    assert np.abs(found - expected).max() <= tolerance


def test_names_and_what_is_frozen_are_kept():
    model = model_of("flatten")
    model.layers[3].name = "hidden"
    model.layers[3].trainable = False
    whole = model.fully_convolutional()
    names = ["conv2d_1", "max_pooling2d_1", "hidden", "dropout_1", "dense_2"]
    assert [layer.name for layer in whole.layers] == names
    assert [layer.trainable for layer in whole.layers] == [True, True, False, True, True]
    assert repr(whole.layers[2]) == (
        'Conv2D(5, (3, 3), activation="relu", bias_initializer=Ones(), name="hidden")'
    )
    assert [layer.named for layer in whole.layers] == [False, False, True, False, False]


def test_the_weights_are_copies(tmp_path):
    model = model_of("flatten, and what goes by values")
    whole = model.fully_convolutional()
    before = model.predict(images(BUILT[:2]))
    whole.set_weights([0 * weight for weight in whole.get_weights()])
    assert np.array_equal(model.predict(images(BUILT[:2])), before)
    whole = model.fully_convolutional()
    whole.save(tmp_path / "model.npz")
    x = images((20, 20))
    assert np.array_equal(Sequential.load(tmp_path / "model.npz").predict(x), whole.predict(x))


class Sum(layers.Layer):
    """Somebody's own layer, which makes a row of a map."""

    def output_shape(self, input_shape):
        return (input_shape[-1],)


REFUSED = {
    "a row at the end": ([layers.Flatten()], "ends in a row of 9×8 positions"),
    "each feature's own scale": (
        [layers.Flatten(), layers.BatchNormalization(), layers.Dense(2)],
        r"batch_normalization_1 .* takes all 144 values at once",
    ),
    "all values' softmax": (
        [layers.Flatten(), layers.Softmax(), layers.Dense(2)],
        r"softmax_1 .* takes all 144 values at once",
    ),
    "a layer of one's own": ([Sum(), layers.Dense(2)], r"sum_1 .* takes all 144 values"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_convolution(name):
    chain, message = REFUSED[name]
    model = Sequential(chain, BUILT)
    with pytest.raises(ValueError, match=message):
        model.fully_convolutional()


def test_models_that_have_no_maps():
    with pytest.raises(ValueError, match=r"expected a model of images.*takes \(5,\)"):
        Sequential([layers.Dense(2)], (5,)).fully_convolutional()
    with pytest.raises(ValueError, match="shapes are unknown"):
        Sequential([layers.Flatten(), layers.Dense(2)]).fully_convolutional()
