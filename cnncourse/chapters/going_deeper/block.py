"""The long exercise: a residual block in NumPy, forward, backward, and its gradient check.

The block is relu(x + conv(relu(conv(x, a)), b)), with two kernels ``a`` and ``b`` of 3×3 and as
many filters as channels. Each piece has a check, and a solution to read.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ...gradients import difference, numerical

CLOSE = 1e-6  # the largest relative difference from finite differences
FAR = 1e-3  # what a gradient check must at least say of a backward pass that is wrong


def conv(x, kernel):
    """A convolution of 3×3 that keeps height and width, as all blocks of the exercise use it.

    ``x`` (N, H, W, C), ``kernel`` (3, 3, C, F); gives (N, H, W, F).

    >>> conv(np.ones((1, 2, 2, 1)), np.ones((3, 3, 1, 1)))[0, ..., 0]
    array([[4., 4.],
           [4., 4.]])
    """
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))  # (N, H + 2, W + 2, C)
    windows = sliding_window_view(padded, (3, 3), axis=(1, 2))  # (N, H, W, C, 3, 3)
    return np.einsum("nhwcuv,uvcf->nhwf", windows, kernel, optimize=True)


def conv_backward(x, kernel, g):
    """The backward pass of `conv`: the gradients of ``kernel`` and of ``x``.

    ``g`` (N, H, W, F) is the gradient of the output.

    >>> by_kernel, by_x = conv_backward(
    ...     np.ones((1, 2, 2, 1)), np.ones((3, 3, 1, 1)), np.ones((1, 2, 2, 1)))
    >>> by_kernel[..., 0, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))  # (N, H + 2, W + 2, C)
    by_kernel, by_padded = np.zeros(kernel.shape), np.zeros(padded.shape)
    rows, columns = g.shape[1:3]
    for u, v in np.ndindex(3, 3):
        part = np.s_[:, u : u + rows, v : v + columns]  # (N, H, W, C)
        by_kernel[u, v] = np.einsum("nhwc,nhwf->cf", padded[part], g, optimize=True)
        by_padded[part] += g @ kernel[u, v].T
    return by_kernel, by_padded[:, 1:-1, 1:-1]


def relu(z):
    """max(0, z), value by value."""
    return np.maximum(z, 0)


def forward(x, a, b):
    """A solution of the first piece.

    ``x`` (N, H, W, C), ``a`` and ``b`` (3, 3, C, C); gives (N, H, W, C).

    >>> forward(np.array([[[[2.0]]]]), np.full((3, 3, 1, 1), 0.5), np.full((3, 3, 1, 1), -1.0))
    array([[[[1.]]]])
    """
    return relu(x + conv(relu(conv(x, a)), b))


def backward(x, a, b, g):
    """A solution of the second piece: the gradients of ``a``, ``b`` and ``x``, in this order.

    ``g`` (N, H, W, C) is the gradient of the block's output.
    """
    z = conv(x, a)
    h = relu(z)
    g = g * (x + conv(h, b) > 0)  # back through the last ReLU
    by_b, by_h = conv_backward(h, b, g)
    by_a, by_x = conv_backward(x, a, by_h * (z > 0))
    return by_a, by_b, by_x + g  # the layers' way, and the shortcut's


def gradient_check(backward):
    """A solution of the third piece: the largest relative difference from finite differences."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 4, 5, 3))
    a, b = rng.normal(size=(2, 3, 3, 3, 3))
    g = rng.normal(size=x.shape)

    def value():
        return np.sum(g * forward(x, a, b))

    found = backward(x, a, b, g)
    expected = [numerical(value, array) for array in (a, b, x)]
    return max(difference(*pair) for pair in zip(found, expected, strict=True))


# The checks


def check_forward(function):
    """Say whether ``function(x, a, b)`` computes the block.

    Prints one line; a function that returns None counts as not written yet.

    >>> check_forward(lambda x, a, b: None)
    not answered yet
    >>> check_forward(forward)
    right: two convolutions, the shortcut, and a ReLU on the sum
    """
    x, a, b, _ = _example()
    result = function(x.copy(), a.copy(), b.copy())
    if result is None:
        print("not answered yet")
        return
    result = np.asarray(result, float)
    if result.shape != x.shape:
        print(f"not yet: the output has the shape of x, {x.shape}, yours is {result.shape}")
    elif np.allclose(result, forward(x, a, b)):
        print("right: two convolutions, the shortcut, and a ReLU on the sum")
    else:
        print(f"not yet: {_matching(result, _wrong_outputs(x, a, b), 'the values differ')}")


def _wrong_outputs(x, a, b):
    """What mistakes give, each with its hint."""
    inner = conv(relu(conv(x, a)), b)
    return [
        (relu(inner), "the shortcut is missing: add x to what the layers give"),
        (x + inner, "the last ReLU is missing: it comes behind the sum"),
        (x + relu(inner), "add first: the last ReLU works on the sum"),
        (relu(x + conv(conv(x, a), b)), "a ReLU between the two convolutions is missing"),
        (relu(x + relu(inner)), "there is one ReLU too many: the sum takes what b gives as it is"),
        (relu(x + conv(relu(x + conv(x, a)), b)), "the shortcut goes past both convolutions"),
        (relu(relu(conv(x, a)) + inner), "the shortcut begins at x, before the first convolution"),
        (relu(x * inner), "the two ways are added, not multiplied"),
        (relu(x + conv(relu(conv(x, b)), a)), "a comes first, then b"),
    ]


def check_backward(function):
    """Say whether ``function(x, a, b, g)`` gives the gradients of ``a``, ``b`` and ``x``.

    Prints one line; a function that returns None counts as not written yet.

    >>> check_backward(lambda x, a, b, g: None)
    not answered yet
    >>> check_backward(backward)
    right: all three gradients, and that of x has both ways in it
    """
    x, a, b, g = _example()
    result = function(x.copy(), a.copy(), b.copy(), g.copy())
    if result is None:
        print("not answered yet")
    elif not (isinstance(result, (tuple, list)) and len(result) == 3):
        print("not yet: return three arrays: the gradients of a, of b and of x")
    elif [np.shape(array) for array in result] != [a.shape, b.shape, x.shape]:
        print("not yet: the gradients have the shapes of a, of b and of x, in this order")
    else:
        print(_gradients_verdict(x, a, b, g, [np.asarray(array, float) for array in result]))


def _gradients_verdict(x, a, b, g, result):
    """The check of gradients whose shapes are right: b first, as the backward pass meets it."""
    by_a, by_b, by_x = backward(x, a, b, g)
    z = conv(x, a)
    h = relu(z)
    masked = g * (x + conv(h, b) > 0)
    by_h = conv_backward(h, b, masked)[1]
    if np.allclose(result[0], by_b) and np.allclose(result[1], by_a):
        return "not yet: the gradient of a comes first, then that of b"
    if not np.allclose(result[1], by_b):
        wrong = [
            (
                conv_backward(h, b, g)[0],
                "start with the last ReLU: where the sum is at most 0, g is 0",
            ),
            (conv_backward(z, b, masked)[0], "b has met what the ReLU gives, not what a gives"),
            (conv_backward(x, b, masked)[0], "b has met what the first ReLU gives, not x"),
        ]
        return f"not yet: {_matching(result[1], wrong, 'the gradient of b does not agree')}"
    if not np.allclose(result[0], by_a):
        wrong = [
            (conv_backward(x, a, by_h)[0], "the ReLU between them lets through where z > 0"),
            (conv_backward(x, a, masked * (z > 0))[0], "a's gradient comes back through b"),
        ]
        hint = _matching(result[0], wrong, "the gradient of a does not agree")
        return f"not yet: b is right; {hint}"
    if not np.allclose(result[2], by_x):
        wrong = [
            (by_x - masked, "the shortcut's part is missing: x has a second way to the output"),
            (masked, "that is the shortcut's part alone: add what comes back through a"),
            (by_x - masked + g, "the shortcut's part, too, goes back through the last ReLU first"),
            (by_x - masked + by_h, "the shortcut begins at x: what joins there comes from the sum"),
        ]
        hint = _matching(result[2], wrong, "the gradient of x does not agree")
        return f"not yet: a and b are right; {hint}"
    return "right: all three gradients, and that of x has both ways in it"


def check_gradient_check(function):
    """Say whether ``function(backward)`` finds out if a block's backward pass is right.

    ``function`` gets a backward pass such as `backward` and returns the largest relative difference
    of its three gradients from finite differences. It is given a right one, and some with a mistake
    each. Prints one line; a function that returns None counts as not written yet.

    >>> check_gradient_check(lambda backward: None)
    not answered yet
    >>> check_gradient_check(gradient_check)
    right: it passes the right one, and catches a mistake in each of the three gradients
    """
    of_right = function(backward)
    if of_right is None:
        print("not answered yet")
        return
    missed = [name for name, wrong in _WRONG_PASSES.items() if not _caught(function, wrong)]
    if np.ndim(of_right) != 0:
        print("not yet: return one number, the largest of the differences")
    elif missed == list(_WRONG_PASSES):
        print("not yet: it lets every mistake pass: compare with numerical, and return the largest")
    elif not of_right < CLOSE:
        print(
            f"not yet: it says {of_right:.1g} of the right backward pass: is value() the block's?"
        )
    elif missed:
        print(f"not yet: it does not see a mistake in the gradient of {missed[0]}")
    else:
        print(
            "right: it passes the right one, and catches a mistake in each of the three gradients"
        )


def _caught(function, wrong):
    return np.max(function(wrong)) > FAR


def _with_mistake(number, change):
    """A backward pass whose ``number``-th gradient has been changed."""

    def wrong(x, a, b, g):
        result = list(backward(x, a, b, g))
        result[number] = change(result[number], x, a, b, g)
        return tuple(result)

    return wrong


_WRONG_PASSES = {
    "a": _with_mistake(0, lambda by_a, *_: by_a[::-1, ::-1]),
    "b": _with_mistake(1, lambda by_b, *_: by_b / 2),
    "x": _with_mistake(2, lambda by_x, x, a, b, g: by_x - g * (x + conv(relu(conv(x, a)), b) > 0)),
}


def _example():
    """x, a, b and g whose sums keep away from the kinks of ReLU."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 4, 5, 3))
    a, b = rng.normal(size=(2, 3, 3, 3, 3))
    return x, a, b, rng.normal(size=x.shape)


def _matching(array, wrong, otherwise):
    """The hint of the wrong array that ``array`` is."""
    return next((hint for other, hint in wrong if np.allclose(array, other)), otherwise)
