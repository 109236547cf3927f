"""A `Network` run step by step in NumPy and float64, as plain as the reference kernels."""

from functools import reduce

import numpy as np

from ..kernels import reference
from . import steps


def outputs(network, images):
    """What each step gives for ``images`` (N, …): a list of float64 arrays (N, I, J, O).

    >>> from cnncourse.inference.network import of_model
    >>> from cnncourse.networks import tutorial
    >>> [array.shape for array in outputs(of_model(tutorial()), np.zeros((2, 28, 28, 1)))]
    [(2, 12, 12, 32), (2, 4, 4, 64), (2, 1, 1, 10), (2, 1, 1, 10)]
    """
    first = network.steps[0]
    x = np.asarray(images, np.float64).reshape(len(images), *first.input_shape)  # (N, H, W, C)
    results = []
    for step in network.steps:
        x = FORWARD[type(step)](step, x.reshape(len(x), *step.input_shape))
        x = np.ascontiguousarray(x)  # (N, I, J, O); not a view of what was padded
        results.append(x)
    return results


def convolution_sums(step, x, kernel):
    """A convolution without its bias, of x (N, H, W, C): (N, I, J, O), of the type of both.

    ``kernel``: (U, V, C, O), of which a dilated step's cells lie ``step.dilation`` pixels apart.
    """
    (down, right), sums = step.dilation, 0
    for u, v, under_cell in cells_under(x, step.geometry, 0):
        if u % down == v % right == 0:
            sums = sums + under_cell @ kernel[u // down, v // right]
    return sums


def window_sums(x, geometry, weights):
    """The sum under each window of x (N, H, W, C), with a weight (U, V) for each cell."""
    return sum(weights[u, v] * under_cell for u, v, under_cell in cells_under(x, geometry, 0))


def largest(x, geometry):
    """Max pooling of x (N, H, W, C): (N, I, J, C)."""
    least = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    return reduce(np.maximum, (cell for *_, cell in cells_under(x, geometry, least)))


def cells_under(x, geometry, beyond):
    """For each cell (u, v) of a window, what it sees of x (N, H, W, C) at all positions.

    ``beyond``: the value of what lies beyond the image. Yields u, v and a view (N, I, J, C).
    """
    ends = []
    for axis in range(2):
        reach = (geometry.output[axis] - 1) * geometry.strides[axis] + geometry.window[axis]
        behind = reach - geometry.before[axis] - geometry.image[axis]
        ends.append((geometry.before[axis], max(behind, 0)))
    padded = np.pad(x, [(0, 0), *ends, (0, 0)], constant_values=beyond)
    (rows, columns), (down, right) = geometry.output, geometry.strides
    for u, v in np.ndindex(*geometry.window):
        yield u, v, padded[:, u::down, v::right][:, :rows, :columns]


def _convolution(step, x):
    out = convolution_sums(step, x, np.float64(step.kernel)) + step.bias
    return largest(np.maximum(out, 0) if step.relu else out, step.pooling)


def _dense(step, x):
    out = x.reshape(len(x), 1, 1, -1) @ np.float64(step.kernel) + step.bias  # (N, 1, 1, O)
    return np.maximum(out, 0) if step.relu else out


def _scaling(step, x):
    out = x * np.float64(step.kernel) + step.bias
    return np.maximum(out, 0) if step.relu else out


def _max_pooling(step, x):
    return largest(x, step.geometry).reshape(len(x), *step.output_shape)


def _average_pooling(step, x):
    cells = np.float64(step.cells)
    on_image = window_sums(np.ones((1, *x.shape[1:3], 1)), step.geometry, cells)  # (1, I, J, 1)
    return window_sums(x, step.geometry, cells) / on_image


def _lp_pooling(step, x):
    out = np.empty((len(x), *step.geometry.output, x.shape[-1]))  # (N, I, J, C)
    reference.lp_pool2d(x, step.p, step.geometry, out)
    return out


def _activation(step, x):
    out = np.empty(x.shape)
    getattr(reference, step.function)(x, out)
    return out


def _softmax(step, x):
    out = np.empty((len(x), x[0].size))  # (N, K)
    reference.softmax(x.reshape(out.shape), out)
    return out.reshape(x.shape)


FORWARD = {
    steps.Convolution: _convolution,
    steps.Dense: _dense,
    steps.Scaling: _scaling,
    steps.MaxPooling: _max_pooling,
    steps.AveragePooling: _average_pooling,
    steps.LpPooling: _lp_pooling,
    steps.Activation: _activation,
    steps.Softmax: _softmax,
}
