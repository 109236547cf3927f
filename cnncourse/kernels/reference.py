"""Every kernel in plain NumPy: the definition that all other backends are tested against.

Obvious and slow. Works for any float type; models on the device ``"reference"`` compute in
float64. In each function, ``geometry`` is a `Geometry`, the last arguments are the arrays it
writes, and nothing is returned.

Letters name the sizes of arrays, as in ``contract.py``: N images of H × W pixels with C channels;
windows of U × V cells; I × J positions of the window; O filters; M depthwise filters a channel; F
features; K units or classes; ``…`` any axes. S is the stride, D the dilation: the pixels from one
cell of the window to the next.

Sources: *Convolutional Neural Networks, Explained* and *CNN – Tutorial with Keras* for the layers;
the gradients follow from the chain rule (the chapter on training derives them).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .contract import contracted

name = "reference"
dtype = np.dtype(np.float64)
slice_size = None
frees_first = False


def asarray(values):
    """The values as a contiguous float64 array."""
    return np.ascontiguousarray(values, dtype)


def empty(shape, dtype=dtype):
    """An array to be written, of that shape and type."""
    return np.empty(shape, dtype)


def to_numpy(array):
    """The array itself: it is NumPy's already."""
    return array


def _pad(x, geometry, value):
    """The image with ``value`` around it: as far as the window reaches at its last position.

    ``x``: (N, H, W, C); the result has the padded height and width.
    """
    widths = [(0, 0)]
    for axis in range(2):
        reach = (geometry.output[axis] - 1) * geometry.strides[axis] + geometry.extent[axis]
        behind = max(reach - geometry.before[axis] - geometry.image[axis], 0)
        widths.append((geometry.before[axis], behind))
    return np.pad(x, [*widths, (0, 0)], constant_values=value)


def _windows(x, geometry, value=0.0):
    """What the window sees at each position: (N, I, J, C, U, V), from ``x`` (N, H, W, C)."""
    down, right = geometry.strides
    rows, columns = geometry.output
    views = sliding_window_view(_pad(x, geometry, value), geometry.extent, axis=(1, 2))
    views = views[..., :: geometry.dilation[0], :: geometry.dilation[1]]  # without the gaps
    return views[:, ::down, ::right][:, :rows, :columns]


def _positions(geometry):
    """Each output position (i, j) with the slices of the padded image under its window."""
    (height, width), (down, right) = geometry.extent, geometry.dilation
    for i, j in np.ndindex(*geometry.output):
        top, left = i * geometry.strides[0], j * geometry.strides[1]
        yield i, j, slice(top, top + height, down), slice(left, left + width, right)


def _unpad(padded, geometry):
    """The part of a padded array that lies on the image: (N, H, W, C)."""
    top, left = geometry.before
    return padded[:, top : top + geometry.image[0], left : left + geometry.image[1]]


@contracted
def conv2d(x, kernel, geometry, out):
    """Cross-correlation, what CNN libraries call convolution.

    ``out[n, i, j, o] = Σ x[n, i·S + u·D, j·S + v·D, c] · kernel[u, v, c, o]`` over u, v and c, with
    zeros around x. Mathematics' convolution would read the kernel backwards in u and v.

    ``x``: (N, H, W, C); ``kernel``: (U, V, C, O); ``out``: (N, I, J, O).
    """
    out[...] = np.einsum("nijcuv,uvco->nijo", _windows(x, geometry), kernel, optimize=True)


@contracted
def conv2d_input_gradient(gradient, kernel, geometry, out):
    """d loss / d x from d loss / d output: each position gives its share back to its window.

    ``out[n, i·S + u·D, j·S + v·D, c] += gradient[n, i, j, o] · kernel[u, v, c, o]`` for all i, j,
    u, v and o, from 0 on; what falls on the padding is dropped.

    ``gradient``: (N, I, J, O); ``kernel``: (U, V, C, O); ``out``: (N, H, W, C).
    """
    padded = np.zeros_like(_pad(out, geometry, 0))
    for i, j, rows, columns in _positions(geometry):
        padded[:, rows, columns] += np.einsum("no,uvco->nuvc", gradient[:, i, j], kernel)
    out[...] = _unpad(padded, geometry)


@contracted
def conv2d_kernel_gradient(x, gradient, geometry, out):
    """d loss / d kernel: what the window saw, weighted with each position's gradient.

    ``out[u, v, c, o] = Σ x[n, i·S + u·D, j·S + v·D, c] · gradient[n, i, j, o]`` over n, i and j.

    ``x``: (N, H, W, C); ``gradient``: (N, I, J, O); ``out``: (U, V, C, O).
    """
    out[...] = np.einsum("nijcuv,nijo->uvco", _windows(x, geometry), gradient, optimize=True)


@contracted
def depthwise_conv2d(x, kernel, geometry, out):
    """Each channel convolved by itself, with M filters of its own; channels never mix.

    ``out[n, i, j, c, m] = Σ x[n, i·S + u·D, j·S + v·D, c] · kernel[u, v, c, m]`` over u and v, with
    zeros around x.

    ``x``: (N, H, W, C); ``kernel``: (U, V, C, M); ``out``: (N, I, J, C, M), which in memory are
    images of C · M channels.

    Source: Chollet, *Xception: Deep Learning with Depthwise Separable Convolutions*, 2017.
    """
    out[...] = np.einsum("nijcuv,uvcm->nijcm", _windows(x, geometry), kernel)


@contracted
def depthwise_conv2d_input_gradient(gradient, kernel, geometry, out):
    """d loss / d x from d loss / d output: each position gives its share back to its window.

    ``out[n, i·S + u·D, j·S + v·D, c] += gradient[n, i, j, c, m] · kernel[u, v, c, m]`` for all i,
    j, u, v and m, from 0 on; what falls on the padding is dropped.

    ``gradient``: (N, I, J, C, M); ``kernel``: (U, V, C, M); ``out``: (N, H, W, C).
    """
    padded = np.zeros_like(_pad(out, geometry, 0))
    for i, j, rows, columns in _positions(geometry):
        padded[:, rows, columns] += np.einsum("ncm,uvcm->nuvc", gradient[:, i, j], kernel)
    out[...] = _unpad(padded, geometry)


@contracted
def depthwise_conv2d_kernel_gradient(x, gradient, geometry, out):
    """d loss / d kernel: what the window saw, weighted with each position's gradient.

    ``out[u, v, c, m] = Σ x[n, i·S + u·D, j·S + v·D, c] · gradient[n, i, j, c, m]`` over n, i and j.

    ``x``: (N, H, W, C); ``gradient``: (N, I, J, C, M); ``out``: (U, V, C, M).
    """
    out[...] = np.einsum("nijcuv,nijcm->uvcm", _windows(x, geometry), gradient)


@contracted
def max_pool2d(x, geometry, out, argmax):
    """The largest value under the window, channel by channel.

    ``argmax`` gets the index of its cell in the window, row by row: ``u · V + v``; the first of
    equals. Padding is never the largest, even among negative values; NaN always is, so that a fault
    stays visible.

    ``x``: (N, H, W, C); ``out`` and ``argmax``: (N, I, J, C); ``argmax`` of any unsigned integer
    type that can count the window's cells.
    """
    windows = _windows(x, geometry, value=-np.inf)
    cells = windows.reshape(*windows.shape[:4], -1)  # (N, I, J, C, U·V)
    argmax[...] = cells.argmax(axis=-1)
    out[...] = cells.max(axis=-1)


@contracted
def max_pool2d_gradient(gradient, argmax, geometry, out):
    """d loss / d x: each gradient goes to the pixel that ``argmax`` names.

    ``gradient`` and ``argmax``: (N, I, J, C), the latter from `max_pool2d`; ``out``: (N, H, W, C).
    """
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

    ``x``: (N, H, W, C); ``weights``: (U, V); ``out``: (N, I, J, C).
    """
    sums = np.einsum("nijcuv,uv->nijc", _windows(x, geometry), weights)
    out[...] = sums / _weights_on_image(weights, geometry)


def _weights_on_image(weights, geometry):
    """Each position's sum of the weights that lie on the image: (1, I, J, 1)."""
    ones = np.ones((1, *geometry.image, 1), weights.dtype)
    return np.einsum("nijcuv,uv->nijc", _windows(ones, geometry), weights)


@contracted
def average_pool2d_gradient(gradient, weights, geometry, out):
    """d loss / d x: every pixel gets its weight's share of each gradient.

    ``gradient``: (N, I, J, C); ``weights``: (U, V); ``out``: (N, H, W, C).
    """
    shares = gradient / _weights_on_image(weights, geometry)
    padded = np.zeros_like(_pad(out, geometry, 0))
    for i, j, rows, columns in _positions(geometry):
        padded[:, rows, columns] += np.einsum("nc,uv->nuvc", shares[:, i, j], weights)
    out[...] = _unpad(padded, geometry)


@contracted
def lp_pool2d(x, p, geometry, out):
    """The p-norm of what lies under the window: ``(Σ |x|^p)^(1/p)``; padding counts as zeros.

    The largest magnitude is taken out of the sum, so that no power overflows.

    ``x``: (N, H, W, C); ``p``: a number, at least 1; ``out``: (N, I, J, C).
    """
    sizes = abs(_windows(x, geometry))  # (N, I, J, C, U, V)
    largest = sizes.max(axis=(4, 5), keepdims=True)
    safe = np.where(largest > 0, largest, 1)
    out[...] = ((sizes / safe) ** p).sum(axis=(4, 5)) ** (1 / p) * largest[..., 0, 0]


@contracted
def lp_pool2d_gradient(gradient, x, y, p, geometry, out):
    """d loss / d x, where ``y`` is what `lp_pool2d` gave.

    d y / d x is ``sign(x) · (|x| / y)^(p − 1)``. Where the whole window is 0, it is taken as 0.

    ``gradient`` and ``y``: (N, I, J, C); ``x`` and ``out``: (N, H, W, C); ``p``: a number, at
    least 1.
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
def upsample2d(x, out):
    """The image enlarged by repeating its pixels: ``out[n, h, w, c] = x[n, h·I//H, w·J//W, c]``.

    Where H is I times a whole number, each row comes that many times, and so with columns.

    ``x``: (N, I, J, C); ``out``: (N, H, W, C).
    """
    out[...] = x[:, *_sources(x, out)]


@contracted
def upsample2d_gradient(gradient, out):
    """d loss / d x: each pixel gets what all of its copies got, added up.

    ``gradient``: (N, H, W, C); ``out``: (N, I, J, C).
    """
    out[...] = 0
    np.add.at(out, (slice(None), *_sources(out, gradient)), gradient)


def _sources(small, large):
    """Which pixel of the small image each pixel of the large one repeats: (H, 1) and (1, W)."""
    (rows, columns), (height, width) = small.shape[1:3], large.shape[1:3]
    down, right = np.arange(height) * rows // height, np.arange(width) * columns // width
    return down[:, None], right[None]


@contracted
def dense(x, kernel, out):
    """Each unit's weighted sum of all features: ``x @ kernel``.

    ``x``: (N, F); ``kernel``: (F, K); ``out``: (N, K).
    """
    out[...] = x @ kernel


@contracted
def dense_input_gradient(gradient, kernel, out):
    """d loss / d x of a dense layer: ``gradient @ kernel.T``.

    ``gradient``: (N, K); ``kernel``: (F, K); ``out``: (N, F).
    """
    out[...] = gradient @ kernel.T


@contracted
def dense_kernel_gradient(x, gradient, out):
    """d loss / d kernel of a dense layer: ``x.T @ gradient``.

    ``x``: (N, F); ``gradient``: (N, K); ``out``: (F, K).
    """
    out[...] = x.T @ gradient


@contracted
def add_bias(x, bias, out):
    """One value added to each channel (or unit). ``out`` may be ``x`` itself.

    ``x`` and ``out``: (…, O); ``bias``: (O,).
    """
    out[...] = x + bias


@contracted
def bias_gradient(gradient, out):
    """d loss / d bias: the gradient summed over images and positions.

    ``gradient``: (…, O); ``out``: (O,).
    """
    out[...] = gradient.reshape(-1, gradient.shape[-1]).sum(axis=0)


@contracted
def add(a, b, out):
    """a + b, value by value.

    ``a``, ``b`` and ``out``: of the same shape, any.
    """
    out[...] = a + b


@contracted
def relu(x, out):
    """max(0, x); NaN stays.

    ``x`` and ``out``: of the same shape, any.
    """
    out[...] = np.maximum(x, 0)


@contracted
def relu_gradient(gradient, y, out):
    """d loss / d x, where ``y`` is what `relu` gave: passed on where it was positive.

    At the kink, x = 0, the derivative is taken as 0.

    ``gradient``, ``y`` and ``out``: of the same shape, any.
    """
    out[...] = np.where(y > 0, gradient, 0)


@contracted
def sigmoid(x, out):
    """1 / (1 + exp(−x)), by the hyperbolic tangent, which never overflows.

    ``x`` and ``out``: of the same shape, any.
    """
    out[...] = 0.5 * (1 + np.tanh(0.5 * x))


@contracted
def sigmoid_gradient(gradient, y, out):
    """d loss / d x, where ``y`` is what `sigmoid` gave: its derivative is y · (1 − y).

    ``gradient``, ``y`` and ``out``: of the same shape, any.
    """
    out[...] = gradient * y * (1 - y)


@contracted
def tanh(x, out):
    """The hyperbolic tangent.

    ``x`` and ``out``: of the same shape, any.
    """
    out[...] = np.tanh(x)


@contracted
def tanh_gradient(gradient, y, out):
    """d loss / d x, where ``y`` is what `tanh` gave: its derivative is 1 − y².

    ``gradient``, ``y`` and ``out``: of the same shape, any.
    """
    out[...] = gradient * (1 - y * y)


@contracted
def softmax(x, out):
    """exp(x) / Σ exp(x) in each row; shifted by the row's maximum, so that nothing overflows.

    ``x``, the logits, and ``out``, the probabilities: (N, K).
    """
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    out[...] = powers / powers.sum(axis=1, keepdims=True)


@contracted
def softmax_gradient(gradient, y, out):
    """d loss / d x, where ``y`` is what `softmax` gave: ``y · (gradient − Σ gradient · y)``.

    ``gradient``, ``y`` and ``out``: (N, K); the sum is over a row.
    """
    out[...] = y * (gradient - (gradient * y).sum(axis=1, keepdims=True))


@contracted
def dropout(x, rate, key, out):
    """Each value is set to 0 with probability ``rate``; the others are divided by 1 − rate.

    Which ones depends only on ``key``, a whole number below 2⁶⁴, and their index: every backend
    drops the same. The gradient is the same function, applied with the same key to the gradient of
    the output.

    ``x`` and ``out``: of the same shape, any; ``rate``: at least 0 and below 1.

    Source: Srivastava et al., *Dropout*, 2014, in the form that leaves inference as it is.
    """
    kept = random_bits(x.size, key).reshape(x.shape) >= np.uint32(rate * 2**32)
    out[...] = np.where(kept, x / (1 - rate), 0)


def random_bits(count, key):
    """``count`` random 32-bit numbers: a hash of each index, with the key's two halves mixed in.

    The result: (count,) uint32.
    """
    low, high = np.uint32(key & 0xFFFFFFFF), np.uint32(key >> 32)
    return _scramble(_scramble(np.arange(count, dtype=np.uint32) ^ low) ^ high)


def _scramble(bits):
    """A bijection of 32-bit numbers in which every bit depends on all bits: uint32 arrays.

    Source: the "lowbias32" hash of Chris Wellons, *Prospecting for Hash Functions*, 2018.
    """
    bits = (bits ^ bits >> 16) * np.uint32(0x7FEB352D)
    bits = (bits ^ bits >> 15) * np.uint32(0x846CA68B)
    return bits ^ bits >> 16


@contracted
def batch_moments(x, mean, variance):
    """Mean and variance of each channel, over images and positions.

    ``variance`` is the mean of the squared deviations (divided by their number, not by one less).

    ``x``: (…, C); ``mean`` and ``variance``: (C,).
    """
    rows = x.reshape(-1, x.shape[-1])
    mean[...] = rows.mean(axis=0)
    variance[...] = rows.var(axis=0)


@contracted
def batch_norm(x, mean, variance, gamma, beta, epsilon, out):
    """``gamma · (x − mean) / √(variance + epsilon) + beta``, channel by channel.

    ``x`` and ``out``: (…, C); ``mean``, ``variance``, ``gamma`` and ``beta``: (C,); ``epsilon``: a
    small positive number, so that no channel is divided by 0.

    Source: Ioffe & Szegedy, *Batch Normalization*, 2015.
    """
    out[...] = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


@contracted
def batch_norm_gradient(
    gradient, x, mean, variance, gamma, epsilon, out, gamma_gradient, beta_gradient
):
    """The backward pass where ``mean`` and ``variance`` are those of ``x`` itself.

    They move with every x, which takes two parts out of the gradient: its mean, and its part along
    the normalised x. With ``scale = 1 / √(variance + epsilon)``, ``normal = (x − mean) · scale``
    and sums over all M = N·H·W positions of the images:

    - ``beta_gradient = Σ gradient``
    - ``gamma_gradient = Σ gradient · normal``
    - ``out = gamma · scale · (gradient − (beta_gradient + normal · gamma_gradient) / M)``

    ``gradient``, ``x`` and ``out``: (…, C); all others but ``epsilon``: (C,).
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
    """``average = momentum · average + (1 − momentum) · value``, in place.

    ``average`` and ``value``: of the same shape, any; ``momentum``: from 0 to 1.
    """
    average[...] = momentum * average + (1 - momentum) * value


@contracted
def layer_norm(x, gamma, beta, epsilon, out):
    """``gamma · (x − mean) / √(variance + epsilon) + beta``, with the moments of each position.

    Mean and variance are those of the C values side by side, of an image's position or of a row;
    otherwise as in `batch_norm`.

    ``x`` and ``out``: (…, C); ``gamma`` and ``beta``: (C,).

    Source: Ba, Kiros & Hinton, *Layer Normalization*, 2016.
    """
    normal, _ = _normal(x, epsilon)
    out[...] = gamma * normal + beta


@contracted
def layer_norm_gradient(gradient, x, gamma, epsilon, out, gamma_gradient, beta_gradient):
    """The backward pass: as in `batch_norm_gradient`, mean and variance move with every x.

    With ``normal = (x − mean) / √(variance + epsilon)`` and ``g = gamma · gradient``:

    - ``beta_gradient = Σ gradient`` over images and positions
    - ``gamma_gradient = Σ gradient · normal`` over the same
    - ``out = (g − mean of g − normal · mean of g · normal) / √(variance + epsilon)``, with the
      means over the C values

    ``gradient``, ``x`` and ``out``: (…, C); all others but ``epsilon``: (C,).
    """
    normal, deviation = _normal(x, epsilon)
    axes = tuple(range(x.ndim - 1))
    beta_gradient[...] = gradient.sum(axis=axes)
    gamma_gradient[...] = (gradient * normal).sum(axis=axes)
    g = gamma * gradient
    mean = g.mean(axis=-1, keepdims=True)
    along = (g * normal).mean(axis=-1, keepdims=True)
    out[...] = (g - mean - normal * along) / deviation


def _normal(x, epsilon):
    """``x`` (…, C), each position normalised; and what it was divided by: (…, 1)."""
    deviation = np.sqrt(x.var(axis=-1, keepdims=True) + epsilon)
    return (x - x.mean(axis=-1, keepdims=True)) / deviation, deviation


@contracted
def softmax_cross_entropy(logits, targets, losses, gradient):
    """Softmax and cross-entropy as one, which is stable for logits of any size.

    ``losses[n] = −Σ targets · log softmax(logits)``; ``gradient`` is d (mean of the losses) / d
    logits.

    ``logits``, ``targets`` and ``gradient``: (N, K); targets are probabilities, one-hot for plain
    labels; ``losses``: (N,).
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

    ``logits``, ``targets`` and ``gradient``: (N, K), targets from 0 to 1; ``losses``: (N,).
    """
    each = np.maximum(logits, 0) - targets * logits + np.log1p(np.exp(-abs(logits)))
    losses[...] = each.mean(axis=1)
    gradient[...] = (0.5 * (1 + np.tanh(0.5 * logits)) - targets) / logits.size


@contracted
def squared_error(outputs, targets, losses, gradient):
    """``losses[n] = ½ Σ (outputs − targets)²``; ``gradient`` is d (mean of the losses) / d outputs.

    ``outputs``, ``targets`` and ``gradient``: (N, K); ``losses``: (N,).
    """
    apart = outputs - targets
    with np.errstate(over="ignore"):  # infinite where float64 ends
        losses[...] = 0.5 * (apart * apart).sum(axis=1)
    gradient[...] = apart / len(outputs)


@contracted
def sum_of_squares(x, out):
    """``out`` (1,) = the sum of the squares of ``x``, of any shape: its norm, squared."""
    out[0] = np.sum(x * x)


@contracted
def scale(x, factor):
    """``x`` times ``factor``, in place; ``x``: of any shape."""
    x *= factor


@contracted
def clip(x, limit):
    """``x`` held between ``−limit`` and ``limit``, in place; ``x``: of any shape. NaN stays NaN."""
    np.clip(x, -limit, limit, out=x)


@contracted
def sgd_step(parameter, gradient, learning_rate, decay=0.0):
    """A step of stochastic gradient descent, in place.

    ``parameter −= learning_rate · gradient + decay · parameter``

    ``parameter`` and ``gradient``: of the same shape, any; ``decay``: the share of the parameter
    that goes in each step, whatever its gradient, from 0 to below 1 (here and in the other steps).
    """
    parameter -= learning_rate * gradient + decay * parameter


@contracted
def momentum_step(
    parameter, gradient, velocity, learning_rate, momentum, nesterov=False, decay=0.0
):
    """A step with momentum, in place; ``velocity`` starts as zeros.

    - ``velocity = momentum · velocity − learning_rate · gradient``
    - ``parameter += velocity − decay · parameter``, or with ``nesterov``
      ``parameter += momentum · velocity − learning_rate · gradient − decay · parameter``

    ``parameter``, ``gradient`` and ``velocity``: of the same shape, any; ``momentum``: at least 0
    and below 1.

    Source: Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964;
    Sutskever et al., *On the importance of initialization and momentum in deep learning*, 2013, for
    Nesterov's; both in Keras's form.
    """
    velocity *= momentum
    velocity -= learning_rate * gradient
    step = momentum * velocity - learning_rate * gradient if nesterov else velocity
    parameter += step - decay * parameter


@contracted
def rmsprop_step(parameter, gradient, mean_square, learning_rate, rho, epsilon, decay=0.0):
    """A step of RMSprop: divided by the root of the gradient's running mean square; in place.

    - ``mean_square = rho · mean_square + (1 − rho) · gradient²``
    - ``parameter −= learning_rate · gradient / √(mean_square + epsilon) + decay · parameter``

    ``parameter``, ``gradient`` and ``mean_square``, which starts as zeros: of the same shape, any;
    ``rho``: at least 0 and below 1; ``epsilon``: a small positive number.

    Source: Hinton, *Neural Networks for Machine Learning*, lecture 6e, with ``epsilon`` under the
    root as in Keras.
    """
    mean_square *= rho
    mean_square += (1 - rho) * gradient * gradient
    parameter -= learning_rate * gradient / np.sqrt(mean_square + epsilon) + decay * parameter


@contracted
def adam_step(
    parameter,
    gradient,
    mean,
    mean_square,
    learning_rate,
    beta_1,
    beta_2,
    epsilon,
    step,
    decay=0.0,
):
    """A step of Adam, in place: the gradient's running mean, by the root of its mean square.

    - ``mean = beta_1 · mean + (1 − beta_1) · gradient``
    - ``mean_square = beta_2 · mean_square + (1 − beta_2) · gradient²``
    - ``rate = learning_rate · √(1 − beta_2^step) / (1 − beta_1^step)``
    - ``parameter −= rate · mean / (√mean_square + epsilon) + decay · parameter``

    ``step`` counts from 1: both means start as zeros, which the rate of the first steps makes up
    for. ``parameter``, ``gradient``, ``mean`` and ``mean_square``: of the same shape, any;
    ``beta_1`` and ``beta_2``: at least 0 and below 1; ``epsilon``: a small positive number.

    Source: Kingma & Ba, *Adam*, 2015, in the order of computation at the end of its section 2; with
    ``decay``, Loshchilov & Hutter, *Decoupled Weight Decay Regularization*, 2019.
    """
    # mean += rest · (gradient − mean) is shorter, but loses digits where they differ much
    mean[...] = beta_1 * mean + (1 - beta_1) * gradient
    mean_square[...] = beta_2 * mean_square + (1 - beta_2) * gradient * gradient
    rate = learning_rate * np.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    parameter -= rate * mean / (np.sqrt(mean_square) + epsilon) + decay * parameter
