"""Every kernel in plain NumPy: the definition that all other backends are tested against.

Obvious and slow. Works for any float type; models on the device ``"reference"`` compute in
float64. In each function, ``geometry`` is a `Geometry`, the last arguments are the arrays it
writes, and nothing is returned.

Sources: *Convolutional Neural Networks, Explained* and *CNN – Tutorial with Keras* for the layers;
the gradients follow from the chain rule (chapter 07 derives them).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .contract import kernel as contracted

name = "reference"
dtype = np.dtype(np.float64)


def asarray(values):
    """The values as a contiguous float64 array."""
    return np.ascontiguousarray(values, dtype)


def empty(shape, dtype=dtype):
    """An array to be written."""
    return np.empty(shape, dtype)


def to_numpy(array):
    """The array itself: it is NumPy's already."""
    return array


def _pad(x, geometry, value):
    """The image with ``value`` around it: as far as the window reaches at its last position."""
    widths = [(0, 0)]
    for axis in range(2):
        reach = (geometry.output[axis] - 1) * geometry.strides[axis] + geometry.window[axis]
        behind = max(reach - geometry.before[axis] - geometry.image[axis], 0)
        widths.append((geometry.before[axis], behind))
    return np.pad(x, [*widths, (0, 0)], constant_values=value)


def _windows(x, geometry, value=0.0):
    """What the window sees at each position: (N, I, J, C, U, V)."""
    down, right = geometry.strides
    rows, columns = geometry.output
    views = sliding_window_view(_pad(x, geometry, value), geometry.window, axis=(1, 2))
    return views[:, ::down, ::right][:, :rows, :columns]


def _positions(geometry):
    """Each output position (i, j) with the slices of the padded image under its window."""
    for i, j in np.ndindex(*geometry.output):
        top, left = i * geometry.strides[0], j * geometry.strides[1]
        yield i, j, slice(top, top + geometry.window[0]), slice(left, left + geometry.window[1])


def _unpad(padded, geometry):
    """The part of a padded array that lies on the image."""
    top, left = geometry.before
    return padded[:, top : top + geometry.image[0], left : left + geometry.image[1]]


@contracted
def conv2d(x, kernel, geometry, out):
    """Cross-correlation, what CNN libraries call convolution.

    ``out[n, i, j, o] = Σ x[n, i·S + u, j·S + v, c] · kernel[u, v, c, o]`` over u, v and c, with
    zeros around x. Mathematics' convolution would read the kernel backwards in u and v.
    """
    out[...] = np.einsum("nijcuv,uvco->nijo", _windows(x, geometry), kernel, optimize=True)


@contracted
def conv2d_input_gradient(gradient, kernel, geometry, out):
    """d loss / d x from d loss / d output: each position gives its share back to its window."""
    padded = np.zeros_like(_pad(out, geometry, 0))
    for i, j, rows, columns in _positions(geometry):
        padded[:, rows, columns] += np.einsum("no,uvco->nuvc", gradient[:, i, j], kernel)
    out[...] = _unpad(padded, geometry)


@contracted
def conv2d_kernel_gradient(x, gradient, geometry, out):
    """d loss / d kernel: what the window saw, weighted with each position's gradient."""
    out[...] = np.einsum("nijcuv,nijo->uvco", _windows(x, geometry), gradient, optimize=True)


@contracted
def max_pool2d(x, geometry, out, winners):
    """The largest value under the window, channel by channel.

    ``winners`` (any integer type that can count the window's cells) gets its place in the window,
    row by row: ``u · V + v``; the first of equals. Padding never wins, even among negative
    numbers; not-a-number wins always, so that a fault stays visible.
    """
    windows = _windows(x, geometry, value=-np.inf)
    cells = windows.reshape(*windows.shape[:4], -1)  # (N, I, J, C, U·V)
    winners[...] = cells.argmax(axis=-1)
    out[...] = cells.max(axis=-1)


@contracted
def max_pool2d_gradient(gradient, winners, geometry, out):
    """d loss / d x: each gradient goes to the pixel that won."""
    padded = np.zeros_like(_pad(out, geometry, 0))
    for i, j, rows, columns in _positions(geometry):
        for cell, (u, v) in enumerate(np.ndindex(*geometry.window)):
            won = winners[:, i, j] == cell  # (N, C)
            padded[:, rows, columns][:, u, v] += np.where(won, gradient[:, i, j], 0)
    out[...] = _unpad(padded, geometry)


@contracted
def dense(x, kernel, out):
    """Each unit's weighted sum of all features."""
    out[...] = x @ kernel


@contracted
def dense_input_gradient(gradient, kernel, out):
    """d loss / d x of a dense layer."""
    out[...] = gradient @ kernel.T


@contracted
def dense_kernel_gradient(x, gradient, out):
    """d loss / d kernel of a dense layer."""
    out[...] = x.T @ gradient


@contracted
def add_bias(x, bias, out):
    """One number added to each channel (or unit). ``out`` may be ``x`` itself."""
    out[...] = x + bias


@contracted
def bias_gradient(gradient, out):
    """d loss / d bias: the gradient summed over images and positions."""
    out[...] = gradient.reshape(-1, gradient.shape[-1]).sum(axis=0)


@contracted
def relu(x, out):
    """max(0, x); not-a-number stays."""
    out[...] = np.maximum(x, 0)


@contracted
def relu_gradient(gradient, y, out):
    """d loss / d x, where ``y`` is what `relu` gave: passed on where it was positive.

    At the kink, x = 0, the slope is taken as 0.
    """
    out[...] = np.where(y > 0, gradient, 0)


@contracted
def softmax(x, out):
    """exp(x) / Σ exp(x) in each row; shifted by the row's maximum, so that nothing overflows."""
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    out[...] = powers / powers.sum(axis=1, keepdims=True)


@contracted
def softmax_gradient(gradient, y, out):
    """d loss / d x, where ``y`` is what `softmax` gave."""
    out[...] = y * (gradient - (gradient * y).sum(axis=1, keepdims=True))


@contracted
def softmax_cross_entropy(logits, targets, losses, gradient):
    """Softmax and cross-entropy as one, which is stable for logits of any size.

    ``targets`` are probabilities, one-hot for plain labels. ``losses[n] = −Σ targets · log
    softmax(logits)``; ``gradient`` is d (mean of the losses) / d logits.
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # (N, 1)
    losses[...] = (targets * (log_sums - shifted)).sum(axis=1)
    probabilities = np.exp(shifted - log_sums)
    weights = targets.sum(axis=1, keepdims=True)  # 1 for probabilities
    gradient[...] = (weights * probabilities - targets) / len(logits)


@contracted
def sgd_step(parameter, gradient, learning_rate):
    """``parameter -= learning_rate · gradient``, in place."""
    parameter -= learning_rate * gradient
