"""No kernel reads or writes beyond its arrays, whose indices compiled code does not check.

Each array is laid against a page of memory that nobody may touch, first with its end and then with
its beginning, and the kernels run on it in a process of their own: one step too far ends that
process, and so fails the test.
"""

import subprocess
import sys
from pathlib import Path

import pytest

linux = pytest.mark.skipif(sys.platform != "linux", reason="forbids pages as Linux does")


@linux
@pytest.mark.parametrize("side", ["end", "beginning"])
def test_nothing_beyond_the_arrays_is_touched(side):
    done = subprocess.run(
        [sys.executable, __file__, side], capture_output=True, text=True, cwd=Path(__file__).parent
    )
    assert done.returncode == 0, (
        f"a kernel touched memory beyond the {side} of an array, in the call that is named last "
        f"(exit code {done.returncode}):\n{done.stdout[-300:]}\n{done.stderr[-2000:]}"
    )


def _run(side):
    import numpy as np

    from cnncourse import kernels
    from cnncourse.kernels.cpu import convolution_input_gradient_by_positions as by_positions
    from cnncourse.kernels.cpu import convolution_kernel_gradient_by_patches as by_patches
    from cnncourse.kernels.geometry import Geometry

    cpu, rng = kernels.get("cpu"), np.random.default_rng(0)
    sizes = [1, 2, 3, 5, 8, 10, 16, 17, 31, 33, 48, 64]  # about whole vectors of any CPU

    def call(name, *arguments):
        """Call a kernel on fenced copies of its arrays, outputs (all NaN) included."""
        print(name, [getattr(a, "shape", a) for a in arguments], flush=True)
        arguments = [fenced(a, side) if isinstance(a, np.ndarray) else a for a in arguments]
        getattr(cpu, name)(*arguments)
        assert not any(np.isnan(a).any() for a in arguments if getattr(a, "dtype", 0) == np.float32)

    def normal(*shape):
        return rng.standard_normal(shape).astype(np.float32)

    def unwritten(*shape):
        return np.full(shape, np.nan, np.float32)

    for turn in range(60):
        few = turn % 2 == 0  # gradients go the ways of few positions and of many in turn
        by_positions.suits = by_patches.suits = lambda *_, few=few: few
        n, c, o = int(rng.choice([1, 2, 17])), *map(int, rng.choice(sizes, 2))
        padding = ["valid", "same", tuple(map(int, rng.integers(0, 4, 2)))][rng.integers(3)]
        image, window, strides = (
            tuple(map(int, rng.integers(low, high, 2))) for low, high in [(5, 30), (1, 6), (1, 4)]
        )
        gaps = tuple(map(int, rng.integers(1, 4, 2)))
        for g in (
            Geometry.of(image, (window[0], 3), (1, 1), padding),  # which slides
            Geometry.of(image, window, strides, "same", gaps),
            Geometry.of(image, window, strides, padding),
        ):
            x, kernel, y = (n, *image, c), (*g.window, c, o), (n, *g.output, o)
            call("conv2d", normal(*x), normal(*kernel), g, unwritten(*y))
            call("conv2d_input_gradient", normal(*y), normal(*kernel), g, unwritten(*x))
            call("conv2d_kernel_gradient", normal(*x), normal(*y), g, unwritten(*kernel))
            own = (*g.window, c, int(rng.integers(1, 4)))
            maps = (n, *g.output, *own[2:])
            call("depthwise_conv2d", normal(*x), normal(*own), g, unwritten(*maps))
            back = normal(*maps), normal(*own), g
            call("depthwise_conv2d_input_gradient", *back, unwritten(*x))
            back = normal(*x), normal(*maps), g
            call("depthwise_conv2d_kernel_gradient", *back, unwritten(*own))

        cells = tuple(
            min(int(cells), side)
            for cells, side in zip((2, rng.integers(1, 4)), g.output, strict=True)
        )
        pooling = Geometry.of(g.output, cells, cells, "valid")
        p = (n, *pooling.output, o)
        argmax = rng.choice([0, 1, 255], p).astype(np.uint8) % (cells[0] * cells[1])
        both = g, pooling
        call(
            "fused_conv2d",
            normal(*x),
            normal(*kernel),
            normal(o),
            *both,
            True,
            unwritten(*p),
            argmax,
        )
        call(
            "fused_conv2d_input_gradient",
            normal(*p),
            argmax,
            normal(*kernel),
            normal(*x),
            *both,
            unwritten(*x),
        )
        call(
            "fused_conv2d_kernel_gradient",
            normal(*x),
            normal(*p),
            argmax,
            *both,
            unwritten(*kernel),
        )
        call("fused_bias_gradient", normal(*p), argmax, unwritten(o))
        learned = [normal(o), normal(o) ** 2, normal(o)]
        normalized = normal(*y), *learned, normal(o), 1e-3, pooling, True, unwritten(*p), argmax
        call("fused_batch_norm", *normalized)
        rest = *learned, 1e-3, pooling, unwritten(*y), unwritten(o), unwritten(o)
        call("fused_batch_norm_gradient", normal(*p), argmax, normal(*y), *rest)
        call("batch_moments", normal(*y), unwritten(o), unwritten(o))
        call("layer_norm", normal(*y), normal(o), normal(o), 1e-3, unwritten(*y))
        rest = normal(o), 1e-3, unwritten(*y), unwritten(o), unwritten(o)
        call("layer_norm_gradient", normal(*y), normal(*y), *rest)
        call("bias_gradient", normal(*y), unwritten(o))
        for name in "add", "fused_add":
            call(name, normal(*y), normal(*y), unwritten(*y))
        rest = normal(o), 1e-3, normal(*y), True
        call("fused_batch_norm_add", normal(*y), *learned, *rest, unwritten(*y))
        call("max_pool2d", normal(*y), pooling, unwritten(*p), argmax)
        call("max_pool2d_gradient", normal(*p), argmax, pooling, unwritten(*y))
        means = Geometry.of(image, window, strides, "same")  # each window holds a pixel
        cells, y = np.ones(window, np.float32), (n, *means.output, c)
        call("average_pool2d", normal(*x), cells, means, unwritten(*y))
        call("average_pool2d_gradient", normal(*y), cells, means, unwritten(*x))

        units, features = o, c * 7
        call("dense", normal(n, features), normal(features, units), unwritten(n, units))
        call(
            "dense_input_gradient",
            normal(n, units),
            normal(features, units),
            unwritten(n, features),
        )
        call(
            "dense_kernel_gradient",
            normal(n, features),
            normal(n, units),
            unwritten(features, units),
        )

        # the same in one call, whose program has nothing but addresses
        print("Program", g, x, kernel, units, flush=True)
        features = p[1] * p[2] * o
        shapes = kernel, (o,), (o,), (o,), (o,), (o,), (features, units), (units,)
        kernel, bias, *norm, matrix, biases = (fenced(abs(normal(*s)), side) for s in shapes)
        program = cpu.Program(image[0] * image[1] * c)
        program.convolution(kernel, bias, (*norm, 1e-3), g, pooling, True)
        program.dense(matrix, biases, False)
        program.softmax(units)
        out = fenced(unwritten(n, units), side)
        assert program.run(fenced(normal(*x), side), out)
        assert not np.isnan(out).any()


def fenced(array, side):
    """A copy of the array with its end, or its beginning, against a page that is forbidden."""
    import ctypes
    import mmap

    import numpy as np

    page = mmap.PAGESIZE
    room = -(-array.nbytes // page) * page
    memory = mmap.mmap(-1, room + 2 * page)  # a page, room for the array, a page
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    forbid = ctypes.CDLL(None, use_errno=True).mprotect
    for fence in start, start + page + room:
        if forbid(ctypes.c_void_p(fence), ctypes.c_size_t(page), 0):
            raise OSError(ctypes.get_errno(), "mprotect")
    first = page + (room - array.nbytes if side == "end" else 0)
    copy = np.frombuffer(memory, array.dtype, array.size, first).reshape(array.shape)
    copy[...] = array
    return copy


if __name__ == "__main__":
    _run(sys.argv[1])
