"""The gradients of convolutions on the CPU, by the ways for few positions and by those for many.

Which way is taken depends on the sizes, and the suite's are small. Here each takes every size.
"""

from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import numpy as np
import pytest
from drawn import channels, drawn, geometries, images, normal, seeds, sliding
from hypothesis import assume, given
from hypothesis import strategies as st
from judge import REFERENCE, check_sum, check_within, run

from cnncourse import kernels
from cnncourse.kernels.contract import BLOCKED_BY_RELU
from cnncourse.kernels.cpu import convolution_input_gradient_by_positions as by_positions
from cnncourse.kernels.cpu import convolution_kernel_gradient_by_patches as by_patches
from cnncourse.kernels.cpu.convolution_kernel_gradient_by_windows import NO_BLOCKS, blocks_of
from cnncourse.kernels.cpu.patches import NARROW
from cnncourse.kernels.cpu.simd.vector_width import BLOCK_VECTORS, COLUMNS, VECTOR_WIDTH
from cnncourse.kernels.geometry import Geometry
from cnncourse.support.rounding import gamma

CPU = kernels.get("cpu")
fill = st.sampled_from([1, 3, 5, 16, 17, 32, 48])  # whole vectors, of any CPU, and others
of_few = pytest.mark.parametrize("few", [True, False], ids=["cpu-few", "cpu-many"])


@contextmanager
def taken_for(few):
    """Within the block, all positions are taken for few, or none."""
    with ExitStack() as stack:
        for way in by_positions, by_patches:
            stack.enter_context(patch.object(way, "suits", lambda *_: few))
        yield


@of_few
@drawn
@given(g=st.one_of(geometries(), sliding()), n=images, c=fill, o=fill, seed=seeds)
def test_few_positions(few, g, n, c, o, seed):
    x, kernel, gradient = normal(seed, (n, *g.image, c), (*g.window, c, o), (n, *g.output, o))
    positions = n * g.output[0] * g.output[1]
    # what each position gives is rounded before it is added: one term more
    terms = g.window[0] * g.window[1] * (o + 1)
    with taken_for(few):
        check_sum(CPU, "conv2d_input_gradient", [gradient, kernel, g], x.shape, terms)
        check_sum(CPU, "conv2d_kernel_gradient", [x, gradient, g], kernel.shape, positions)


@of_few
@drawn
@given(
    g=geometries(), cells=st.tuples(st.integers(1, 3), st.integers(1, 3)), n=images, c=channels,
    o=channels, seed=seeds,
)  # fmt: skip
def test_few_positions_fused(few, g, cells, n, c, o, seed):
    assume(all(size >= side for size, side in zip(g.output, cells, strict=True)))
    pooling = Geometry.of(g.output, cells, cells, "valid")
    shape = (n, *pooling.output, o)
    x, kernel, gradient = normal(seed, (n, *g.image, c), (*g.window, c, o), shape)
    argmax = np.random.default_rng(seed).integers(0, cells[0] * cells[1], shape, np.uint8)
    blocked = gradient > 1
    inputs = [np.where(blocked, 0, gradient), argmax, pooling]
    (before,) = run(REFERENCE, "max_pool2d_gradient", inputs, [(n, *g.output, o)])
    before = before.astype(np.float32)
    argmax[blocked] = BLOCKED_BY_RELU
    sizes = [abs(before), abs(kernel), g]
    (expected,) = run(REFERENCE, "conv2d_input_gradient", [before, kernel, g], [x.shape])
    (bound,) = run(REFERENCE, "conv2d_input_gradient", sizes, [x.shape])
    terms = g.window[0] * g.window[1] * (o + 1) + 1
    with taken_for(few):
        inputs = [gradient, argmax, kernel, x, g, pooling]
        (got,) = run(CPU, "fused_conv2d_input_gradient", inputs, [x.shape])
        check_within(got, expected + x, gamma(terms) * (bound + abs(x)), "input gradient")
        inputs = [x, gradient, argmax, g, pooling]
        (got,) = run(CPU, "fused_conv2d_kernel_gradient", inputs, [kernel.shape])
    inputs = [x, before, g]
    (expected,) = run(REFERENCE, "conv2d_kernel_gradient", inputs, [kernel.shape])
    sizes = [abs(x), abs(before), g]
    (bound,) = run(REFERENCE, "conv2d_kernel_gradient", sizes, [kernel.shape])
    check_within(got, expected, gamma(n * g.output[0] * g.output[1]) * bound, "kernel gradient")


def test_none_and_one_image():
    """Without images, a gradient of weights is a sum of nothing."""
    for image in (3, 3), (20, 20):
        g = Geometry.of(image, (2, 2), (1, 1), "valid")
        pooling = Geometry.of(g.output, (2, 2), (2, 2), "valid")
        kernel, bias = normal(0, (2, 2, 1, 16), (16,))
        for count in 0, 1:
            x, gradient = normal(1, (count, *image, 1), (count, *pooling.output, 16))
            argmax, maps = np.zeros(gradient.shape, np.uint8), (count, *g.output, 16)
            run(CPU, "conv2d", [x, kernel, g], [maps])
            out = np.full_like(gradient, np.nan)
            CPU.fused_conv2d(x, kernel, bias, g, pooling, True, out, argmax)
            assert not np.isnan(out).any()
            inputs = [gradient, argmax, kernel, None, g, pooling]
            run(CPU, "fused_conv2d_input_gradient", inputs, [x.shape])
            inputs = [x, gradient, argmax, g, pooling]
            (got,) = run(CPU, "fused_conv2d_kernel_gradient", inputs, [kernel.shape])
            (sums,) = run(CPU, "fused_bias_gradient", [gradient, argmax], [(16,)])
            assert count or not (got.any() or sums.any())


@pytest.mark.parametrize("height", [1, 2, 3, 5])
@pytest.mark.parametrize("filters", [VECTOR_WIDTH, BLOCK_VECTORS * VECTOR_WIDTH])
def test_windows_of_few_values(height, filters):
    """Each way to share out the rows of a window among register blocks."""
    for width, c in (2, 1), (3, 1), (1, 2), (COLUMNS // 2, 1):
        g = Geometry.of((9, 7), (height, width), (2, 1), (1, 0))
        x, gradient = normal(0, (3, 9, 7, c), (3, *g.output, filters))
        with taken_for(few=False):
            positions = 3 * g.output[0] * g.output[1]
            shape = (height, width, c, filters)
            check_sum(CPU, "conv2d_kernel_gradient", [x, gradient, g], shape, positions)
        assert (blocks_of(shape) is NO_BLOCKS) == (height == 1), shape


def test_the_ways_are_chosen_by_the_number_of_positions():
    narrow = Geometry.of((NARROW + 2, NARROW + 2), (3, 3), (1, 1), "valid")
    wide = Geometry.of((NARROW + 3, NARROW + 3), (3, 3), (1, 1), "valid")
    small, large = np.empty((3, 3, 4, 8)), np.empty((3, 3, 256, 256))
    assert by_positions.suits(small, narrow, 8) and not by_positions.suits(small, wide, 8)
    assert by_positions.suits(large, wide, 8), "its weights are better read once an image"
    assert not by_positions.suits(large, wide, 1), "one image would be one thread's"
    assert by_patches.suits(narrow, 1000) and by_patches.suits(wide, 2)
    assert not by_patches.suits(wide, 1000)


def test_a_narrow_image_has_the_bits_of_a_wide_one():
    """Its windows are copied; but where they slide by taps, sums go through them in one order."""
    x, kernel = normal(0, (2, 12, NARROW + 2, 5), (3, 2, 5, 7))
    wide = Geometry.of(x.shape[1:3], (3, 2), (1, 1), "valid")
    narrow = Geometry.of((12, NARROW + 1), (3, 2), (1, 1), "valid")
    (whole,) = run(CPU, "conv2d", [x, kernel, wide], [(2, *wide.output, 7)])
    part = np.ascontiguousarray(x[:, :, :-1])
    (first,) = run(CPU, "conv2d", [part, kernel, narrow], [(2, *narrow.output, 7)])
    np.testing.assert_array_equal(first, whole[:, :, :-1])
