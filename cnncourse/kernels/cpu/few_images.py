"""A whole network for a few images in one call, by one thread.

For one image, the way from layer to layer takes longer than the arithmetic of most layers:
arguments are checked, arrays made, threads woken. Here the way is a `Program`: a table of steps,
with their sizes and the addresses of their weights. One compiled function goes through it, and
takes the same sums in the same order as the kernels that it stands in for.
"""

import numpy as np

from ..compiled_code import jit
from .convolution import convolve_widened, slides
from .convolution_pooled import convolve_and_pool, pooled_way
from .dense import dense_row_by_row
from .losses import softmax_rows
from .parallel.bands import copy_floats
from .simd.addresses import floats_at
from .simd.compiled_apart import make_known
from .simd.micro_kernel import NO_LEAST, ZERO
from .simd.tap_kernel import address_of_tap_kernel
from .simd.vector_width import VECTOR_WIDTH

CONVOLUTION, DENSE, SOFTMAX = range(3)

# A step's numbers, by the letters of ``contract.py``, P × Q being the output after the pooling; its
# geometry; and the addresses of its arrays. What a step does not have is 0.
STEP = np.dtype(
    [("kind", np.int64)]
    + [(letter, np.int64) for letter in "HWCUVPQO"]
    + [(name, np.int64) for name in ("down", "right", "above", "left", "pool_down", "pool_right")]
    + [(name, np.int64) for name in ("kernel", "bias", "mean", "variance", "gamma", "beta")]
    + [(name, np.int64) for name in ("by_taps", "by_pooling", "vectors", "most", "relu")]
    + [("epsilon", np.float64)]
)

_convolve = convolve_widened.alone()
_convolve_and_pool = convolve_and_pool.alone()


class Program:
    """The steps of a network, put in one after the other.

    It reads weights where they lie: what changes them in place changes what comes out.

    ``size``: how many values one image has before the first step.
    """

    def __init__(self, size):
        self.taken = self.size = size  # before the first step, and after the last one
        self.steps = np.zeros(0, STEP)
        self.weights = []  # kept, for compiled code has nothing but their addresses
        self.largest = 0  # values of one image between two steps
        make_known(_run)

    def convolution(self, kernel, bias, norm, geometry, pooling, relu):
        """A convolution and what `fused_conv2d` does after it.

        ``norm``: ``None``, or (mean, variance, gamma, beta, epsilon) of a batch normalisation
        between the two.
        """
        (height, width), (rows, columns) = geometry.image, pooling.output
        window, channels, filters = geometry.window, *kernel.shape[2:]
        weights = {"kernel": self._address(kernel, (*window, channels, filters))}
        weights["bias"] = self._address(bias, (filters,))
        if norm is not None:
            *moments, epsilon = norm
            for name, array in zip(("mean", "variance", "gamma", "beta"), moments, strict=True):
                weights[name] = self._address(array, (filters,))
            weights["epsilon"] = np.float32(epsilon)
        by_taps = slides(geometry, filters)
        by_pooling, vectors, most = pooled_way(pooling.window, geometry, channels, filters, by_taps)
        self._put(
            CONVOLUTION, height * width * channels, rows * columns * filters,
            H=height, W=width, C=channels, U=window[0], V=window[1], P=rows, Q=columns, O=filters,
            down=geometry.strides[0], right=geometry.strides[1],
            above=geometry.before[0], left=geometry.before[1],
            pool_down=pooling.window[0], pool_right=pooling.window[1],
            by_taps=address_of_tap_kernel() if by_taps else 0,
            by_pooling=by_pooling, vectors=vectors, most=most, relu=relu, **weights,
        )  # fmt: skip

    def dense(self, kernel, bias, relu):
        """What `fused_dense` does."""
        features, units = kernel.shape
        weights = {"kernel": self._address(kernel, (features, units))}
        weights["bias"] = self._address(bias, (units,))
        self._put(DENSE, features, units, C=features, O=units, relu=relu, **weights)

    def softmax(self, classes):
        """Softmax over the last axis, of ``classes`` values."""
        self._put(SOFTMAX, self.size, self.size, P=self.size // classes, C=classes)

    def _address(self, array, shape):
        if (array.shape, array.dtype, array.flags.c_contiguous) != (shape, np.float32, True):
            raise ValueError(
                f"expected a whole array {shape} of float32, got {array.shape} of {array.dtype}"
            )
        self.weights.append(array)
        return array.ctypes.data

    def _put(self, kind, taken, given, **numbers):
        if taken != self.size:
            raise ValueError(f"a step takes {taken} values, but is given {self.size}")
        step = np.zeros(1, STEP)
        for name, number in {"kind": kind, **numbers}.items():
            step[name] = number
        self.steps = np.concatenate([self.steps, step])
        self.largest = max(self.largest, given)
        self.size = given

    def run(self, images, out):
        """Fill ``out`` (N, …) with what the network gives for ``images`` (N, …), both float32.

        Gives whether all values of the images are finite; only then is anything written.
        """
        count = len(images)
        if images.size != count * self.taken or out.size != count * self.size:
            raise ValueError(
                f"expected {self.taken} values of each image and {self.size} of each output, got "
                f"{images.shape} and {out.shape}"
            )
        return _run(self.steps, images.reshape(-1), count, self.largest, out.reshape(-1))


@jit(nogil=True, error_model="numpy")
def _run(program, images, count, largest, out):
    """`Program.run` on flat arrays; ``largest``: values of one image between two steps."""
    finite = True
    for value in images:
        finite &= np.isfinite(value)
    if not finite:
        return False
    rooms = np.empty((2, count * largest), out.dtype)
    source = images
    for k in range(len(program)):
        step = program[k]
        target = out if k == len(program) - 1 else rooms[k % 2]
        if step.kind == CONVOLUTION:
            _convolution(step, source, count, target)
        elif step.kind == DENSE:
            _dense(step, source, count, target)
        else:
            rows = source[: count * step.P * step.C].reshape(-1, step.C)
            softmax_rows(rows, target[: rows.size].reshape(-1, step.C))
        source = target
    return True


@jit(inline="always")
def _convolution(step, source, count, target):
    x = source[: count * step.H * step.W * step.C].reshape(count, step.H, step.W, step.C)
    out = target[: count * step.P * step.Q * step.O].reshape(count, step.P, step.Q, step.O)
    kernel, bias = _weights(step)
    kernel = kernel.reshape(step.U, step.V, step.C, len(bias))
    strides, before = (step.down, step.right), (step.above, step.left)
    pool = (step.pool_down, step.pool_right)
    no_argmax = np.empty((0, 0, 0, 0), np.uint8)
    if step.by_pooling != 0:
        way = (step.by_pooling, step.vectors, step.most)
        _convolve_and_pool(
            x, kernel, bias, strides, before, pool, step.relu != 0, 1, way, out, no_argmax
        )
    else:
        _convolve(
            x, kernel, bias, strides, before, pool, step.relu != 0, 1, step.by_taps, out, no_argmax
        )


@jit(inline="always")
def _weights(step):
    """A convolution's kernel and bias, flat, `widened`, and with the normalisation in them."""
    filters = step.O
    taps = step.U * step.V * step.C
    kernel = floats_at(step.kernel, taps * filters)
    bias = floats_at(step.bias, filters)
    wide = -(-filters // VECTOR_WIDTH) * VECTOR_WIDTH
    if step.gamma == 0 and wide == filters:
        return kernel, bias
    scale = np.ones(filters, kernel.dtype)
    shifted = np.zeros(wide, kernel.dtype)
    copy_floats(bias, 0, shifted, 0, filters)
    if step.gamma != 0:
        mean = floats_at(step.mean, filters)
        variance = floats_at(step.variance, filters)
        gamma = floats_at(step.gamma, filters)
        beta = floats_at(step.beta, filters)
        for o in range(filters):
            scale[o] = gamma[o] / np.sqrt(variance[o] + np.float32(step.epsilon))
            shifted[o] = (bias[o] - mean[o]) * scale[o] + beta[o]
    packed = np.zeros(taps * wide, kernel.dtype)
    for tap in range(taps):
        for o in range(filters):
            packed[tap * wide + o] = kernel[tap * filters + o] * scale[o]
    return packed, shifted


@jit(inline="always")
def _dense(step, source, count, target):
    x = source[: count * step.C].reshape(count, step.C)
    out = target[: count * step.O].reshape(count, step.O)
    kernel = floats_at(step.kernel, step.C * step.O).reshape(step.C, step.O)
    least = ZERO if step.relu else NO_LEAST
    dense_row_by_row(x, kernel, floats_at(step.bias, step.O), least, out)
