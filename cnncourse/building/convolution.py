"""The convolutional layer with channels, stride and padding: forward, and back."""

import numpy as np

from ..support.cases import case_rng
from .piece import Piece, changed_outputs

SIDES = 7, 11  # pixels of the drawn images: from, to below
CASES = 3  # of each step


def conv2d(x, kernel, bias, S, P):
    """A solution: the layer's equation for all images, positions and filters at once.

    ``x``: (N, H, W, C), ``kernel``: (U, V, C, O), ``bias``: (O,), ``S``: stride, ``P``: padding;
    the result is (N, I, J, O).

    >>> conv2d(np.ones((1, 3, 3, 2)), np.ones((3, 3, 2, 1)), np.array([0.5]), S=2, P=1)[0, :, :, 0]
    array([[8.5, 8.5],
           [8.5, 8.5]])
    """
    x = np.pad(x, ((0, 0), (P, P), (P, P), (0, 0)))
    down = (x.shape[1] - kernel.shape[0]) // S + 1  # positions
    across = (x.shape[2] - kernel.shape[1]) // S + 1
    out = np.zeros((len(x), down, across, kernel.shape[3])) + bias
    for u, v in np.ndindex(kernel.shape[:2]):
        seen = x[:, u : u + S * down : S, v : v + S * across : S]  # by cell (u, v) everywhere
        out += seen @ kernel[u, v]  # (N, I, J, C) @ (C, O)
    return out


def conv2d_backward(x, kernel, bias, S, P, g):
    """A solution: the gradients of ``x``, ``kernel`` and ``bias``.

    ``g``: (N, I, J, O), the gradient of the output of `conv2d`. Each cell (u, v) of the kernel has
    seen a part of the padded input: the kernel's gradient is read from there, the input's is added
    there.

    >>> by_x, by_kernel, by_bias = conv2d_backward(
    ...     np.ones((1, 3, 3, 1)), np.ones((2, 2, 1, 1)), np.zeros(1), 1, 0, np.ones((1, 2, 2, 1)))
    >>> by_x[0, ..., 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    >>> by_kernel[..., 0, 0].tolist(), by_bias.tolist()
    ([[4.0, 4.0], [4.0, 4.0]], [4.0])
    """
    padded = np.pad(x, ((0, 0), (P, P), (P, P), (0, 0)))
    by_padded, by_kernel = np.zeros(padded.shape), np.zeros(kernel.shape)
    down, across = g.shape[1:3]
    for u, v in np.ndindex(kernel.shape[:2]):
        part = np.s_[:, u : u + S * down : S, v : v + S * across : S]  # (N, I, J, C)
        by_kernel[u, v] = np.einsum("nijc,nijo->co", padded[part], g, optimize=True)
        by_padded[part] += g @ kernel[u, v].T
    by_x = by_padded[:, P : P + x.shape[1], P : P + x.shape[2]]
    return by_x, by_kernel, g.sum(axis=(0, 1, 2))


# The cases

_rng = case_rng(2)


def _drawn(images=1, channels=1, filters=1, windows=(2, 4), S=(1,), P=(0,), bias=False):
    """Arguments of `conv2d`, with sides and a window of any size that fits: ``CASES`` of them."""
    return [
        _arguments(images, channels, filters, windows, S[k % len(S)], P[k % len(P)], bias)
        for k in range(CASES)
    ]


def _arguments(images, channels, filters, windows, S, P, with_bias):
    height, width = _rng.permutation(np.arange(*SIDES))[:2]  # they differ
    window = _rng.permutation(np.arange(windows[0], windows[1] + 1))[:2]
    if len(window) == 1:
        window = np.repeat(window, 2)
    x = _rng.normal(size=(images, height, width, channels))
    kernel = _rng.normal(size=(*window, channels, filters))
    bias = _rng.normal(size=filters) * with_bias
    return x, kernel, bias, S, P


STEPS = {
    "one image, one channel, one filter": _drawn(windows=(3, 3)),
    "a window that is no square": _drawn(),
    "several channels": _drawn(channels=3),
    "several filters": _drawn(channels=3, filters=2),
    "several images": _drawn(4, 3, 2),
    "a bias": _drawn(4, 3, 2, bias=True),
    "a stride": _drawn(4, 3, 2, (2, 3), S=(2, 3), bias=True),
    "padding": _drawn(4, 3, 2, P=(1, 2), bias=True),
    "stride and padding together": _drawn(4, 3, 2, (2, 3), S=(2, 3), P=(1, 2), bias=True),
}


def _with_gradient(arguments):
    out = conv2d(*arguments)
    return *arguments, _rng.normal(size=out.shape)


BACKWARD_STEPS = {
    step: [_with_gradient(arguments) for arguments in STEPS[step]]
    for step in (
        "one image, one channel, one filter",
        "several filters",
        "a bias",
        "a stride",
        "padding",
        "stride and padding together",
    )
}


# The mistakes


def _uneven(before=(1, 1), behind=(1, 1), strides=(True, True), mode="constant"):
    """`conv2d` where padding or stride differ from side to side.

    ``before``: how many times ``P`` is added above, and left; ``behind``: below, and right;
    ``strides``: whether ``S`` counts downwards, and sideways.
    """

    def mistake(x, kernel, bias, S, P):
        widths = [(first * P, last * P) for first, last in zip(before, behind, strict=True)]
        padded = np.pad(x, [(0, 0), *widths, (0, 0)], mode=mode)
        down, across = (S if counts else 1 for counts in strides)
        return conv2d(padded, kernel, bias, 1, 0)[:, ::down, ::across]

    return mistake


def _pixels_skipped(x, kernel, bias, S, P):
    padded = np.pad(x, ((0, 0), (P, P), (P, P), (0, 0)))
    return conv2d(padded[:, ::S, ::S], kernel, bias, 1, 0)


MISTAKES = (
    (
        lambda x, kernel, bias, S, P: conv2d(x, kernel[::-1, ::-1], bias, S, P),
        "the kernel is flipped; a layer does not flip",
    ),
    (
        lambda x, kernel, bias, S, P: conv2d(x, kernel.swapaxes(0, 1), bias, S, P),
        "rows and columns of the kernel are exchanged",
    ),
    (
        lambda x, kernel, bias, S, P: conv2d(x[..., :1], kernel[:, :, :1], bias, S, P),
        "only channel 0 is used",
    ),
    (
        lambda x, kernel, bias, S, P: conv2d(x, kernel / x.shape[3], bias, S, P),
        "channels are added up; yours are averaged",
    ),
    (
        lambda x, kernel, bias, S, P: conv2d(x, kernel[..., [0] * kernel.shape[3]], bias, S, P),
        "all filters are the first one",
    ),
    (
        lambda x, kernel, bias, S, P: conv2d(x[[0] * len(x)], kernel, bias, S, P),
        "all images give the result of the first",
    ),
    (
        lambda x, kernel, bias, S, P: conv2d(x, kernel, 0 * bias, S, P),
        "the bias is missing",
    ),
    (
        lambda x, kernel, bias, S, P: conv2d(x, kernel, x.shape[3] * bias, S, P),
        "the bias is added once for each channel; once is enough",
    ),
    (
        lambda x, kernel, bias, S, P: conv2d(x, kernel, kernel[..., 0, 0].size * bias, S, P),
        "the bias is added once for each cell of the window; once is enough",
    ),
    (
        lambda x, kernel, bias, S, P: conv2d(x, kernel, kernel[..., 0].size * bias, S, P),
        "the bias is added once for each weight of the filter; once is enough",
    ),
    (_uneven(strides=(False, False)), "the stride is forgotten"),
    (_uneven(strides=(True, False)), "the stride counts downwards only; it counts sideways, too"),
    (_uneven(strides=(False, True)), "the stride counts sideways only; it counts downwards, too"),
    (_pixels_skipped, "the window moves by S pixels, but still sees all pixels below it"),
    (_uneven((0, 0), (0, 0)), "the padding is forgotten"),
    (_uneven(behind=(0, 0)), "there are zeros above and left only; pad below and right, too"),
    (_uneven(before=(0, 0)), "there are zeros below and right only; pad above and left, too"),
    (_uneven((1, 0), (1, 0)), "there are zeros above and below only; pad left and right, too"),
    (_uneven((0, 1), (0, 1)), "there are zeros left and right only; pad above and below, too"),
    (_uneven(mode="edge"), "outside the image are zeros; yours repeats its border"),
)


def _overwritten(by_x, x, kernel, bias, S, P, g):
    """The input's gradient where each cell of the kernel forgets the ones before."""
    padded = np.pad(0 * x, ((0, 0), (P, P), (P, P), (0, 0)))
    down, across = g.shape[1:3]
    for u, v in np.ndindex(kernel.shape[:2]):
        padded[:, u : u + S * down : S, v : v + S * across : S] = g @ kernel[u, v].T
    return padded[:, P : P + x.shape[1], P : P + x.shape[2]]


def _padding_kept(by_x, x, kernel, bias, S, P, g):
    padded = np.pad(x, ((0, 0), (P, P), (P, P), (0, 0)))
    return conv2d_backward(padded, kernel, bias, S, 0, g)[0]


def _flipped(by_x, x, kernel, bias, S, P, g):
    return conv2d_backward(x, kernel[::-1, ::-1], bias, S, P, g)[0]


def _stride_forgotten(k):
    def gradient(right, x, kernel, bias, S, P, g):
        return conv2d_backward(x, kernel, bias, 1, P, g)[k]

    return gradient


def _one_image(k, n):
    """Output ``k`` from image ``n`` alone."""

    def gradient(right, x, kernel, bias, S, P, g):
        return conv2d_backward(x[[n]], kernel, bias, S, P, g[[n]])[k]

    return gradient


_BACKWARD_MISTAKES = (
    (0, _flipped, "the kernel must be flipped, or not twice"),
    (0, _overwritten, "an input under several windows gets a part from each: add them up"),
    (0, _padding_kept, "cut the padding off again"),
    (0, _stride_forgotten(0), "two neighbours in g lie S pixels apart in x"),
    (1, lambda right, *_: right[::-1, ::-1], "it is flipped; here there is no flip"),
    (1, lambda right, x, *_: right / len(x), "a sum over the images, not their mean"),
    (1, _one_image(1, 0), "add up all images"),
    (1, _one_image(1, -1), "add up all images"),
    (1, _stride_forgotten(1), "two neighbours in g have seen parts of x that lie S pixels apart"),
    (2, lambda *arguments: arguments[-1].sum(axis=0), "the positions of all images are added up"),
    (2, lambda *arguments: arguments[-1].sum(axis=(1, 2)), "the images are added up, too"),
    (2, lambda right, x, *_: right / len(x), "a sum over the images, not their mean"),
    (2, lambda *arguments: arguments[-1].mean(axis=(0, 1, 2)), "a sum, not a mean"),
    (2, _one_image(2, 0), "add up all images"),
    (2, _one_image(2, -1), "add up all images"),
)

CONV2D = Piece(
    solution=conv2d,
    steps=STEPS,
    outputs=("the maps",),
    mistakes=MISTAKES,
    praise=f"all {len(STEPS)} steps, channels, filters, bias, stride and padding",
)
CONV2D_BACKWARD = Piece(
    solution=conv2d_backward,
    steps=BACKWARD_STEPS,
    outputs=("the gradient of x", "the gradient of kernel", "the gradient of bias"),
    mistakes=changed_outputs(conv2d_backward, _BACKWARD_MISTAKES),
    praise="all three gradients, with channels, filters, stride and padding",
)


def check_conv2d(function):
    """Say up to which step ``function(x, kernel, bias, S, P)`` is a convolutional layer.

    Each step adds one thing: channels, filters, images, bias, stride, padding. Arguments and result
    are those of `conv2d`. A function that returns None counts as not written yet.

    >>> check_conv2d(lambda x, kernel, bias, S, P: conv2d(x, kernel, 0 * bias, S, P))
    not yet: at step 6 of 9, "a bias": the bias is missing
    """
    return CONV2D.check(function)


def check_conv2d_backward(function):
    """Say up to which step ``function(x, kernel, bias, S, P, g)`` gives a layer's gradients.

    Arguments and results are those of `conv2d_backward`. A function that returns None counts as not
    written yet.

    >>> check_conv2d_backward(conv2d_backward)
    right: all three gradients, with channels, filters, stride and padding
    """
    return CONV2D_BACKWARD.check(function)
