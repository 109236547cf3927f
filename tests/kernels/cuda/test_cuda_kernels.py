"""The convolutions of the chapter about the GPU, and every tile of the fast one."""

from types import SimpleNamespace

import numpy as np
import pytest
from drawn import channels, drawn, geometries, images, normal, seeds
from hypothesis import given
from judge import REFERENCE, check_within, run

from cnncourse import kernels
from cnncourse.chapters.fast_kernels_on_the_gpu import naive_kernels, tiled_kernel
from cnncourse.kernels.cuda import convolution, index_plans, tile_sizes
from cnncourse.kernels.cuda.compiler import cuda
from cnncourse.kernels.cuda.launching import blocks
from cnncourse.kernels.geometry import Geometry
from cnncourse.support.rounding import gamma

CUDA = kernels.get("cuda")
NAIVE = {
    "conv2d": naive_kernels.naive_conv2d,
    "conv2d_input_gradient": naive_kernels.naive_conv2d_input_gradient,
    "conv2d_kernel_gradient": naive_kernels.naive_conv2d_kernel_gradient,
}
SOME = Geometry.of((7, 6), (3, 2), (1, 1), "same")
STRIDED = Geometry.of((7, 6), (3, 2), (2, 3), (1, 1))


def arrays(name, g, n, c, o, seed):
    """The two inputs of a kernel, the shape of its output, and the terms of its sums."""
    x, kernel, y = (n, *g.image, c), (*g.window, c, o), (n, *g.output, o)
    cells = g.window[0] * g.window[1]
    inputs, output, terms = {
        "conv2d": ((x, kernel), y, cells * c),
        "conv2d_input_gradient": ((y, kernel), x, cells * o),
        "conv2d_kernel_gradient": ((x, y), kernel, n * g.output[0] * g.output[1]),
    }[name]
    return normal(seed, *inputs), output, terms


def compare(got, name, inputs, g, terms):
    (expected,) = run(REFERENCE, name, [*inputs, g], [got.shape])
    (bound,) = run(REFERENCE, name, [*map(abs, inputs), g], [got.shape])
    check_within(got, expected, gamma(terms) * bound, name)


@pytest.mark.parametrize("name", NAIVE)
@drawn
@given(g=geometries(), n=images, c=channels, o=channels, seed=seeds)
def test_naive(name, g, n, c, o, seed):
    inputs, shape, terms = arrays(name, g, n, c, o, seed)
    out = cuda.to_device(np.full(shape, np.nan, np.float32))
    given_ = [cuda.to_device(a) for a in inputs]
    NAIVE[name][blocks(out.size, 128), 128](*given_, g.strides, g.before, out)
    compare(out.copy_to_host(), name, inputs, g, terms)


@pytest.mark.parametrize("g", [SOME, STRIDED])
@pytest.mark.parametrize(("n", "c", "o"), [(1, 1, 1), (2, 3, 17)])
def test_tiled(g, n, c, o):
    inputs, shape, terms = arrays("conv2d", g, n, c, o, 0)
    out = cuda.to_device(np.full(shape, np.nan, np.float32))
    side = tiled_kernel.TILE
    grid = blocks(n * g.output[0] * g.output[1], side), blocks(o, side)
    given_ = [cuda.to_device(a) for a in inputs]
    tiled_kernel.tiled_conv2d[grid, (side, side)](*given_, g.strides, g.before, out)
    compare(out.copy_to_host(), "conv2d", inputs, g, terms)


@pytest.mark.parametrize("g", [SOME, STRIDED])
@pytest.mark.parametrize(
    "tile", tile_sizes.TILES, ids=lambda t: f"{t.block_m}x{t.block_n}x{t.block_k}"
)
@pytest.mark.parametrize("name", NAIVE)
def test_every_tile(name, tile, g, monkeypatch):
    """Small problems only ever take small tiles, so each is asked for by name."""
    monkeypatch.setattr(convolution, "tile_and_parts", lambda *_: (tile, 1))
    inputs, shape, terms = arrays(name, g, 2, 3, 5, 0)
    (got,) = run(CUDA, name, [*inputs, g], [shape])
    compare(got, name, inputs, g, terms)


@pytest.mark.parametrize("name", ["conv2d", "conv2d_input_gradient"])
@pytest.mark.parametrize("g", [SOME, STRIDED])
def test_long_sums_are_shared_out(name, g, monkeypatch):
    """Where a window has many cells, several blocks share them."""
    monkeypatch.setattr(convolution, "tile_and_parts", lambda *_: (tile_sizes.NARROW, 3))
    inputs, shape, terms = arrays(name, g, 1, 5, 6, 0)
    (got,) = run(CUDA, name, [*inputs, g], [shape])
    compare(got, name, inputs, g, terms)


def test_the_tile_suits_the_product():
    def sides(m, n, terms):
        tile, parts = tile_sizes.tile_and_parts(m, n, terms)
        return tile.block_m, tile.block_n, tile.block_k, parts

    # few terms, short steps; few filters, narrow tiles; few outputs, parts of their sums
    assert sides(50 * 28 * 28, 32, terms=9) == (64, 32, 8, 1)
    assert sides(64 * 28 * 28, 128, terms=32) == (64, 64, 8, 1)
    assert sides(100 * 8 * 8, 64, terms=800) == (64, 64, 16, 2)
    assert sides(100, 10, terms=1024) == (64, 32, 16, 32)
    assert sides(9, 64, terms=10**5) == (64, 32, 16, 1820)
    assert sides(1, 1, terms=1) == (64, 32, 8, 1)


@pytest.mark.parametrize("m", [1, 9, 100, 6400, 10**6])
@pytest.mark.parametrize("n", [1, 10, 64, 2000])
@pytest.mark.parametrize("terms", [1, 33, 3000])
def test_parts_have_terms_to_add_up(m, n, terms):
    tile, parts = tile_sizes.tile_and_parts(m, n, terms)
    assert tile in tile_sizes.TILES
    assert 1 <= parts <= max(1, terms // tile_sizes.LEAST_TERMS)


def test_arrays_that_no_index_can_reach_are_refused():
    g = Geometry.of((50_000, 50_000), (1, 1), (49_999, 49_999), "valid")
    with pytest.raises(ValueError, match="too large for the GPU's kernels"):
        index_plans.forward(g, 1, 1)
    with pytest.raises(ValueError, match="2,147,483,648 elements .* smaller batch_size"):
        convolution._require_32_bits(SimpleNamespace(size=2**31))
