"""Convolutions whose sums are pooled before they leave the registers, on the CPU.

They must have the bits of the three kernels in whose place they are: an argmax turns on them.
"""

import numpy as np
import pytest
from drawn import normal

from cnncourse import kernels
from cnncourse.kernels.contract import BLOCKED_BY_RELU
from cnncourse.kernels.cpu.convolution_pooled import LEAST_COLUMNS, pooled_way
from cnncourse.kernels.cpu.patches import NARROW
from cnncourse.kernels.cpu.simd.pooled_kernel import columns_of
from cnncourse.kernels.cpu.simd.vector_width import BLOCK_VECTORS, VECTOR_WIDTH
from cnncourse.kernels.geometry import Geometry

CPU = kernels.get("cpu")
POOLS = [(2, 2), (1, 2), (2, 1), (1, 3), (3, 1), (3, 2), (3, 3)]
FITTING = [pool for pool in POOLS if columns_of(*pool, BLOCK_VECTORS) >= LEAST_COLUMNS]
SIZES = [(1, VECTOR_WIDTH), (3, 2 * VECTOR_WIDTH), (5, 3 * VECTOR_WIDTH)]  # channels, filters
WINDOWS = [((3, 3), (1, 1), "same"), ((2, 5), (1, 2), "valid"), ((1, 1), (2, 1), (1, 1))]


@pytest.mark.parametrize("pool", FITTING, ids=str)
@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("relu", [True, False], ids=["relu", "linear"])
def test_cpu_pooled_sums_have_the_bits_of_plain_kernels(pool, window, relu):
    for channels, filters in SIZES:
        g = Geometry.of((11, 2 * NARROW + 9), *window)
        pooling = Geometry.of(g.output, pool, pool, "valid")  # some leave pixels over
        x, kernel, bias = normal(
            0, (3, *g.image, channels), (*g.window, channels, filters), (filters,)
        )
        x[0, 4, 5, 0] = np.nan
        x[1, :, :, :] = 1  # of equals, the first counts
        maps, small = (3, *g.output, filters), (3, *pooling.output, filters)
        out, plain = CPU.empty(maps), CPU.empty(maps)
        CPU.conv2d(x, kernel, g, plain)
        CPU.add_bias(plain, bias, out)
        expected, cells = CPU.empty(small), CPU.empty(small, np.uint8)
        CPU.max_pool2d(out, pooling, expected, cells)
        if relu:
            cells[~(expected > 0)] = BLOCKED_BY_RELU
            expected = np.where(expected < 0, 0, expected)
        got, argmax = np.full(small, 7, np.float32), np.full(small, 99, np.uint8)
        CPU.fused_conv2d(x, kernel, bias, g, pooling, relu, got, argmax)
        np.testing.assert_array_equal(got, expected)
        np.testing.assert_array_equal(argmax, cells)
        again = np.full(small, 7, np.float32)
        CPU.fused_conv2d(x, kernel, bias, g, pooling, relu, again, None)
        np.testing.assert_array_equal(again, expected)


def test_cpu_pooled_where_it_may():
    wide = Geometry.of((20, 20), (3, 3), (1, 1), "same")
    narrow = Geometry.of((NARROW, NARROW), (3, 3), (1, 1), "same")
    assert FITTING, "each CPU has room for some pooling"
    pool, filters = FITTING[-1], 2 * VECTOR_WIDTH
    assert pooled_way(pool, wide, 1, filters, False)[0]
    assert pooled_way(pool, wide, 1, filters, True)[0]
    assert not pooled_way(pool, wide, 2, filters, True)[0], "its sums go tap by tap"
    assert not pooled_way(pool, wide, 1, filters + 1, False)[0]
    assert not pooled_way(pool, narrow, 1, filters, False)[0]
    assert not pooled_way((1, 1), wide, 1, filters, False)[0]
    assert not pooled_way((9, 9), wide, 1, filters, False)[0]
