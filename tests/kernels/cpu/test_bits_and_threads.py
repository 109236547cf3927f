"""Kernels that share out rows or sums give the same bits, whatever the number of threads."""

import numpy as np
import pytest
from numba import get_num_threads, set_num_threads

from cnncourse import kernels
from cnncourse.kernels.geometry import Geometry

CPU = kernels.get("cpu")
WINDOWS = {"apart": ((2, 2), (2, 2), "valid"), "overlapping": ((3, 2), (2, 1), "same")}
rng = np.random.default_rng(0)


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def unwritten(*shape):
    return np.full(shape, np.nan, np.float32)


def calls(channels):
    """Kernels with their inputs, and the shapes of their outputs."""
    x, gradient, gamma = normal(7, 13, 11, channels), normal(7, 13, 11, channels), (channels,)
    moments = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
    yield "sigmoid", (x,), [x.shape]
    yield "tanh", (x,), [x.shape]
    yield "batch_moments", (x,), [gamma, gamma]
    inputs = gradient, x, *moments, normal(channels), 1e-3
    yield "batch_norm_gradient", inputs, [x.shape, gamma, gamma]
    yield "batch_norm", (x, *inputs[2:5], normal(channels), 1e-3), [x.shape]
    yield "layer_norm", (x, normal(channels), normal(channels), 1e-3), [x.shape]
    yield "layer_norm_gradient", (gradient, x, normal(channels), 1e-3), [x.shape, gamma, gamma]
    yield "bias_gradient", (gradient,), [gamma]
    yield (
        "fused_batch_norm_add",
        (x, *inputs[2:5], normal(channels), 1e-3, gradient, True),
        [x.shape],
    )
    for image in (9, 11), (5, 6), (30, 34):  # few positions, a narrow map, and many
        geometry = Geometry.of(image, (3, 3), (1, 1), "same")
        pooling = Geometry.of(image, (2, 2), (2, 2), "valid")
        maps = normal(7, *image, channels)
        for filters in 3, 32:
            kernel, share = normal(3, 3, channels, filters), normal(7, *pooling.output, filters)
            bias = normal(filters)
            y, both = normal(7, *image, filters), (geometry, pooling)
            yield "conv2d", (maps, kernel, geometry), [y.shape]
            yield "conv2d_input_gradient", (y, kernel, geometry), [maps.shape]
            yield "conv2d_kernel_gradient", (maps, y, geometry), [kernel.shape]
            argmax = np.zeros(share.shape, np.uint8)
            yield "fused_conv2d_kernel_gradient", (maps, share, argmax, *both), [kernel.shape]
            inputs = share, argmax, kernel, maps, *both
            yield "fused_conv2d_input_gradient", inputs, [maps.shape]
            # without an argmax, which would be an output of another type
            yield "fused_conv2d", (maps, kernel, bias, *both, True), [share.shape], None
    for window, strides, padding in WINDOWS.values():
        geometry = Geometry.of((13, 11), window, strides, padding)
        y, weights = (7, *geometry.output, channels), abs(normal(*window))
        yield "average_pool2d", (x, weights, geometry), [y]
        yield "average_pool2d_gradient", (normal(*y), weights, geometry), [x.shape]


@pytest.mark.parametrize("channels", [1, 3, 16, 40])  # less than a vector, one, and some more
def test_same_bits(channels):
    before = get_num_threads()
    for name, inputs, shapes, *more in calls(channels):
        results = []
        try:
            for threads in 1, min(2, before):
                set_num_threads(threads)
                outputs = [unwritten(*shape) for shape in shapes]
                getattr(CPU, name)(*inputs, *outputs, *more)
                results.append(outputs)
        finally:
            set_num_threads(before)
        for one, two in zip(*results, strict=True):
            np.testing.assert_array_equal(one, two, err_msg=name)
            assert np.isfinite(one).all(), name
