"""Convolution as one would first write it: a thread computes one value, from the definition.

Correct and easy to read; slow, for each thread loads every factor from the GPU's memory, though its
neighbours have loaded the same. They show how a kernel is written, and how much tiling gains;
`tiled_kernel` and `register_tiled_kernel` are the next steps.

Arrays are numba's, with four axes as in ``reference``; sizes follow from their shapes, strides and
padding are pairs of integers. Run them with a thread for each element of ``out``, 128 a block say:
``naive_conv2d[blocks(out.size, 128), 128](x, kernel, (1, 1), (0, 0), out)``.
"""

import numpy as np

from ...kernels.cuda.compiler import cuda, jit

ZERO = np.float32(0)


@jit
def naive_conv2d(x, kernel, strides, before, out):
    """``reference.conv2d``: one element of the output a thread."""
    images, rows, columns, filters = out.shape
    k = cuda.grid(1)
    if k < out.size:
        o = k % filters
        j = k // filters % columns
        i = k // (filters * columns) % rows
        n = k // (filters * columns * rows)
        total = ZERO
        for u in range(kernel.shape[0]):
            h = i * strides[0] + u - before[0]
            for v in range(kernel.shape[1]):
                w = j * strides[1] + v - before[1]
                if 0 <= h < x.shape[1] and 0 <= w < x.shape[2]:
                    for c in range(x.shape[3]):
                        total += x[n, h, w, c] * kernel[u, v, c, o]
        out[n, i, j, o] = total


@jit
def naive_conv2d_input_gradient(gradient, kernel, strides, before, out):
    """``reference.conv2d_input_gradient``: one element of the input a thread.

    It gathers from all the positions whose window lies on it.
    """
    images, height, width, channels = out.shape
    k = cuda.grid(1)
    if k < out.size:
        c = k % channels
        w = k // channels % width
        h = k // (channels * width) % height
        n = k // (channels * width * height)
        total = ZERO
        for u in range(kernel.shape[0]):
            down = h + before[0] - u
            i = down // strides[0]
            for v in range(kernel.shape[1]):
                right = w + before[1] - v
                j = right // strides[1]
                if (
                    i * strides[0] == down
                    and j * strides[1] == right
                    and 0 <= i < gradient.shape[1]
                    and 0 <= j < gradient.shape[2]
                ):
                    for o in range(gradient.shape[3]):
                        total += gradient[n, i, j, o] * kernel[u, v, c, o]
        out[n, h, w, c] = total


@jit
def naive_conv2d_kernel_gradient(x, gradient, strides, before, out):
    """``reference.conv2d_kernel_gradient``: one weight a thread."""
    rows, columns, channels, filters = out.shape
    k = cuda.grid(1)
    if k < out.size:
        o = k % filters
        c = k // filters % channels
        v = k // (filters * channels) % columns
        u = k // (filters * channels * columns)
        total = ZERO
        for n in range(gradient.shape[0]):
            for i in range(gradient.shape[1]):
                h = i * strides[0] + u - before[0]
                for j in range(gradient.shape[2]):
                    w = j * strides[1] + v - before[1]
                    if 0 <= h < x.shape[1] and 0 <= w < x.shape[2]:
                        total += x[n, h, w, c] * gradient[n, i, j, o]
        out[u, v, c, o] = total
