"""The second piece: the backward pass of a convolution."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ....gradients import difference, numerical
from .hints import is_pair, matching

CLOSE = 1e-6  # the largest relative difference from finite differences


def check_convolution(function):
    """Say whether ``function(x, k, g)`` is the backward pass of a convolution.

    ``x`` (N, H, W, C), ``k`` (KH, KW, C, F), ``g`` (N, H − KH + 1, W − KW + 1, F): the gradients of
    ``k`` and of ``x``, in this order. They are compared with finite differences. Prints one line;
    a function that returns None counts as not written yet.

    >>> check_convolution(lambda x, k, g: None)
    not answered yet
    >>> check_convolution(convolution_backward)
    right: both gradients agree with finite differences
    """
    rng = np.random.default_rng(2)
    x = rng.normal(size=(2, 5, 6, 2))
    k = rng.normal(size=(3, 2, 2, 3))
    g = rng.normal(size=(2, 3, 5, 3))
    result = function(x.copy(), k.copy(), g.copy())
    if result is None:
        print("not answered yet")
    elif not is_pair(result):
        print("not yet: return two arrays, the gradient of k and that of x")
    elif (np.shape(result[0]), np.shape(result[1])) == (x.shape, k.shape):
        print("not yet: return the gradient of k first, then that of x")
    elif np.shape(result[0]) != k.shape:
        print(
            f"not yet: the gradient of k has the shape of k, {k.shape}, not {np.shape(result[0])}"
        )
    elif np.shape(result[1]) != x.shape:
        print(
            f"not yet: the gradient of x has the shape of x, {x.shape}, not {np.shape(result[1])}"
        )
    else:
        print(_convolution_verdict(x, k, g, *result))


def _convolution_verdict(x, k, g, by_k, by_x):
    """The check of gradients whose shapes are right."""

    def value():
        return np.sum(g * convolution(x, k))

    expected = numerical(value, k), numerical(value, x)
    if not _close(by_k, expected[0]):
        wrong = [
            (expected[0][::-1, ::-1], "the kernel's gradient is flipped; here there is no flip"),
            (expected[0] / len(x), "the kernel's gradient is a sum over the images, not a mean"),
            (convolution_backward(x[:1], k, g[:1])[0], "the kernel's gradient: add up all images"),
            (
                convolution_backward(x[-1:], k, g[-1:])[0],
                "the kernel's gradient: add up all images",
            ),
        ]
        return f"not yet: {matching(by_k, wrong, 'the gradient of k does not agree')}"
    if not _close(by_x, expected[1]):
        flipped = convolution_backward(x, k[::-1, ::-1], g)[1]
        wrong = [(flipped, "the input's gradient: the kernel must be flipped, or not twice")]
        return f"not yet: {matching(by_x, wrong, 'k is right, the gradient of x does not agree')}"
    return "right: both gradients agree with finite differences"


def convolution(x, k):
    """The forward pass: (N, H, W, C) and (KH, KW, C, F) give (N, H − KH + 1, W − KW + 1, F)."""
    windows = sliding_window_view(x, k.shape[:2], axis=(1, 2))  # (N, I, J, C, KH, KW)
    return np.einsum("nijcuv,uvcf->nijf", windows, k, optimize=True)


def convolution_backward(x, k, g):
    """A solution: each cell (u, v) of the kernel has met one shifted part of the input."""
    by_k = np.zeros(k.shape)
    by_x = np.zeros(x.shape)
    rows, columns = g.shape[1:3]
    for u in range(k.shape[0]):
        for v in range(k.shape[1]):
            part = np.s_[:, u : u + rows, v : v + columns]  # (N, I, J, C)
            by_k[u, v] = np.einsum("nijc,nijf->cf", x[part], g, optimize=True)
            by_x[part] += g @ k[u, v].T
    return by_k, by_x


def _close(a, b):
    return np.isfinite(a).all() and difference(np.asarray(a, float), b) < CLOSE
