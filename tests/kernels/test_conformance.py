"""The one suite that every backend must pass: each kernel against the NumPy reference.

Geometries are drawn by hypothesis, outputs are poisoned, tolerances are derived (``judge.py``).
"""

import inspect

import numpy as np
import pytest
from drawn import channels, geometries, normal, seeds, tie_free
from hypothesis import given, settings
from hypothesis import strategies as st
from judge import REFERENCE, U, check_sum, check_within, run

from cnncourse import kernels
from cnncourse.kernels.contract import SHAPES

BACKENDS = [name for name in kernels.DEVICES if name != "reference"]
images = st.integers(1, 3)
drawn = settings(max_examples=60, deadline=None)  # a first call compiles, so no deadline

pytestmark = pytest.mark.parametrize(
    "backend", [kernels.get(name) for name in BACKENDS], ids=BACKENDS
)


def test_provides_the_whole_contract(backend):
    for name in SHAPES:
        assert inspect.signature(getattr(backend, name)) == inspect.signature(
            getattr(REFERENCE, name)
        ), name


def test_a_wrong_shape_is_refused_before_anything_is_written(backend):
    x, kernel = map(backend.asarray, normal(0, (4, 6), (5, 3)))
    out = backend.asarray(np.zeros((4, 3)))
    with pytest.raises(ValueError, match=r"dense: kernel has shape \(5, 3\), expected F × K"):
        backend.dense(x, kernel, out)
    assert not backend.to_numpy(out).any()


@drawn
@given(g=geometries(), n=images, c=channels, o=channels, seed=seeds)
def test_conv2d(backend, g, n, c, o, seed):
    x, kernel = normal(seed, (n, *g.image, c), (*g.window, c, o))
    terms = g.window[0] * g.window[1] * c
    check_sum(backend, "conv2d", [x, kernel, g], (n, *g.output, o), terms)


@drawn
@given(g=geometries(), n=images, c=channels, o=channels, seed=seeds)
def test_conv2d_input_gradient(backend, g, n, c, o, seed):
    gradient, kernel = normal(seed, (n, *g.output, o), (*g.window, c, o))
    terms = g.window[0] * g.window[1] * o
    inputs = [gradient, kernel, g]
    check_sum(backend, "conv2d_input_gradient", inputs, (n, *g.image, c), terms)


@drawn
@given(g=geometries(), n=images, c=channels, o=channels, seed=seeds)
def test_conv2d_kernel_gradient(backend, g, n, c, o, seed):
    x, gradient = normal(seed, (n, *g.image, c), (n, *g.output, o))
    terms = n * g.output[0] * g.output[1]
    inputs = [x, gradient, g]
    check_sum(backend, "conv2d_kernel_gradient", inputs, (*g.window, c, o), terms)


@drawn
@given(g=geometries(pads_below_window=True), n=images, c=channels, seed=seeds)
def test_max_pool2d(backend, g, n, c, seed):
    # all below zero: padding that counted as zero would win
    x = -abs(tie_free(seed, (n, *g.image, c))) - 1
    shape = (n, *g.output, c)
    got = run(backend, "max_pool2d", [x, g], [shape, shape], [None, np.uint8])
    expected = run(REFERENCE, "max_pool2d", [x, g], [shape, shape], [None, np.uint8])
    np.testing.assert_array_equal(got[0], expected[0])
    np.testing.assert_array_equal(got[1], expected[1])


@drawn
@given(g=geometries(pads_below_window=True), n=images, c=channels, seed=seeds)
def test_max_pool2d_takes_the_first_of_equals(backend, g, n, c, seed):
    x = np.random.default_rng(seed).integers(0, 2, (n, *g.image, c)).astype(np.float32)
    shape = (n, *g.output, c)
    got = run(backend, "max_pool2d", [x, g], [shape, shape], [None, np.uint8])
    expected = run(REFERENCE, "max_pool2d", [x, g], [shape, shape], [None, np.uint8])
    np.testing.assert_array_equal(got[1], expected[1])


@drawn
@given(g=geometries(pads_below_window=True), n=images, c=channels, seed=seeds)
def test_max_pool2d_gradient(backend, g, n, c, seed):
    x, shape = tie_free(seed, (n, *g.image, c)), (n, *g.output, c)
    _, winners = run(REFERENCE, "max_pool2d", [x, g], [shape, shape], [None, np.uint8])
    (gradient,) = normal(seed, shape)

    def inputs(on, values):  # winners are whole numbers, which asarray would turn into floats
        room = on.empty(shape, np.uint8)
        room[...] = winners
        return on.asarray(values), room, g, on.asarray(np.full(x.shape, np.nan))

    results = []
    for on, values in [(backend, gradient), (REFERENCE, gradient), (REFERENCE, abs(gradient))]:
        arguments = inputs(on, values)
        on.max_pool2d_gradient(*arguments)
        results.append(np.array(on.to_numpy(arguments[-1])))
    got, expected, bound = results
    check_within(got, expected, g.window[0] * g.window[1] * U * bound, "max_pool2d_gradient")


def test_max_pool2d_counts_the_cells_of_a_large_window(backend):
    """More cells than a byte can count: layers then ask for wider winners."""
    from cnncourse.kernels.geometry import Geometry

    g = Geometry.of((20, 20), (20, 20), (1, 1), "valid")
    x = np.zeros((1, 20, 20, 1), np.float32)
    x[0, 19, 18] = 1
    out, winners = backend.asarray(np.zeros((1, 1, 1, 1))), backend.empty((1, 1, 1, 1), np.uint16)
    backend.max_pool2d(backend.asarray(x), g, out, winners)
    assert int(backend.to_numpy(winners)[0, 0, 0, 0]) == 19 * 20 + 18


@drawn
@given(n=st.integers(1, 40), f=st.integers(1, 70), k=st.integers(1, 20), seed=seeds)
def test_dense(backend, n, f, k, seed):
    x, kernel, gradient = normal(seed, (n, f), (f, k), (n, k))
    check_sum(backend, "dense", [x, kernel], (n, k), f)
    check_sum(backend, "dense_input_gradient", [gradient, kernel], (n, f), k)
    check_sum(backend, "dense_kernel_gradient", [x, gradient], (f, k), n)


@drawn
@given(shape=st.lists(st.integers(1, 7), min_size=2, max_size=4).map(tuple), seed=seeds)
def test_bias(backend, shape, seed):
    x, bias = normal(seed, shape, shape[-1:])
    (got,) = run(backend, "add_bias", [x, bias], [shape])
    check_within(got, x.astype(float) + bias, U * abs(x.astype(float) + bias), "add_bias")
    check_sum(backend, "bias_gradient", [x], shape[-1:], int(np.prod(shape[:-1])))


@drawn
@given(shape=st.lists(st.integers(1, 7), min_size=1, max_size=4).map(tuple), seed=seeds)
def test_relu(backend, shape, seed):
    x, gradient = normal(seed, shape, shape)
    x.flat[0] = 0  # the kink
    (y,) = run(backend, "relu", [x], [shape])
    np.testing.assert_array_equal(y, np.maximum(x, 0))
    (got,) = run(backend, "relu_gradient", [gradient, y], [shape])
    np.testing.assert_array_equal(got, np.where(x > 0, gradient, 0))


def test_not_a_number_stays_visible(backend):
    """A fault that pooling or ReLU swallowed would look like a dead network."""
    from cnncourse.kernels.geometry import Geometry

    for place in range(4):
        x = np.array([-1, 2, -3, 4], np.float32)
        x[place] = np.nan
        out = backend.asarray(np.zeros(4))
        backend.relu(backend.asarray(x), out)
        assert np.isnan(backend.to_numpy(out)).tolist() == np.isnan(x).tolist()
        g = Geometry.of((2, 2), (2, 2), (2, 2), "valid")
        out, winners = backend.asarray(np.zeros((1, 1, 1, 1))), backend.empty((1,) * 4, np.uint8)
        backend.max_pool2d(backend.asarray(x.reshape(1, 2, 2, 1)), g, out, winners)
        assert np.isnan(backend.to_numpy(out)).all()
        assert backend.to_numpy(winners).item() == place


def scores(n, k, size, seed):
    """Scores up to ``size`` and random targets, soft and one-hot rows mixed."""
    rng = np.random.default_rng(seed)
    logits = (rng.uniform(-size, size, (n, k))).astype(np.float32)
    targets = np.eye(k, dtype=np.float32)[rng.integers(0, k, n)]
    targets[: n // 2] = rng.dirichlet(np.ones(k), n // 2)
    return logits, targets


def exponent_error(logits):
    """How far exp(logit − highest) / Σ may be off, relative, for each row: (N, 1).

    Rounding the exponent by u·|exponent| moves exp by the same relative amount, in the numerator
    and in the sum; exp itself is right to 4 u, the sum of K terms to K u, the division to u.
    """
    spread = np.ptp(logits.astype(float), axis=1, keepdims=True)
    return U * (2 * spread + 8 + logits.shape[1] + 2)


many_scores = given(
    n=st.integers(1, 9), k=st.integers(1, 12), size=st.sampled_from([1.0, 30.0, 1e4]), seed=seeds
)


@drawn
@many_scores
def test_softmax(backend, n, k, size, seed):
    logits, _ = scores(n, k, size, seed)
    (got,) = run(backend, "softmax", [logits], [(n, k)])
    (expected,) = run(REFERENCE, "softmax", [logits], [(n, k)])
    tiny = np.finfo(np.float32).tiny  # below it, float32 has no full precision
    check_within(got, expected, exponent_error(logits) * expected + tiny, "softmax")

    (gradient,) = normal(seed, (n, k))
    inputs = [gradient, expected.astype(np.float32)]
    (got,) = run(backend, "softmax_gradient", inputs, [(n, k)])
    (exact,) = run(REFERENCE, "softmax_gradient", inputs, [(n, k)])
    size = abs(inputs[0]).max(axis=1, keepdims=True).astype(float)  # bounds the mean too
    check_within(got, exact, U * (k + 3) * 2 * size * inputs[1] + tiny, "softmax_gradient")


@drawn
@many_scores
def test_softmax_cross_entropy(backend, n, k, size, seed):
    logits, targets = scores(n, k, size, seed)
    inputs, outputs = [logits, targets], [(n,), (n, k)]
    losses, gradient = run(backend, "softmax_cross_entropy", inputs, outputs)
    exact_losses, exact_gradient = run(REFERENCE, "softmax_cross_entropy", inputs, outputs)
    # log Σ inherits the sum's relative error; it and its difference to a logit round once each
    log_error = exponent_error(logits) + 6 * U * (abs(logits).max(axis=1, keepdims=True) + k)
    weight = targets.sum(axis=1).astype(float)
    spread = np.ptp(logits.astype(float), axis=1) + np.log(k)
    tolerance = weight * (log_error[:, 0] + U * (k + 2) * spread)
    check_within(losses, exact_losses, tolerance, "softmax_cross_entropy losses")
    tolerance = (log_error + (k + 8) * U) * 2 / n
    check_within(gradient, exact_gradient, tolerance, "softmax_cross_entropy gradient")


@drawn
@given(
    shape=st.lists(st.integers(1, 7), min_size=1, max_size=4).map(tuple),
    rate=st.floats(1e-5, 10),
    seed=seeds,
)
def test_sgd_step(backend, shape, rate, seed):
    parameter, gradient = normal(seed, shape, shape)
    changed = backend.asarray(parameter.copy())
    backend.sgd_step(changed, backend.asarray(gradient), rate)
    step = rate * gradient.astype(float)
    # the rate, the product and the difference are rounded once each
    tolerance = U * (2.01 * abs(step) + abs(parameter - step) + abs(step) * 3 * U)
    check_within(backend.to_numpy(changed), parameter - step, tolerance, "sgd_step")
