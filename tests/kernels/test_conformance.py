"""The one suite that every backend must pass: each kernel against the NumPy reference.

Geometries are drawn by hypothesis, outputs are poisoned, tolerances are derived (``judge.py``).
"""

import inspect

import numpy as np
import pytest
from backends import SLOW, every_backend
from drawn import (
    channelled,
    channels,
    drawn,
    geometries,
    images,
    normal,
    seeds,
    shapes,
    sliding,
    tie_free,
)
from hypothesis import given
from hypothesis import strategies as st
from judge import REFERENCE, check_sum, check_within, run

from cnncourse.kernels.contract import SHAPES
from cnncourse.kernels.geometry import Geometry
from cnncourse.support.rounding import UNIT_ROUNDOFF as U

pytestmark = every_backend
fill = st.sampled_from([1, 3, 4, 5, 8, 16, 17, 32, 48])  # whole vectors, of any CPU, and others


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


def test_an_argmax_of_floats_is_refused(backend):
    g = Geometry.of((2, 2), (2, 2), (2, 2), "valid")
    x, out, argmax = map(backend.asarray, normal(0, (1, 2, 2, 1), (1, 1, 1, 1), (1, 1, 1, 1)))
    with pytest.raises(ValueError, match="max_pool2d: argmax is float"):
        backend.max_pool2d(x, g, out, argmax)


@drawn
@given(g=geometries(dilated=True), n=images, c=channels, o=channels, seed=seeds)
def test_conv2d(backend, g, n, c, o, seed):
    x, kernel = normal(seed, (n, *g.image, c), (*g.window, c, o))
    terms = g.window[0] * g.window[1] * c
    check_sum(backend, "conv2d", [x, kernel, g], (n, *g.output, o), terms)


@drawn
@given(g=geometries(dilated=True), n=images, c=channels, o=channels, seed=seeds)
def test_conv2d_input_gradient(backend, g, n, c, o, seed):
    gradient, kernel = normal(seed, (n, *g.output, o), (*g.window, c, o))
    terms = g.window[0] * g.window[1] * o
    inputs = [gradient, kernel, g]
    check_sum(backend, "conv2d_input_gradient", inputs, (n, *g.image, c), terms)


@drawn
@given(
    height=st.integers(1, 6), width=st.integers(12, 45), window=st.integers(1, 7),
    padding=st.integers(0, 3), c=st.integers(1, 3), o=st.sampled_from([16, 20, 32]), seed=seeds,
)  # fmt: skip
def test_conv2d_input_gradient_of_wide_images(backend, height, width, window, padding, c, o, seed):
    """Of few channels, as in a first layer, and wide enough for whole vectors of pixels."""
    if SLOW[backend.name]:
        height, window = 1, min(window, 2)
    g = Geometry.of((height, width), (min(height, window), window), (1, 1), (0, padding))
    gradient, kernel = normal(seed, (2, *g.output, o), (*g.window, c, o))
    terms = g.window[0] * g.window[1] * o
    inputs = [gradient, kernel, g]
    check_sum(backend, "conv2d_input_gradient", inputs, (2, *g.image, c), terms)


@drawn
@given(g=sliding(), n=images, c=fill, o=fill, seed=seeds)
def test_convolutions_of_windows_that_slide(backend, g, n, c, o, seed):
    if SLOW[backend.name]:
        n, c, o = 1, min(c, 4), min(o, 5)
    x, kernel, gradient = normal(seed, (n, *g.image, c), (*g.window, c, o), (n, *g.output, o))
    cells = g.window[0] * g.window[1]
    check_sum(backend, "conv2d", [x, kernel, g], (n, *g.output, o), cells * c)
    check_sum(backend, "conv2d_input_gradient", [gradient, kernel, g], x.shape, cells * o)
    positions = n * g.output[0] * g.output[1]
    check_sum(backend, "conv2d_kernel_gradient", [x, gradient, g], kernel.shape, positions)


@drawn
@given(g=geometries(dilated=True), n=images, c=channels, o=channels, seed=seeds)
def test_conv2d_kernel_gradient(backend, g, n, c, o, seed):
    x, gradient = normal(seed, (n, *g.image, c), (n, *g.output, o))
    terms = n * g.output[0] * g.output[1]
    inputs = [x, gradient, g]
    check_sum(backend, "conv2d_kernel_gradient", inputs, (*g.window, c, o), terms)


@drawn
@given(g=geometries(pads_below_window=True), n=images, c=channels, seed=seeds)
def test_max_pool2d(backend, g, n, c, seed):
    # all below zero: padding that counted as zero would be the largest
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
    _, argmax = run(REFERENCE, "max_pool2d", [x, g], [shape, shape], [None, np.uint8])
    (gradient,) = normal(seed, shape)

    def inputs(on, values):  # asarray would turn the argmax into floats
        room = on.empty(shape, np.uint8)
        room[...] = argmax
        return on.asarray(values), room, g, on.asarray(np.full(x.shape, np.nan))

    results = []
    for on, values in [(backend, gradient), (REFERENCE, gradient), (REFERENCE, abs(gradient))]:
        arguments = inputs(on, values)
        on.max_pool2d_gradient(*arguments)
        results.append(np.array(on.to_numpy(arguments[-1])))
    got, expected, bound = results
    check_within(got, expected, g.window[0] * g.window[1] * U * bound, "max_pool2d_gradient")


def test_max_pool2d_counts_the_cells_of_a_large_window(backend):
    """More cells than a byte can count: layers then ask for a wider argmax."""
    from cnncourse.kernels.geometry import Geometry

    g = Geometry.of((20, 20), (20, 20), (1, 1), "valid")
    x = np.zeros((1, 20, 20, 1), np.float32)
    x[0, 19, 18] = 1
    out, argmax = backend.asarray(np.zeros((1, 1, 1, 1))), backend.empty((1, 1, 1, 1), np.uint16)
    backend.max_pool2d(backend.asarray(x), g, out, argmax)
    assert int(backend.to_numpy(argmax)[0, 0, 0, 0]) == 19 * 20 + 18


@drawn
@given(n=st.integers(1, 40), f=st.integers(1, 70), k=st.integers(1, 20), seed=seeds)
def test_dense(backend, n, f, k, seed):
    x, kernel, gradient = normal(seed, (n, f), (f, k), (n, k))
    check_sum(backend, "dense", [x, kernel], (n, k), f)
    check_sum(backend, "dense_input_gradient", [gradient, kernel], (n, f), k)
    check_sum(backend, "dense_kernel_gradient", [x, gradient], (f, k), n)


@drawn
@given(shape=channelled, seed=seeds)
def test_bias(backend, shape, seed):
    x, bias = normal(seed, shape, shape[-1:])
    (got,) = run(backend, "add_bias", [x, bias], [shape])
    check_within(got, x.astype(float) + bias, U * abs(x.astype(float) + bias), "add_bias")
    check_sum(backend, "bias_gradient", [x], shape[-1:], int(np.prod(shape[:-1])))


@drawn
@given(shape=shapes, seed=seeds)
def test_relu(backend, shape, seed):
    x, gradient = normal(seed, shape, shape)
    x.flat[0] = 0  # the kink
    (y,) = run(backend, "relu", [x], [shape])
    np.testing.assert_array_equal(y, np.maximum(x, 0))
    (got,) = run(backend, "relu_gradient", [gradient, y], [shape])
    np.testing.assert_array_equal(got, np.where(x > 0, gradient, 0))


def test_nan_stays_visible(backend):
    """A fault that pooling or ReLU swallowed would look like a dead network."""
    from cnncourse.kernels.geometry import Geometry

    for index in range(4):
        x = np.array([-1, 2, -3, 4], np.float32)
        x[index] = np.nan
        out = backend.asarray(np.zeros(4))
        backend.relu(backend.asarray(x), out)
        assert np.isnan(backend.to_numpy(out)).tolist() == np.isnan(x).tolist()
        g = Geometry.of((2, 2), (2, 2), (2, 2), "valid")
        out, argmax = backend.asarray(np.zeros((1, 1, 1, 1))), backend.empty((1,) * 4, np.uint8)
        backend.max_pool2d(backend.asarray(x.reshape(1, 2, 2, 1)), g, out, argmax)
        assert np.isnan(backend.to_numpy(out)).all()
        assert backend.to_numpy(argmax).item() == index
