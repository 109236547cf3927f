"""Fused kernels of every backend that has them, against its plain kernels and the reference.

The outputs must be the plain kernels', bit for bit: a sum of another order would change an argmax
now and then. The gradients are then sums, of which `judge` knows the bounds, of the gradient that
the plain kernels expand exactly.
"""

import numpy as np
import pytest
from backends import BACKENDS
from drawn import channelled, channels, drawn, geometries, images, normal, seeds, shapes, sliding
from hypothesis import assume, given
from hypothesis import strategies as st
from judge import REFERENCE, check_within, on, run

from cnncourse import kernels
from cnncourse.kernels.contract import BLOCKED_BY_RELU, FUSED_SHAPES
from cnncourse.kernels.geometry import Geometry
from cnncourse.support.rounding import gamma

FUSING = [name for name in BACKENDS if hasattr(kernels.get(name), "fused_conv2d")]
pytestmark = pytest.mark.parametrize("backend", [kernels.get(name) for name in FUSING], ids=FUSING)
cells = st.tuples(st.integers(1, 3), st.integers(1, 3))


def side_by_side(pixels, window):
    """Windows side by side on the pixels."""
    assume(all(size >= cells for size, cells in zip(pixels, window, strict=True)))
    return Geometry.of(pixels, window, window, "valid")


def pooled(backend, values, pooling, relu):
    """By the plain kernels: output, and argmax, `BLOCKED_BY_RELU` where ReLU lets nothing by."""
    shape = (len(values), *pooling.output, values.shape[-1])
    out, argmax = run(backend, "max_pool2d", [values, pooling], [shape] * 2, [None, np.uint8])
    if relu:
        argmax[~(out > 0)] = BLOCKED_BY_RELU
        (out,) = run(backend, "relu", [out], [shape])
    return out, argmax


def expanded(gradient, argmax, pooling):
    """The gradient before the pooling: by the reference, which knows no `BLOCKED_BY_RELU`."""
    blocked = argmax == BLOCKED_BY_RELU
    shape = (len(gradient), *pooling.image, gradient.shape[-1])
    cells = np.where(blocked, 0, argmax).astype(np.uint8)
    inputs = [np.where(blocked, 0, gradient), cells, pooling]
    return run(REFERENCE, "max_pool2d_gradient", inputs, [shape])[0].astype(np.float32)


@drawn
@given(shape=shapes, seed=seeds)
def test_fused_add(backend, shape, seed):
    a, b = normal(seed, shape, shape)
    (total,) = run(backend, "add", [a, b], [shape])
    (expected,) = run(backend, "relu", [total], [shape])
    (got,) = run(backend, "fused_add", [a, b], [shape])
    np.testing.assert_array_equal(got, expected)
    a.flat[0] = np.nan
    out = backend.empty(shape)
    backend.fused_add(backend.asarray(a), backend.asarray(b), out)
    assert np.isnan(backend.to_numpy(out).flat[0])  # it stays visible


@drawn
@given(shape=channelled, seed=seeds, relu=st.booleans())
def test_fused_batch_norm_add(backend, shape, seed, relu):
    x, b = normal(seed, shape, shape)
    mean, variance, gamma_, beta = normal(seed + 1, *[shape[-1:]] * 4)
    b.flat[0] = np.nan  # it stays visible
    learned = [x, mean, abs(variance), gamma_, beta, 1e-3]
    (values,) = run(backend, "batch_norm", learned, [shape])
    out, expected = backend.empty(shape), backend.empty(shape)
    add = backend.fused_add if relu else backend.add
    add(backend.asarray(values), backend.asarray(b), expected)
    backend.fused_batch_norm_add(*(on(backend, a) for a in [*learned, b, relu]), out)
    np.testing.assert_array_equal(backend.to_numpy(out), backend.to_numpy(expected))


@drawn
@given(
    g=st.one_of(geometries(), sliding()),
    window=cells, n=images, c=channels, o=channels, seed=seeds, relu=st.booleans(),
)  # fmt: skip
def test_fused_convolution(backend, g, window, n, c, o, seed, relu):
    pooling = side_by_side(g.output, window)
    shape = (n, *pooling.output, o)
    x, kernel, bias, gradient = normal(seed, (n, *g.image, c), (*g.window, c, o), (o,), shape)
    (values,) = run(backend, "conv2d", [x, kernel, g], [(n, *g.output, o)])
    (values,) = run(backend, "add_bias", [values, bias], [values.shape])
    expected, cells = pooled(backend, values, pooling, relu)

    inputs = [x, kernel, bias, g, pooling, relu]
    out, argmax = backend.empty(shape), backend.empty(shape, np.uint8)
    backend.fused_conv2d(*(on(backend, a) for a in inputs), out, argmax)
    np.testing.assert_array_equal(backend.to_numpy(out), expected)
    np.testing.assert_array_equal(backend.to_numpy(argmax), cells)
    out = backend.empty(shape)
    backend.fused_conv2d(*(on(backend, a) for a in inputs), out, None)
    np.testing.assert_array_equal(backend.to_numpy(out), expected)

    before = expanded(gradient, cells, pooling)
    positions = n * g.output[0] * g.output[1]
    check_gradient(
        backend,
        "fused_bias_gradient",
        [gradient, cells],
        "bias_gradient",
        [before],
        (o,),
        positions,
    )
    check_gradient(
        backend, "fused_conv2d_kernel_gradient", [x, gradient, cells, g, pooling],
        "conv2d_kernel_gradient", [x, before, g], kernel.shape, positions,
    )  # fmt: skip
    check_gradient(
        backend, "fused_conv2d_input_gradient", [gradient, cells, kernel, None, g, pooling],
        "conv2d_input_gradient", [before, kernel, g], x.shape, o * g.window[0] * g.window[1],
    )  # fmt: skip
    alone, more = (
        run(backend, "fused_conv2d_input_gradient", [gradient, cells, kernel, addend, g, pooling],
            [x.shape])[0]
        for addend in (None, x)
    )  # fmt: skip
    np.testing.assert_array_equal(more, alone + x)  # as if it were added afterwards


@drawn
@given(g=st.one_of(geometries(), sliding()), n=images, c=channels, o=channels, seed=seeds)
def test_fused_convolution_of_which_nothing_was_blocked(backend, g, n, c, o, seed):
    """Without pooling and ReLU there is no argmax: `None` stands for it."""
    pooling = Geometry.of(g.output, (1, 1), (1, 1), "valid")
    x, kernel, gradient = normal(seed, (n, *g.image, c), (*g.window, c, o), (n, *g.output, o))
    given_ = [on(backend, a) for a in [x, gradient, None, g, pooling]]
    out, plain = backend.empty(kernel.shape), backend.empty(kernel.shape)
    backend.fused_conv2d_kernel_gradient(*given_, out)
    backend.conv2d_kernel_gradient(*(on(backend, a) for a in [x, gradient, g]), plain)
    np.testing.assert_array_equal(backend.to_numpy(out), backend.to_numpy(plain))


@drawn
@given(
    image=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    window=cells, n=images, c=channels, seed=seeds, relu=st.booleans(),
)  # fmt: skip
def test_fused_batch_norm(backend, image, window, n, c, seed, relu):
    pooling = side_by_side(image, window)
    shape = (n, *pooling.output, c)
    x, gradient = normal(seed, (n, *image, c), shape)
    mean, variance, gamma_, beta = normal(seed + 1, *[(c,)] * 4)
    learned = [mean, abs(variance), gamma_, beta, 1e-3]
    (values,) = run(backend, "batch_norm", [x, *learned], [x.shape])
    expected, cells = pooled(backend, values, pooling, relu)
    out, argmax = backend.empty(shape), backend.empty(shape, np.uint8)
    backend.fused_batch_norm(*(on(backend, a) for a in [x, *learned, pooling, relu]), out, argmax)
    np.testing.assert_array_equal(backend.to_numpy(out), expected)
    np.testing.assert_array_equal(backend.to_numpy(argmax), cells)

    # the same formula on the same gradient: only the order of the sums may differ
    before = expanded(gradient, cells, pooling)
    learned = [mean, abs(variance), gamma_, 1e-3]
    outputs = [x.shape, (c,), (c,)]
    plain = run(backend, "batch_norm_gradient", [before, x, *learned], outputs)
    inputs = [on(backend, a) for a in [gradient, cells, x, *learned, pooling]]
    got = [backend.empty(shape) for shape in outputs]
    backend.fused_batch_norm_gradient(*inputs, *got)
    scale = 1 / np.sqrt(abs(variance) + 1e-3)
    sizes, apart = abs(before).astype(float), (abs(x) + abs(mean)) * scale
    count = n * image[0] * image[1]
    bounds = [None, (sizes * apart).sum((0, 1, 2)), sizes.sum((0, 1, 2))]
    bounds[0] = abs(gamma_) * scale * (sizes + (bounds[2] + apart * bounds[1]) / count)
    for name, one, other, bound in zip(
        ("out", "gamma_gradient", "beta_gradient"), got, plain, bounds, strict=True
    ):
        check_within(backend.to_numpy(one), other, 4 * gamma(count + 8) * bound, name)


def check_gradient(backend, name, inputs, plain, plain_inputs, shape, terms):
    """The fused gradient is, cell by cell, the plain one of the expanded gradient."""
    (got,) = run(backend, name, inputs, [shape])
    (expected,) = run(REFERENCE, plain, plain_inputs, [shape])
    sizes = [abs(a) if isinstance(a, np.ndarray) else a for a in plain_inputs]
    (bound,) = run(REFERENCE, plain, sizes, [shape])
    check_within(got, expected, gamma(terms) * bound, name)


def test_an_argmax_may_be_missing_where_the_contract_says_so(backend):
    g = Geometry.of((4, 4), (1, 1), (1, 1), "valid")
    maps, channel = backend.asarray(np.ones((2, 4, 4, 3))), backend.asarray(np.ones(3))
    backend.fused_bias_gradient(maps, None, channel)
    np.testing.assert_array_equal(backend.to_numpy(channel), 32)
    two = Geometry.of((4, 4), (2, 2), (2, 2), "valid")
    half, kernel = backend.asarray(np.ones((2, 2, 2, 3))), backend.asarray(np.ones((1, 1, 3, 3)))
    with pytest.raises(ValueError, match="argmax is None, which a gradient of pooling needs"):
        backend.fused_conv2d_input_gradient(half, None, kernel, None, g, two, maps)
    rest = maps, channel, channel, channel, 1e-3, g, maps, channel, channel
    with pytest.raises(TypeError, match="fused_batch_norm_gradient: argmax is None, expected an"):
        backend.fused_batch_norm_gradient(maps, None, *rest)


def test_a_backend_has_all_of_them_or_none(backend):
    assert all(hasattr(backend, name) for name in FUSED_SHAPES)
