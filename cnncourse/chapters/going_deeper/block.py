"""The long exercise: a residual block in NumPy, forward, backward, and its gradient check.

The block is relu(x + conv(relu(conv(x, a)), b)), with two kernels ``a`` and ``b`` of 3×3 and as
many filters as channels. Each piece has a check, and a solution to read.
"""

import numpy as np

from ...building import Piece, conv2d, conv2d_backward
from ...gradients import difference, numerical
from ...support.answers import as_number, called, is_verdict
from ...support.cases import case_rng
from ...support.verdict import not_yet, right

CLOSE = 1e-6  # the largest relative difference from finite differences
FAR = 1e-3  # what a gradient check must at least say of a backward pass that is wrong


def conv(x, kernel):
    """A convolution of 3×3 that keeps height and width, as all blocks of the exercise use it.

    ``x`` (N, H, W, C), ``kernel`` (3, 3, C, F); gives (N, H, W, F).

    >>> conv(np.ones((1, 2, 2, 1)), np.ones((3, 3, 1, 1)))[0, ..., 0]
    array([[4., 4.],
           [4., 4.]])
    """
    return conv2d(x, kernel, np.zeros(kernel.shape[3]), 1, 1)


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
    by_x, by_kernel, _ = conv2d_backward(x, kernel, np.zeros(kernel.shape[3]), 1, 1, g)
    return by_kernel, by_x


def relu(z):
    """max(0, z), value by value."""
    return np.maximum(z, 0)


def forward(x, a, b):
    """A solution: one convolution, ReLU, the other convolution, plus x, ReLU.

    ``x`` (N, H, W, C), ``a`` and ``b`` (3, 3, C, C); gives (N, H, W, C).

    >>> forward(np.array([[[[2.0]]]]), np.full((3, 3, 1, 1), 0.5), np.full((3, 3, 1, 1), -1.0))
    array([[[[1.]]]])
    """
    return relu(x + conv(relu(conv(x, a)), b))


def backward(x, a, b, g):
    """A solution: back from the last ReLU, on both ways. Gradients of ways that meet add up.

    It gives the gradients of ``a``, ``b`` and ``x``, in this order.
    ``g`` (N, H, W, C) is the gradient of the block's output.
    """
    z = conv(x, a)
    h = relu(z)
    g = g * (x + conv(h, b) > 0)  # back through the last ReLU
    by_b, by_h = conv_backward(h, b, g)
    by_a, by_x = conv_backward(x, a, by_h * (z > 0))
    return by_a, by_b, by_x + g  # the layers' way, and the shortcut's


def gradient_check(backward):
    """A solution: the largest relative difference from finite differences."""
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

    A function that returns None counts as not written yet.

    >>> check_forward(lambda x, a, b: None)
    not answered yet
    >>> check_forward(forward)
    right: two convolutions, the shortcut, and a ReLU on the sum
    """
    return _FORWARD.check(function)


def check_backward(function):
    """Say whether ``function(x, a, b, g)`` gives the gradients of ``a``, ``b`` and ``x``.

    A function that returns None counts as not written yet.

    >>> check_backward(lambda x, a, b, g: None)
    not answered yet
    >>> check_backward(backward)
    right: all three gradients, and that of x has both ways in it
    """
    return _BACKWARD.check(function)


def _example(seed, images, height, width, channels):
    """x, a, b and g."""
    rng = case_rng(seed)
    x = rng.normal(size=(images, height, width, channels))
    a, b = rng.normal(size=(2, 3, 3, channels, channels))
    return x, a, b, rng.normal(size=x.shape)


_EXAMPLES = [_example(1, 2, 4, 5, 3), _example(2, 3, 5, 3, 2)]


def _inner(x, a, b):
    """What the two convolutions give, before the sum."""
    return conv(relu(conv(x, a)), b)


_FORWARD = Piece(
    solution=forward,
    steps={"": [(x, a, b) for x, a, b, _ in _EXAMPLES]},
    outputs=("an array of the shape of x",),
    mistakes=(
        (
            lambda x, a, b: relu(_inner(x, a, b)),
            "the shortcut is missing: add x to what the layers give",
        ),
        (
            lambda x, a, b: x + _inner(x, a, b),
            "the last ReLU is missing: it comes after the sum",
        ),
        (
            lambda x, a, b: x + relu(_inner(x, a, b)),
            "add first: the last ReLU works on the sum",
        ),
        (
            lambda x, a, b: relu(x + conv(conv(x, a), b)),
            "a ReLU between the two convolutions is missing",
        ),
        (
            lambda x, a, b: relu(x + relu(_inner(x, a, b))),
            "there is one ReLU too many: the sum takes what b gives as it is",
        ),
        (
            lambda x, a, b: relu(x + conv(relu(x + conv(x, a)), b)),
            "the shortcut goes past both convolutions",
        ),
        (
            lambda x, a, b: relu(relu(conv(x, a)) + _inner(x, a, b)),
            "the shortcut begins at x, before the first convolution",
        ),
        (lambda x, a, b: relu(x * _inner(x, a, b)), "the two ways are added, not multiplied"),
        (lambda x, a, b: forward(x, b, a), "a comes first, then b"),
    ),
    praise="two convolutions, the shortcut, and a ReLU on the sum",
)


def _backward_with(
    last=True, inner=True, met_by_b=lambda x, z: relu(z), by_z=None, layers_way=True, way=None
):
    """`backward` with a mistake.

    ``last``, ``inner``: whether g goes back through these ReLUs; ``met_by_b``: what b is said to
    have met; ``by_z``: what goes back to z, of the gradients of the sum and of h; ``layers_way``:
    whether x gets what comes back through a; ``way``: what the shortcut brings, of g, of the
    gradients of the sum and of h.
    """

    def function(x, a, b, g):
        z = conv(x, a)
        of_sum = g * (x + conv(relu(z), b) > 0)
        start = of_sum if last else g
        by_b, by_h = conv_backward(met_by_b(x, z), b, start)
        back = (by_z(start, by_h) if by_z else by_h) * ((z > 0) if inner else 1)
        by_a, by_x = conv_backward(x, a, back)
        return by_a, by_b, by_x * layers_way + (way(g, of_sum, by_h) if way else start)

    return function


_BACKWARD = Piece(
    solution=backward,
    steps={"": _EXAMPLES},
    outputs=("the gradient of a", "that of b", "that of x"),
    mistakes=(
        (
            _backward_with(last=False),
            "start with the last ReLU: g is 0 where the sum is",
        ),
        (_backward_with(inner=False), "the ReLU between them lets through where z > 0"),
        (_backward_with(last=False, inner=False), "go back through both ReLUs"),
        (
            _backward_with(by_z=lambda of_sum, by_h: of_sum),
            "it comes back through b: take the gradient of b's input",
        ),
        (
            _backward_with(met_by_b=lambda x, z: z),
            "b has met what the ReLU gives, not what a gives",
        ),
        (
            _backward_with(met_by_b=lambda x, z: x),
            "b has met what the first ReLU gives, not x",
        ),
        (
            _backward_with(way=lambda g, of_sum, by_h: 0),
            "the shortcut's part is missing: x has a second way to the output",
        ),
        (
            _backward_with(layers_way=False),
            "that is the shortcut's part alone: add what comes back through a",
        ),
        (
            _backward_with(way=lambda g, of_sum, by_h: g),
            "the shortcut's part, too, goes back through the last ReLU first",
        ),
        (
            _backward_with(way=lambda g, of_sum, by_h: by_h),
            "the shortcut begins at x: what joins there comes from the sum",
        ),
    ),
    praise="all three gradients, and that of x has both ways in it",
)


def check_gradient_check(function):
    """Say whether ``function(backward)`` finds out if a block's backward pass is right.

    ``function`` gets a backward pass such as `backward` and returns the largest relative difference
    of its three gradients from finite differences. It is given a right one, and some with a mistake
    each. A function that returns None counts as not written yet.

    >>> check_gradient_check(lambda backward: None)
    not answered yet
    >>> check_gradient_check(gradient_check)
    right: it passes the right one, and catches a mistake in each of the three gradients
    """
    found = {name: called(function, each) for name, each in _PASSES.items()}
    for result in found.values():
        if is_verdict(result):
            return result
        if as_number(result) is None:
            return not_yet("return one number, the largest of the differences")
    of_right = found.pop("right")
    missed = [name for name, result in found.items() if not result > FAR]
    if len(missed) == len(found):
        return not_yet("it lets every mistake pass: compare with numerical, and return the largest")
    if not of_right < CLOSE:
        return not_yet(
            f"it says {of_right:.1g} of the right backward pass: is value() the block's?"
        )
    if missed:
        return not_yet(f"it does not see a mistake in the gradient of {missed[0]}")
    return right("it passes the right one, and catches a mistake in each of the three gradients")


def _with_mistake(number, change):
    """A backward pass whose ``number``-th gradient has been changed."""

    def wrong(x, a, b, g):
        result = list(backward(x, a, b, g))
        result[number] = change(result[number], x, a, b, g)
        return tuple(result)

    return wrong


_PASSES = {
    "right": backward,
    "a": _with_mistake(0, lambda by_a, *_: by_a[::-1, ::-1]),
    "b": _with_mistake(1, lambda by_b, *_: by_b / 2),
    "x": _with_mistake(2, lambda by_x, x, a, b, g: by_x - g * (x + _inner(x, a, b) > 0)),
}
