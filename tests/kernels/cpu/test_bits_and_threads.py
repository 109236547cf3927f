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
    for window, strides, padding in WINDOWS.values():
        geometry = Geometry.of((13, 11), window, strides, padding)
        y, weights = (7, *geometry.output, channels), abs(normal(*window))
        yield "average_pool2d", (x, weights, geometry), [y]
        yield "average_pool2d_gradient", (normal(*y), weights, geometry), [x.shape]


@pytest.mark.parametrize("channels", [3, 16, 40])  # less than a vector, vectors, and some more
def test_same_bits(channels):
    before = get_num_threads()
    for name, inputs, shapes in calls(channels):
        results = []
        try:
            for threads in 1, min(2, before):
                set_num_threads(threads)
                outputs = [unwritten(*shape) for shape in shapes]
                getattr(CPU, name)(*inputs, *outputs)
                results.append(outputs)
        finally:
            set_num_threads(before)
        for one, two in zip(*results, strict=True):
            np.testing.assert_array_equal(one, two, err_msg=name)
            assert np.isfinite(one).all(), name
