"""Upsampling by repeated pixels and the convolution behind it, as one transposed convolution.

The copies of a pixel lie side by side, so that several weights of a window meet the same number.
Their sums multiply it once: with copies of 2 × 2 and a window of 3 × 3, 16 weights a pixel do what
36 multiplications did; and the enlarged image, the largest array of a network that draws masks, is
never written. Which weights are added depends on where among the copies the window lies; all sums
together are the weights of a transposed convolution. (One side: weights 1 2 3, copies a a b b c c
give 1a + 2a + 3b, then 1a + 2b + 3b, and so on. So a goes to four positions, by 3, 2 + 3, 1 + 2
and 1.)

After W. Shi et al., *Is the deconvolution layer the same as a convolutional layer?*, 2016.
"""

import numpy as np

from ..kernels.geometry import Geometry


def suits(up, conv, input_shape):
    """Whether `FusedUpsampling` does what the layers ``up`` and ``conv`` do."""
    if up.bilinear or conv.dilated or conv.strides != (1, 1):
        return False
    enlarged = up.output_shape(input_shape)
    geometry = conv.geometry(enlarged)
    inside = all(b < cells for b, cells in zip(geometry.before, geometry.window, strict=True))
    return geometry.output == enlarged[:2] and inside


class FusedUpsampling:
    """Upsampling and a convolution with its bias, where `suits` says so: a step of a `fusion`."""

    def __init__(self, up, conv):
        self.up = up
        self.conv = self.learner = conv

    def forward(self, x, training=False):
        up, conv, backend = self.up, self.conv, self.conv.backend
        lies = conv.geometry(up.output_shape(x.shape[1:]))
        self.input = x
        # of the gradient that the transposed convolution is: windows on the output, one a pixel
        (height, width), (above, left) = lies.window, lies.before
        self.geometry = Geometry(
            image=lies.output,
            window=(height + up.size[0] - 1, width + up.size[1] - 1),
            strides=up.size,
            before=(height - 1 - above, width - 1 - left),
            output=x.shape[1:3],
        )
        self.kernel = backend.asarray(
            merged(backend.to_numpy(conv.parameters["kernel"]), up.size)
        )  # (U + size − 1, V + size − 1, O, C)
        out = backend.empty((len(x), *lies.output, conv.filters))  # (N, size·H, size·W, O)
        backend.conv2d_input_gradient(x, self.kernel, self.geometry, out)
        conv.add_bias(out)
        return out

    def backward(self, gradient, need_input_gradient=True):
        conv, backend = self.conv, self.conv.backend
        conv.bias_gradient(gradient)
        sums = backend.empty(self.kernel.shape)
        backend.conv2d_kernel_gradient(gradient, self.input, self.geometry, sums)
        room = conv.new_gradient("kernel")
        room[...] = backend.asarray(parted(backend.to_numpy(sums), self.up.size))
        if not need_input_gradient:
            return None
        out = backend.empty(self.input.shape)  # (N, H, W, C)
        backend.conv2d(gradient, self.kernel, self.geometry, out)
        return out


def merged(kernel, size):
    """The transposed convolution's kernel: each weight is added to all those that it is one of.

    ``kernel``: (U, V, C, O); ``size``: the copies of a pixel, (rows, columns). Gives (U + rows − 1,
    V + columns − 1, O, C).

    >>> merged(np.array([1, 2, 3]).reshape(1, 3, 1, 1), (1, 2)).ravel().tolist()
    [3, 5, 3, 1]
    """
    height, width, channels, filters = kernel.shape
    turned = kernel[::-1, ::-1].transpose(0, 1, 3, 2)  # (U, V, O, C)
    out = np.zeros((height + size[0] - 1, width + size[1] - 1, filters, channels), kernel.dtype)
    for row, column in np.ndindex(*size):
        out[row : row + height, column : column + width] += turned
    return out


def parted(gradient, size):
    """The gradient of `merged`'s kernel, (U, V, C, O), from that of what it gave."""
    height, width = gradient.shape[0] - size[0] + 1, gradient.shape[1] - size[1] + 1
    turned = sum(
        gradient[row : row + height, column : column + width] for row, column in np.ndindex(*size)
    )
    return turned.transpose(0, 1, 3, 2)[::-1, ::-1]
