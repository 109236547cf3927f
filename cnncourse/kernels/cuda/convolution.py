"""Convolution and its gradients: which kernel, which tile, how many blocks."""

from ..contract import contracted
from . import index_plans
from .column_sums import sum_rows
from .device_arrays import empty
from .implicit_gemm import implicit_gemm
from .implicit_gemm_kernel_gradient import ITEM, implicit_gemm_kernel_gradient
from .launching import blocks
from .tile_sizes import ENOUGH, tile_for

SHARE = 128  # cells at least that are worth a block of their own


@contracted
def conv2d(x, kernel, geometry, out):
    """See ``reference.conv2d``."""
    plan = index_plans.forward(geometry, x.shape[-1], out.shape[-1])
    _gather([plan], len(x), x, kernel, out)


@contracted
def conv2d_input_gradient(gradient, kernel, geometry, out):
    """See ``reference.conv2d_input_gradient``."""
    phases = index_plans.phases(geometry, out.shape[-1], gradient.shape[-1])
    _gather(phases, len(out), gradient, kernel, out)


def _gather(phases, images, source, weights, out):
    """The sums of all phases, which write different numbers of ``out``.

    Where that makes few blocks, the cells of the window are shared out to more of them.
    """
    _require_32_bits(source, out)
    tiles = [tile_for(images * plan.positions, plan.columns) for plan in phases]
    grids = [
        tile.grid(images * plan.positions, plan.columns)
        for plan, tile in zip(phases, tiles, strict=True)
    ]
    most = max(plan.cells for plan in phases)
    parts = max(1, min(ENOUGH // sum(down * across for down, across in grids), most // SHARE))
    results = out if parts == 1 else empty((parts, out.size))
    for plan, tile, grid in zip(phases, tiles, grids, strict=True):
        kernel = implicit_gemm(tile, plan.padded, plan.straight)
        share = blocks(blocks(plan.cells, parts), tile.steps) * tile.steps
        arguments = plan.table, images * plan.positions, share, out.size, results.flat
        kernel[(*grid, parts), tile.threads](source.flat, weights.flat, *arguments)
    if parts > 1:
        sum_rows(results.flat, parts, out.size, 1, out.flat)


@contracted
def conv2d_kernel_gradient(x, gradient, geometry, out):
    """See ``reference.conv2d_kernel_gradient``."""
    _require_32_bits(x, gradient)
    plan = index_plans.forward(geometry, x.shape[-1], out.shape[-1])
    tile = tile_for(plan.cells, plan.columns)
    down, across = tile.grid(plan.cells, plan.columns)
    items = len(x) * blocks(plan.positions, ITEM)
    parts = max(1, min(ENOUGH // (down * across), items))
    results = out if parts == 1 else empty((parts, out.size))
    kernel = implicit_gemm_kernel_gradient(tile, plan.padded)
    arguments = plan.table, items, parts, results.flat
    kernel[(down, across, parts), tile.threads](x.flat, gradient.flat, *arguments)
    if parts > 1:
        sum_rows(results.flat, parts, out.size, 1, out.flat)


def _require_32_bits(*arrays):
    """The kernels count numbers in 32 bits, as a GPU does best."""
    for array in arrays:
        if array.size >= 2**31:
            raise ValueError(
                f"an array of {array.size:,} numbers is too large for the GPU's kernels, which "
                "count to 2³¹; take fewer images at a time, with a smaller batch_size"
            )
