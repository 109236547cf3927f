"""Depthwise convolution and its gradients of every backend against the reference."""

import numpy as np
from backends import SLOW, every_backend
from drawn import channels, drawn, geometries, images, normal, seeds
from hypothesis import given
from hypothesis import strategies as st
from judge import REFERENCE, check_sum, run

from cnncourse.kernels.geometry import Geometry

pytestmark = every_backend
multipliers = st.sampled_from([1, 1, 1, 2, 3])


def shapes_of(backend, g, n, c, m):
    """The shapes of images, kernel and output; small ones where numbers take their time."""
    if SLOW[backend.name]:
        n, c = 1, min(c, 6)
    return (n, *g.image, c), (*g.window, c, m), (n, *g.output, c, m)


@drawn
@given(g=geometries(dilated=True), n=images, c=channels, m=multipliers, seed=seeds)
def test_depthwise_conv2d(backend, g, n, c, m, seed):
    *inputs, output = shapes_of(backend, g, n, c, m)
    cells = g.window[0] * g.window[1]
    check_sum(backend, "depthwise_conv2d", [*normal(seed, *inputs), g], output, cells)


@drawn
@given(g=geometries(dilated=True), n=images, c=channels, m=multipliers, seed=seeds)
def test_depthwise_conv2d_input_gradient(backend, g, n, c, m, seed):
    x, kernel, output = shapes_of(backend, g, n, c, m)
    inputs = [*normal(seed, output, kernel), g]
    cells = g.window[0] * g.window[1]
    check_sum(backend, "depthwise_conv2d_input_gradient", inputs, x, cells * m)


@drawn
@given(g=geometries(dilated=True), n=images, c=channels, m=multipliers, seed=seeds)
def test_depthwise_conv2d_kernel_gradient(backend, g, n, c, m, seed):
    x, kernel, output = shapes_of(backend, g, n, c, m)
    inputs = [*normal(seed, x, output), g]
    positions = output[0] * g.output[0] * g.output[1]
    check_sum(backend, "depthwise_conv2d_kernel_gradient", inputs, kernel, positions)


def test_wide_maps_and_many_channels(backend):
    """More columns than a register block holds, more channels than two vectors, several bands."""
    if SLOW[backend.name]:
        image, c = (6, 33), 5
    else:
        image, c = (70, 61), 80
    for m, strides, dilation in [(1, (1, 1), (1, 1)), (2, (2, 3), (1, 1)), (1, (1, 2), (3, 4))]:
        g = Geometry.of(image, (3, 3), strides, "same", dilation)
        x, kernel, gradient = normal(m, (2, *image, c), (3, 3, c, m), (2, *g.output, c, m))
        positions = 2 * g.output[0] * g.output[1]
        check_sum(backend, "depthwise_conv2d", [x, kernel, g], gradient.shape, 9)
        back = [gradient, kernel, g]
        check_sum(backend, "depthwise_conv2d_input_gradient", back, x.shape, 9 * m)
        back = [x, gradient, g]
        check_sum(backend, "depthwise_conv2d_kernel_gradient", back, kernel.shape, positions)


def test_each_filter_by_itself_is_an_ordinary_convolution(backend):
    """The reference itself beside another definition: one channel, convolved by one filter."""
    g = Geometry.of((6, 7), (3, 2), (2, 1), "same", (1, 2))
    x, kernel = normal(0, (2, 6, 7, 3), (3, 2, 3, 2))
    for on in REFERENCE, backend:
        (out,) = run(on, "depthwise_conv2d", [x, kernel, g], [(2, *g.output, 3, 2)])
        for c, m in np.ndindex(3, 2):
            alone = [x[..., c : c + 1].copy(), kernel[:, :, c : c + 1, m : m + 1].copy(), g]
            (expected,) = run(REFERENCE, "conv2d", alone, [(2, *g.output, 1)])
            np.testing.assert_allclose(out[..., c, m], expected[..., 0], atol=1e-5)
