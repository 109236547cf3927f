"""Fused steps: what the plain chain of layers computes, bit for bit or within a derived bound."""

import numpy as np
import pytest
from numba import set_num_threads
from small_models import everything, residual, residual_block

from cnncourse import Sequential, kernels, layers
from cnncourse.model import fusion
from cnncourse.model.fused_steps import (
    FusedConvolution,
    FusedDense,
    FusedNormalization,
    FusedResidual,
    InferringConvolution,
)
from cnncourse.networks import DOCUMENTS

CPU = kernels.get("cpu")
U = 2.0**-24
STEPS = FusedConvolution, FusedDense, FusedNormalization


def forward_and_back(steps, x, gradient):
    """Outputs, the gradient of the images, and those of the parameters."""
    out = x
    for step in steps:
        out = step.forward(out, True)
    for step in reversed(steps):
        gradient = step.backward(gradient)
    return out, gradient


def chain(seed, shape, *chained):
    return Sequential(chained, input_shape=shape, seed=seed)


def gradients_of(model):
    return {
        f"{layer.name} {name}": np.array(gradient)
        for layer in model.layers
        for name, gradient in layer.gradients.items()
    }


def compare(model, images, types=(FusedConvolution,), seed=0):
    """Fused and plain: the same outputs, and gradients that differ by rounding alone.

    The tolerance: both sum the same products in different orders, at most ``terms`` of them. A sum
    of the magnitudes is bounded by the same sum for |x| and |gradient|; as that would be lost in
    the chain, the largest magnitude of the result, times the square root of ``terms``, stands for
    it: a wrong index would be off by as much as the result itself.
    """
    rng = np.random.default_rng(seed)
    x = CPU.asarray(rng.standard_normal((images, *model.input_shape)))
    gradient = CPU.asarray(rng.standard_normal((images, *model.output_shape)))
    plain = model.operations
    fused = fusion.steps(plain, model.input_shape, CPU, training=True)
    assert tuple(type(step) for step in fused if type(step) in types) == types
    expected = forward_and_back(plain, x, gradient)
    expected_gradients = gradients_of(model)
    got = forward_and_back(fused, x, gradient)
    np.testing.assert_array_equal(got[0], expected[0])  # the same sums in the same order
    pairs = {"images": (got[1], expected[1])}
    pairs |= {k: (g, expected_gradients[k]) for k, g in gradients_of(model).items()}
    for name, (one, other) in pairs.items():
        terms = images * int(np.prod(model.input_shape[:2]))
        bound = terms * U * np.sqrt(terms) * max(abs(other).max(), 1e-3)
        assert abs(one - other).max() <= bound, name


@pytest.mark.parametrize("images", [1, 33])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_networks(name, images):
    model = DOCUMENTS[name]()
    before = [layer for layer in model.layers if isinstance(layer, layers.Dropout)]
    for layer in before:
        layer.rate = 0.0  # it would draw anew in the second pass
    steps = fusion.steps(model.operations, model.input_shape, CPU, training=True)
    types = tuple(type(step) for step in steps if type(step) in STEPS)
    assert {FusedConvolution, FusedDense} <= set(types)
    assert (FusedNormalization in types) == (name == "explained")
    compare(model, images, types)


@pytest.mark.parametrize("channels", [1, 3, 6, 17])
@pytest.mark.parametrize("pool", [2, 3, (2, 1), (1, 3)])
@pytest.mark.parametrize("order", ["relu first", "pooling first", "no relu"])
def test_convolution_and_pooling(channels, pool, order):
    relu = [] if order == "no relu" else [layers.ReLU()]
    pooling = [layers.MaxPooling2D(pool)]
    between = pooling + relu if order == "pooling first" else relu + pooling
    for shape, padding, strides, filters, bias in [
        ((11, 13, channels), "valid", 1, 6, True),
        ((9, 8, channels), "same", 1, 17, False),
        ((17, 12, channels), (2, 0), (2, 1), 3, True),
        ((14, 19, channels), 1, (1, 3), 33, True),
    ]:
        conv = layers.Conv2D(filters, 3, strides, padding, use_bias=bias)
        compare(chain(channels, shape, conv, *between), 5)


@pytest.mark.parametrize("pool", [2, 3])
def test_batches_of_more_than_one_slice_and_rows_that_fill_no_window(pool):
    conv = layers.Conv2D(20, 3, activation="relu")
    compare(chain(0, (13, 10, 3), conv, layers.MaxPooling2D(pool)), 33)


@pytest.mark.parametrize("channels", [1, 5, 16, 33])
@pytest.mark.parametrize("rest", ["relu", "pool", "relu pool", "pool relu"])
def test_normalization_and_what_follows(channels, rest):
    kinds = {"relu": layers.ReLU, "pool": lambda: layers.MaxPooling2D((2, 3))}
    following = [kinds[word]() for word in rest.split()]
    model = chain(0, (7, 11, channels), layers.BatchNormalization(), *following)
    norm = model.layers[0]
    rng = np.random.default_rng(1)  # some are negative, and turn the largest into the smallest
    norm.set_weights([*rng.standard_normal((2, channels)), *norm.get_weights()[2:]])
    before = norm.get_weights()[2:]
    compare(model, 5, (FusedNormalization,))
    assert not any(map(np.array_equal, before, norm.get_weights()[2:]))  # the averages moved


def test_normalization_that_does_not_train_stays_plain():
    norm, relu = layers.BatchNormalization(), layers.ReLU()
    model = chain(0, (4, 4, 2), norm, relu)
    assert fusion.steps(model.operations, (4, 4, 2), CPU, training=False) == [norm, relu]


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("rest", ["", "relu", "pool", "relu pool", "pool relu"])
def test_inference_with_the_normalization_in_the_weights(rest, use_bias):
    """Each output is a sum of ``terms`` products, scaled and shifted, however it is computed."""
    kinds = {"relu": layers.ReLU, "pool": lambda: layers.MaxPooling2D(2)}
    following = [kinds[word]() for word in rest.split()]
    conv, norm = layers.Conv2D(6, 3, use_bias=use_bias), layers.BatchNormalization()
    model = chain(0, (9, 10, 3), conv, norm, *following)
    rng = np.random.default_rng(1)
    gamma, beta, mean, variance = rng.standard_normal((4, 6)).astype(np.float32)
    norm.set_weights([gamma, beta, mean, abs(variance)])
    x = rng.standard_normal((5, 9, 10, 3)).astype(np.float32)
    (step,) = fusion.inference(model.operations, model.input_shape, CPU)
    assert type(step) is InferringConvolution
    got, expected = step.forward(x), model.forward(x)
    kernel = abs(conv.get_weights()[0])
    sizes = 9 * 3 * kernel.max() * abs(x).max() + abs(mean).max() + 1
    scale = abs(gamma) / np.sqrt(abs(variance) + 1e-3)
    bound = 2 * (9 * 3 + 8) * U * (scale * sizes + abs(beta))
    assert (abs(got - expected) <= bound).all()
    np.testing.assert_array_equal(model.predict(x), got)


@pytest.mark.parametrize("images", [1, 33])
@pytest.mark.parametrize("activation", [None, "relu", "tanh"])
def test_residual_blocks_in_residual_blocks(activation, images):
    inner = layers.Residual([residual_block(5), layers.MaxPooling2D(2)], layers.Conv2D(5, 2, 2))
    outer = [layers.Conv2D(5, 3, padding="same"), layers.ReLU(), inner]
    model = chain(0, (9, 8, 5), layers.Residual(outer, layers.MaxPooling2D(2), activation))
    (step, *rest) = fusion.steps(model.operations, model.input_shape, CPU, training=True)
    assert step.relu == (activation == "relu") and len(rest) == (activation == "tanh")
    assert [type(one) for one in step.branches[0]] == [FusedConvolution, FusedResidual]
    compare(model, images, (FusedResidual,))


@pytest.mark.parametrize("images", [1, 33])
def test_convolution_and_relu(images):
    compare(chain(0, (7, 9, 3), layers.Conv2D(20, (2, 3), activation="relu")), images)


@pytest.mark.parametrize(
    "chained",
    [
        [layers.Conv2D(3, 3), layers.ReLU(), layers.MaxPooling2D(3, strides=2)],
        [layers.Conv2D(3, 2), layers.ReLU(), layers.MaxPooling2D(2, padding="same")],
        [layers.Conv2D(3, 3), layers.Tanh(), layers.MaxPooling2D(2)],
        [layers.Flatten(), layers.BatchNormalization(), layers.ReLU()],
    ],
    ids=["overlapping", "padded", "tanh", "normalised features"],
)
def test_what_does_not_fit_stays_plain(chained):
    model = chain(0, (8, 8, 1), *chained)
    steps = fusion.steps(model.operations, model.input_shape, CPU, training=True)
    assert not any(isinstance(step, FusedConvolution) and step.pool for step in steps)
    assert not any(type(step) is FusedNormalization for step in steps)


def test_other_classes_and_other_backends_stay_plain():
    class Louder(layers.Conv2D):
        def forward(self, x, training=False):
            return 2 * super().forward(x, training)

    own = chain(0, (8, 8, 1), Louder(3, 3), layers.ReLU())
    assert fusion.steps(own.operations, own.input_shape, CPU, training=True) == own.operations
    slow = Sequential([layers.Dense(3, activation="relu")], input_shape=(4,), device="reference")
    steps = fusion.steps(slow.operations, slow.input_shape, slow.backend, training=True)
    assert steps == slow.operations


def test_not_a_number_stays_visible():
    model = chain(0, (6, 6, 1), layers.Conv2D(2, 3, activation="relu"), layers.MaxPooling2D(2))
    x = np.zeros((2, 6, 6, 1), np.float32)
    x[1, 0, 0] = np.nan
    (step,) = fusion.steps(model.operations, model.input_shape, CPU, training=True)
    out = step.forward(x)
    assert np.isnan(out[1, 0, 0]).all()
    assert not np.isnan(out[0]).any() and not np.isnan(out[1, 1, 1]).any()


def test_layers_on_their_own_give_what_the_model_gives():
    model = DOCUMENTS["tutorial"]()
    x = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    expected = x
    for layer in model.layers:
        expected = layer(expected)
    np.testing.assert_array_equal(model.forward(x), expected)
    np.testing.assert_array_equal(model.predict(x), expected)


def test_a_step_of_training_has_the_same_bits_on_one_thread_and_on_two():
    rng = np.random.default_rng(0)
    x, y = rng.random((33, 28, 28, 1), np.float32), rng.integers(0, 3, 33)
    for make in (*DOCUMENTS.values(), lambda: residual(input_shape=(28, 28, 1))):
        results = []
        for threads in (1, 2):
            set_num_threads(threads)
            model = make()
            model.compile("adam")
            model.train_on_batch(x, y)
            results.append(model.get_weights())
        for one, other in zip(*results, strict=True):
            np.testing.assert_array_equal(one, other)


def test_predictions_do_not_depend_on_the_batch_size():
    model = everything()
    x = np.random.default_rng(0).random((100, 8, 7, 2))
    results = [model.predict(x, batch_size=size) for size in (1, 7, 1000)]
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])
