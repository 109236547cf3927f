"""Convolution, bias, ReLU and max pooling in one go: what lies between them stays in the cache.

Letters name sizes as in ``contract.py``; P × Q are the positions after the pooling. ``pooling`` is
a max pooling's `Geometry`, its windows side by side, with at most 255 cells and without padding; a
window of one cell pools nothing.

``argmax`` (N, P, Q, O), uint8, leads the gradient back: for each value that came out, the cell of
its window that it came from, counted row by row (u · window width + v), or `BLOCKED_BY_RELU`, 255,
where ReLU let nothing through.
"""

from ..contract import contracted
from .bias import sum_rows
from .convolution import convolve
from .convolution_input_gradient import NO_ADDEND, input_gradient
from .convolution_kernel_gradient import kernel_gradient
from .max_pooling_rows import NO_ARGMAX
from .parallel import second_compiler


@contracted
def fused_conv2d(x, kernel, bias, geometry, pooling, relu, out, argmax):
    """Convolution and bias, then max pooling, then ReLU if ``relu``.

    ``out = pool(conv2d(x, kernel) + bias)``, or ``max(0, …)`` of it. ReLU gives the same after the
    pooling as before it, with less work. NaN stays.

    ``x``: (N, H, W, C); ``kernel``: (U, V, C, O); ``bias``: (O,); ``geometry``: the convolution's;
    ``relu``: bool; ``out``: (N, P, Q, O). Floats are float32. ``argmax`` is written; it may be
    ``None`` if there will be no backward pass.
    """
    if argmax is not None:
        second_compiler.start()  # which has work only once
    convolve(x, kernel, bias, geometry, pooling.window, relu, out, _argmax_array(argmax))


@contracted
def fused_conv2d_kernel_gradient(x, gradient, argmax, geometry, pooling, out):
    """d loss / d kernel, from the gradient of what `fused_conv2d` gave.

    ``out[u, v, c, o] = Σ x[n, i·S + u, j·S + v, c] · expanded[n, i, j, o]`` over n, i and j, where
    ``expanded`` has each gradient at the position that ``argmax`` names, and else 0.

    ``x``: (N, H, W, C); ``gradient``: (N, P, Q, O); ``out``: (U, V, C, O). Floats are float32.
    ``argmax`` may be ``None`` if there was neither pooling nor ReLU.
    """
    kernel_gradient(x, gradient, _argmax_array(argmax), geometry, pooling.window, out)


@contracted
def fused_conv2d_input_gradient(gradient, argmax, kernel, addend, geometry, pooling, out):
    """d loss / d x, from the gradient of what `fused_conv2d` gave, and ``addend``.

    ``out[n, i·S + u, j·S + v, c] += expanded[n, i, j, o] · kernel[u, v, c, o]`` for all i, j, u, v
    and o, where ``expanded`` has each gradient at the position that ``argmax`` names, and else 0;
    and then ``out += addend``, which is what x got another way, past a shortcut say.

    ``gradient``: (N, P, Q, O); ``kernel``: (U, V, C, O); ``addend`` and ``out``: (N, H, W, C).
    Floats are float32. ``addend`` may be ``None``, and so may ``argmax`` if there was neither
    pooling nor ReLU.
    """
    addend = NO_ADDEND if addend is None else addend
    input_gradient(gradient, _argmax_array(argmax), kernel, geometry, pooling.window, addend, out)


def _argmax_array(argmax):
    """The argmax as compiled code takes it: an array of one type, whether there is any or not."""
    return NO_ARGMAX if argmax is None else argmax


@contracted
def fused_bias_gradient(gradient, argmax, out):
    """d loss / d bias: the gradient summed over images and positions, where ReLU let it through.

    ``gradient``: (…, O) float32; ``argmax``: the same shape; it may be ``None`` if there was no
    ReLU. ``out``: (O,) float32.
    """
    sum_rows(gradient, _argmax_array(argmax), out)
