"""Convolution and its gradients: which kernel, which tile, how many blocks."""

from ..contract import contracted
from . import index_plans
from .column_sums import sum_rows
from .device_arrays import empty
from .implicit_gemm import implicit_gemm
from .implicit_gemm_kernel_gradient import CHUNK, implicit_gemm_kernel_gradient
from .launching import blocks, launch_grid
from .tile_sizes import tile_and_parts


@contracted
def conv2d(x, kernel, geometry, out):
    """See ``reference.conv2d``."""
    plan = index_plans.forward(geometry, x.shape[-1], out.shape[-1])
    _convolve([plan], len(x), x, kernel, out)


@contracted
def conv2d_input_gradient(gradient, kernel, geometry, out):
    """See ``reference.conv2d_input_gradient``."""
    phases = index_plans.phases(geometry, out.shape[-1], gradient.shape[-1])
    _convolve(phases, len(out), gradient, kernel, out)


def _convolve(phases, images, source, weights, out):
    """An implicit GEMM for each phase; the phases write different elements of ``out``.

    Where that keeps few threads busy, the window's cells are shared out to more (split-K).

    ``phases``: a list of `index_plans.Plan`; ``images``: how many; ``source`` (images, height,
    width, channels): what is convolved; ``weights``: the convolution's kernel; ``out`` (images,
    height, width, channels).
    """
    _require_32_bits(source, out)
    found = [tile_and_parts(images * plan.positions, plan.columns, plan.cells) for plan in phases]
    parts = max(1, max(parts for _, parts in found) // len(phases))
    results = out if parts == 1 else empty((parts, out.size))
    for plan, (tile, _) in zip(phases, found, strict=True):
        kernel = implicit_gemm(tile, plan.padded, plan.row_major)
        part_cells = blocks(blocks(plan.cells, parts), tile.block_k) * tile.block_k
        rows = images * plan.positions
        grid = *tile.grid(rows, plan.columns), parts
        arguments = plan.table, rows, part_cells, out.size, results.flat
        launch_grid(kernel, grid, tile.threads, source.flat, weights.flat, *arguments)
    if parts > 1:
        sum_rows(results.flat, parts, out.size, 1, out.flat)


@contracted
def conv2d_kernel_gradient(x, gradient, geometry, out):
    """See ``reference.conv2d_kernel_gradient``."""
    _require_32_bits(x, gradient)
    plan = index_plans.forward(geometry, x.shape[-1], out.shape[-1])
    tile, parts = tile_and_parts(plan.cells, plan.columns, len(x) * plan.positions)
    chunks = len(x) * blocks(plan.positions, CHUNK)
    parts = min(parts, chunks)
    results = out if parts == 1 else empty((parts, out.size))
    kernel = implicit_gemm_kernel_gradient(tile, plan.padded)
    grid = *tile.grid(plan.cells, plan.columns), parts
    arguments = plan.table, chunks, parts, results.flat
    launch_grid(kernel, grid, tile.threads, x.flat, gradient.flat, *arguments)
    if parts > 1:
        sum_rows(results.flat, parts, out.size, 1, out.flat)


def _require_32_bits(*arrays):
    """``ValueError`` for an array that a 32-bit index cannot reach, which a GPU computes best."""
    for array in arrays:
        if array.size >= 2**31:
            raise ValueError(
                f"an array of {array.size:,} elements is too large for the GPU's kernels, which "
                "count to 2³¹; take fewer images at a time, with a smaller batch_size"
            )
