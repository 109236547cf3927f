"""Every kernel in plain NumPy: the definition that all other backends are tested against.

Obvious and slow. Works for any float type; models on the device ``"reference"`` compute in
float64. In each function, ``geometry`` is a `Geometry`, the last arguments are the arrays it
writes, and nothing is returned.

Sources: *Convolutional Neural Networks, Explained* and *CNN – Tutorial with Keras* for the layers;
the gradients follow from the chain rule (chapter 07 derives them).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .contract import contracted

name = "reference"
dtype = np.dtype(np.float64)
slice_size = None


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
def max_pool2d(x, geometry, out, argmax):
    """The largest value under the window, channel by channel.

    ``argmax`` (any integer type that can count the window's cells) gets its place in the window,
    row by row: ``u · V + v``; the first of equals. Padding never wins, even among negative
    numbers; not-a-number wins always, so that a fault stays visible.
    """
    windows = _windows(x, geometry, value=-np.inf)
    cells = windows.reshape(*windows.shape[:4], -1)  # (N, I, J, C, U·V)
    argmax[...] = cells.argmax(axis=-1)
    out[...] = cells.max(axis=-1)


@contracted
def max_pool2d_gradient(gradient, argmax, geometry, out):
    """d loss / d x: each gradient goes to the pixel that won."""
    padded = np.zeros_like(_pad(out, geometry, 0))
    for i, j, rows, columns in _positions(geometry):
        for cell, (u, v) in enumerate(np.ndindex(*geometry.window)):
            won = argmax[:, i, j] == cell  # (N, C)
            padded[:, rows, columns][:, u, v] += np.where(won, gradient[:, i, j], 0)
    out[...] = _unpad(padded, geometry)


@contracted
def average_pool2d(x, weights, geometry, out):
    """The weighted mean under the window; equal ``weights`` give the plain mean.

    ``out = Σ weights · x / Σ weights``, both over the part of the window that lies on the image:
    padding does not count, as in Keras.
    """
    sums = np.einsum("nijcuv,uv->nijc", _windows(x, geometry), weights)
    out[...] = sums / _weights_on_image(weights, geometry)


def _weights_on_image(weights, geometry):
    """Each position's sum of the weights that lie on the image: (1, I, J, 1)."""
    ones = np.ones((1, *geometry.image, 1), weights.dtype)
    return np.einsum("nijcuv,uv->nijc", _windows(ones, geometry), weights)


@contracted
def average_pool2d_gradient(gradient, weights, geometry, out):
    """d loss / d x: every pixel gets its weight's share."""
    shares = gradient / _weights_on_image(weights, geometry)
    padded = np.zeros_like(_pad(out, geometry, 0))
    for i, j, rows, columns in _positions(geometry):
        padded[:, rows, columns] += np.einsum("nc,uv->nuvc", shares[:, i, j], weights)
    out[...] = _unpad(padded, geometry)


@contracted
def lp_pool2d(x, p, geometry, out):
    """The p-norm of what lies under the window: ``(Σ |x|^p)^(1/p)``; padding counts as zeros.

    The largest magnitude is taken out of the sum, so that no power overflows.
    """
    sizes = abs(_windows(x, geometry))  # (N, I, J, C, U, V)
    largest = sizes.max(axis=(4, 5), keepdims=True)
    safe = np.where(largest > 0, largest, 1)
    out[...] = ((sizes / safe) ** p).sum(axis=(4, 5)) ** (1 / p) * largest[..., 0, 0]


@contracted
def lp_pool2d_gradient(gradient, x, y, p, geometry, out):
    """d loss / d x, where ``y`` is what `lp_pool2d` gave: ``sign(x) · (|x| / y)^(p − 1)``.

    Where the whole window is 0, the slope is taken as 0.
    """
    shares = np.where(y > 0, gradient, 0)  # (N, I, J, C)
    safe = np.where(y > 0, y, 1)
    x = _pad(x, geometry, 0)
    padded = np.zeros_like(_pad(out, geometry, 0))
    for i, j, rows, columns in _positions(geometry):
        window = x[:, rows, columns]  # (N, U, V, C)
        ratio = abs(window) / safe[:, i, j, None, None]
        padded[:, rows, columns] += np.sign(window) * ratio ** (p - 1) * shares[:, i, j, None, None]
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
def sigmoid(x, out):
    """1 / (1 + exp(−x)), by the tangent, which never overflows."""
    out[...] = 0.5 * (1 + np.tanh(0.5 * x))


@contracted
def sigmoid_gradient(gradient, y, out):
    """d loss / d x, where ``y`` is what `sigmoid` gave: its slope is y · (1 − y)."""
    out[...] = gradient * y * (1 - y)


@contracted
def tanh(x, out):
    """The hyperbolic tangent."""
    out[...] = np.tanh(x)


@contracted
def tanh_gradient(gradient, y, out):
    """d loss / d x, where ``y`` is what `tanh` gave: its slope is 1 − y²."""
    out[...] = gradient * (1 - y * y)


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
def dropout(x, rate, key, out):
    """Each number is set to 0 with probability ``rate``; the others are divided by 1 − rate.

    Which ones depends only on ``key``, a whole number below 2⁶⁴, and their place: every backend
    drops the same. The way back is the same function, applied to the gradient with the same key.

    Source: Srivastava et al., *Dropout*, 2014, in the form that leaves inference as it is.
    """
    kept = random_bits(x.size, key).reshape(x.shape) >= np.uint32(rate * 2**32)
    out[...] = np.where(kept, x / (1 - rate), 0)


def random_bits(count, key):
    """``count`` random 32-bit numbers: a hash of each place, with the key's two halves mixed in."""
    low, high = np.uint32(key & 0xFFFFFFFF), np.uint32(key >> 32)
    return _scramble(_scramble(np.arange(count, dtype=np.uint32) ^ low) ^ high)


def _scramble(bits):
    """A bijection of 32-bit numbers in which every bit depends on all bits.

    Source: the "lowbias32" hash of Chris Wellons, *Prospecting for Hash Functions*, 2018.
    """
    bits = (bits ^ bits >> 16) * np.uint32(0x7FEB352D)
    bits = (bits ^ bits >> 15) * np.uint32(0x846CA68B)
    return bits ^ bits >> 16


@contracted
def batch_moments(x, mean, variance):
    """Mean and variance of each channel, over images and positions."""
    rows = x.reshape(-1, x.shape[-1])
    mean[...] = rows.mean(axis=0)
    variance[...] = rows.var(axis=0)


@contracted
def batch_norm(x, mean, variance, gamma, beta, epsilon, out):
    """``gamma · (x − mean) / √(variance + epsilon) + beta``, channel by channel.

    Source: Ioffe & Szegedy, *Batch Normalization*, 2015.
    """
    out[...] = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


@contracted
def batch_norm_gradient(
    gradient, x, mean, variance, gamma, epsilon, out, gamma_gradient, beta_gradient
):
    """The way back where ``mean`` and ``variance`` are those of ``x`` itself.

    They move with every x, which takes two parts out of the gradient: its mean, and its part along
    the normalised x.
    """
    axes = tuple(range(x.ndim - 1))
    scale = 1 / np.sqrt(variance + epsilon)
    normal = (x - mean) * scale  # x, normalised
    beta_gradient[...] = gradient.sum(axis=axes)
    gamma_gradient[...] = (gradient * normal).sum(axis=axes)
    count = x.size // x.shape[-1]
    taken = (beta_gradient + normal * gamma_gradient) / count
    out[...] = gamma * scale * (gradient - taken)


@contracted
def running_average(average, value, momentum):
    """``average = momentum · average + (1 − momentum) · value``, in place."""
    average[...] = momentum * average + (1 - momentum) * value


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
def sigmoid_cross_entropy(logits, targets, losses, gradient):
    """Sigmoid and cross-entropy as one, for K independent probabilities a row.

    ``losses[n]`` is the mean over K of ``−t · log p − (1 − t) · log (1 − p)`` with ``p =
    sigmoid(logit)``, written so that nothing overflows; ``gradient`` is d (mean of the losses) / d
    logits.
    """
    each = np.maximum(logits, 0) - targets * logits + np.log1p(np.exp(-abs(logits)))
    losses[...] = each.mean(axis=1)
    gradient[...] = (0.5 * (1 + np.tanh(0.5 * logits)) - targets) / logits.size


@contracted
def squared_error(outputs, targets, losses, gradient):
    """``losses[n] = ½ Σ (outputs − targets)²``; ``gradient`` is d mean / d outputs."""
    apart = outputs - targets
    losses[...] = 0.5 * (apart * apart).sum(axis=1)
    gradient[...] = apart / len(outputs)


@contracted
def sgd_step(parameter, gradient, learning_rate):
    """``parameter -= learning_rate · gradient``, in place."""
    parameter -= learning_rate * gradient


@contracted
def momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    """``velocity = momentum · velocity − learning_rate · gradient; parameter += velocity``."""
    velocity *= momentum
    velocity -= learning_rate * gradient
    parameter += velocity


@contracted
def rmsprop_step(parameter, gradient, mean_square, learning_rate, rho, epsilon):
    """A step divided by the root of the gradient's running mean square.

    Source: Hinton, *Neural Networks for Machine Learning*, lecture 6e, with ``epsilon`` under the
    root as in Keras.
    """
    mean_square *= rho
    mean_square += (1 - rho) * gradient * gradient
    parameter -= learning_rate * gradient / np.sqrt(mean_square + epsilon)


@contracted
def adam_step(parameter, gradient, mean, mean_square, learning_rate, beta_1, beta_2, epsilon, step):
    """A step along the gradient's running mean, divided by the root of its running mean square.

    ``step`` counts from 1: both running means start from 0, which the first steps make up for.

    Source: Kingma & Ba, *Adam*, 2015, in the order of computation at the end of its section 2.
    """
    # mean += rest · (gradient − mean) is shorter, but loses digits where they differ much
    mean[...] = beta_1 * mean + (1 - beta_1) * gradient
    mean_square[...] = beta_2 * mean_square + (1 - beta_2) * gradient * gradient
    rate = learning_rate * np.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    parameter -= rate * mean / (np.sqrt(mean_square) + epsilon)
