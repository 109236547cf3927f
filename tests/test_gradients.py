"""Every backward pass against numerical gradients, in float64 on the reference."""

import numpy as np
import pytest
from small_models import everything, small, small_batch

from cnncourse import Sequential, gradients, layers, losses

LIMIT = 1e-6
IMAGES = 3  # each of their pixels is nudged
WEIGHTED = ("conv2d_1", "conv2d_2", "dense_1")


def check(chain, loss="softmax_cross_entropy", labels=None):
    """The largest difference to numerical gradients, and where it is."""
    x, y = small_batch(IMAGES)
    model = Sequential(chain, (8, 7, 2), seed=0, device="reference")
    model.compile(loss=loss)
    result = gradients.check(model, x, y if labels is None else labels)
    worst = max(result, key=result.get)
    assert result[worst] < LIMIT, f"{worst}: {result[worst]:.1e}"
    return result


def in_front_of_a_classifier(*chain):
    return [layers.Conv2D(3, 2, padding="same"), *chain, layers.Flatten(), layers.Dense(3)]


@pytest.mark.parametrize("seed", range(3))
def test_the_whole_network_agrees_with_numerical_gradients(seed):
    model = small(device="reference", seed=seed)
    model.compile()
    result = gradients.check(model, *small_batch(IMAGES, seed))
    assert set(result) == {
        "images",
        *(f"{name} kernel" for name in WEIGHTED),
        *(f"{name} bias" for name in WEIGHTED),
    }
    assert max(result.values()) < LIMIT, result


@pytest.mark.parametrize("padding", ["valid", "same", (2, 1)])
@pytest.mark.parametrize("strides", [1, 2, (3, 1)])
@pytest.mark.parametrize("kernel_size", [(3, 2), (1, 4)])
def test_convolution_with_every_padding_and_stride(kernel_size, strides, padding):
    conv = layers.Conv2D(3, kernel_size, strides, padding)
    check([conv, layers.Flatten(), layers.Dense(3)])


@pytest.mark.parametrize("padding", ["valid", "same", (1, 0)])
@pytest.mark.parametrize("strides", [1, 2, (3, 1)])
def test_transposed_convolution_with_every_padding_and_stride(strides, padding):
    check(in_front_of_a_classifier(layers.Conv2DTranspose(2, (3, 2), strides, padding)))


POOLINGS = [
    layers.MaxPooling2D,
    layers.AveragePooling2D,
    layers.WeightedAveragePooling2D,
    layers.LpPooling2D,
]


@pytest.mark.parametrize("padding", ["valid", "same", (1, 0)])
@pytest.mark.parametrize("strides", [None, 1, (3, 2)])
@pytest.mark.parametrize("kind", POOLINGS)
def test_pooling_with_every_padding_and_stride(kind, strides, padding):
    check(in_front_of_a_classifier(kind((3, 2), strides, padding)))


@pytest.mark.parametrize("padding", ["valid", "same", (2, 1)])
@pytest.mark.parametrize(("strides", "rate"), [(1, 1), (2, 1), ((3, 1), (2, 3)), (2, 2)])
@pytest.mark.parametrize("kind", ["convolution", "depthwise", "separable"])
def test_every_convolution_with_gaps_and_without(kind, strides, rate, padding):
    options = {"strides": strides, "padding": padding, "dilation_rate": rate}
    layer = {
        "convolution": lambda: layers.Conv2D(3, (3, 2), **options),
        "depthwise": lambda: layers.DepthwiseConv2D((3, 2), depth_multiplier=2, **options),
        "separable": lambda: layers.SeparableConv2D(3, (3, 2), depth_multiplier=2, **options),
    }[kind]()
    check([layer, layers.Flatten(), layers.Dense(3)])


OTHERS = {
    "lp of 1": layers.LpPooling2D(2, p=1),
    "lp of 3.5": layers.LpPooling2D(2, p=3.5),
    "relu": layers.ReLU(),
    "sigmoid": layers.Sigmoid(),
    "tanh": layers.Tanh(),
    "dropout": layers.Dropout(0.4),
    "batch normalisation": layers.BatchNormalization(),
    "layer normalisation": layers.LayerNormalization(),
    "layer normalisation alone": layers.LayerNormalization(center=False, scale=False),
    "residual block": layers.Residual([layers.Conv2D(3, 3, padding="same")], activation="relu"),
    "residual block with a shortcut": layers.Residual(
        [layers.Conv2D(2, 3, 2, "same"), layers.BatchNormalization(), layers.Conv2D(4, 1)],
        shortcut=[layers.Conv2D(4, 1, 2), layers.BatchNormalization()],
        activation="tanh",
    ),
    "residual block in a residual block": layers.Residual(
        [layers.Residual([layers.Conv2D(3, 1, activation="sigmoid")]), layers.Dropout(0.3)]
    ),
    "nearest": layers.UpSampling2D((2, 3)),
    "bilinear": layers.UpSampling2D((2, 3), "bilinear"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_layer(name):
    check(in_front_of_a_classifier(OTHERS[name]))


@pytest.mark.parametrize(
    "kind", [layers.GlobalMaxPooling2D, layers.GlobalAveragePooling2D], ids=lambda k: k.__name__
)
def test_global_pooling(kind):
    check([layers.Conv2D(4, 3), kind(), layers.Dense(3)])


@pytest.mark.parametrize("kind", [layers.BatchNormalization, layers.LayerNormalization])
def test_normalisation_of_features(kind):
    check([layers.Flatten(), layers.Dense(5), kind(), layers.Dense(3)])


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "softmax"])
def test_activations_by_name(activation):
    check([layers.Flatten(), layers.Dense(4, activation=activation), layers.Dense(3)])


NUMBERS = np.random.default_rng(0).uniform(size=(IMAGES, 3))


@pytest.mark.parametrize(
    ("loss", "activation", "labels"),
    [
        ("softmax_cross_entropy", None, None),
        ("softmax_cross_entropy", "softmax", None),
        ("softmax_cross_entropy", None, NUMBERS / NUMBERS.sum(axis=1, keepdims=True)),
        ("sigmoid_cross_entropy", None, NUMBERS),
        ("sigmoid_cross_entropy", "sigmoid", NUMBERS > 0.5),
        ("euclidean", None, NUMBERS),
        ("euclidean", "tanh", NUMBERS),
        ("euclidean", "softmax", NUMBERS),
    ],
)
def test_every_loss(loss, activation, labels):
    check([layers.Flatten(), layers.Dense(3, activation=activation)], loss, labels)


def test_a_softmax_that_the_loss_does_not_take_over():
    """Probabilities through the loss and back through the softmax layer."""
    x, y = small_batch()
    one, other = small(device="reference"), small(device="reference")
    for model in (one, other):
        model.compile()
    one.loss(one.scores(x, training=True), y)
    stable = one.backward(one.loss.gradient())
    loss = losses.SoftmaxCrossEntropy(from_logits=False)
    loss(other(x, training=True), y)
    through = other.backward(loss.gradient())
    assert gradients.difference(stable, through) < 1e-9


def test_everything_in_one_chain():
    model = everything(device="reference")
    model.compile()
    result = gradients.check(model, *small_batch(IMAGES))
    assert max(result.values()) < LIMIT, result


def test_batch_normalisation_at_inference():
    """With fixed statistics it is a plain scale, for pictures of what a network sees."""
    x, y = small_batch()
    model = Sequential(
        [layers.BatchNormalization(), layers.Flatten(), layers.Dense(3)],
        (8, 7, 2),
        seed=0,
        device="reference",
    )
    model.compile()
    model.fit(3 * x + 1, y, epochs=3, verbose=False)

    def loss():
        return model.loss(model.forward(x, training=False), y)

    loss()
    gradient = model.backward(model.loss.gradient())
    assert gradients.difference(gradient, gradients.numerical(loss, x)) < LIMIT


def test_a_wrong_backward_pass_is_found_and_named():
    class Wrong(layers.Dense):
        def backward(self, gradient, need_input_gradient=True):
            result = super().backward(gradient, need_input_gradient)
            self.gradients["bias"] = self.gradients["bias"] * 1.001
            return result

    model = Sequential([layers.Flatten(), Wrong(3)], (8, 7, 2), seed=0, device="reference")
    model.compile()
    result = gradients.check(model, *small_batch())
    assert [name for name, error in result.items() if error > LIMIT] == ["wrong_1 bias"]


def test_float32_is_refused():
    model = small()
    model.compile()
    with pytest.raises(ValueError, match="checked in float64"):
        gradients.check(model, *small_batch())


def test_difference_is_relative():
    assert gradients.difference(np.array([2e9]), np.array([1e9])) == 0.5
    assert gradients.difference(np.zeros(3), np.zeros(3)) == 0
    assert gradients.difference(np.ones(3), -np.ones(3)) == 2


# --- a backward pass of one's own, as in the exercises


def weighted(x, w, power):
    return (x * w) ** power


def weighted_backward(x, w, power, g):
    inner = power * (x * w) ** (power - 1) * g
    return inner * w, (inner * x).sum(axis=0)


PAIR = np.random.default_rng(0).normal(size=(4, 3)), np.array([0.5, -1.0, 2.0])


def test_a_backward_pass_of_ones_own_is_compared_input_by_input():
    found = gradients.compare(weighted, weighted_backward, *PAIR, 3)
    assert list(found) == ["x", "w"] and max(found.values()) < LIMIT
    found = gradients.compare(weighted, lambda *a: (weighted_backward(*a)[0], PAIR[1]), *PAIR, 3)
    assert found["x"] < LIMIT < 0.1 < found["w"]


def test_one_input_needs_no_tuple_and_a_number_is_an_output():
    x = np.arange(3.0)
    for backward in (lambda x, g: 2 * x * g, lambda x, g: (2 * x * g,)):
        assert gradients.compare(lambda x: (x**2).sum(), backward, x)["x"] < LIMIT


@pytest.mark.parametrize(
    ("backward", "error", "words"),
    [
        (lambda x, w, power, g: None, ValueError, "each of x, w, in this order, got None"),
        (lambda x, w, power, g: x, ValueError, "each of x, w"),
        (lambda x, w, power, g: (w, x), ValueError, r"gradient of x must have its shape, \(4, 3\)"),
        (lambda x, w, power: (x, w), TypeError, "backward must be a function of"),
        (3, TypeError, "backward must be a function"),
    ],
)
def test_a_backward_pass_that_gives_something_else_is_refused(backward, error, words):
    with pytest.raises(error, match=words):
        gradients.compare(weighted, backward, *PAIR, 3)


def test_there_must_be_something_to_nudge():
    with pytest.raises(TypeError, match="array of float64"):
        gradients.compare(lambda x: 2 * x, lambda x, g: 2 * g, np.arange(3))
    with pytest.raises(TypeError, match="forward must be a function"):
        gradients.compare(lambda x, w: x, lambda x, g: g, np.arange(3.0))
