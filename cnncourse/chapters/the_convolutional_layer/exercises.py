"""Chapter 02's exercises: their checks, which say what is wrong, and solutions to read."""

from itertools import product
from math import ceil, prod

from ...building import check_conv2d, conv2d
from ...layers import Conv2D
from ...support.text import size_text

__all__ = [
    "check_conv2d",
    "check_layer",
    "check_output_size",
    "check_stack",
    "conv2d",
    "output_size",
    "trainable",
]

MOST = 900  # parameters of the layer to be designed
INPUT, SIDE, FILTERS = (28, 28, 1), 14, 32  # what it takes, and the maps that it is to give


def trainable(function):
    """``function`` if it is a right `conv2d`, else the solution; says which, in one line.

    >>> trainable(lambda x, kernel, bias, S, P: None) is conv2d
    not answered yet, so the solution is used
    True
    """
    verdict = check_conv2d(function)
    print("your layer is used" if verdict else f"{verdict.state}, so the solution is used")
    return function if verdict else conv2d


def check_output_size(function):
    """Say whether ``function(W, F, P, S)`` is how many positions a window has on a side.

    ``W`` pixels, a window of ``F`` cells, ``P`` zeros on both sides, ``S`` pixels at a step; it is
    tried on all small cases in which the window fits, and a mistake is named only if it explains
    all of them. Prints one line; a function that returns None counts as not written yet.

    >>> check_output_size(lambda W, F, P, S: None)
    not answered yet
    >>> check_output_size(lambda W, F, P, S: (W - F) // S + 1)
    not yet: W=1, F=1, P=1, S=1 gives 3, yours 1; looks as if the padding were forgotten
    """
    cases = [
        (W, F, P, S)
        for W, F, P, S in product(range(1, 12), range(1, 8), range(4), range(1, 5))
        if F <= W + 2 * P
    ]
    answers = [function(*case) for case in cases]
    if any(answer is None for answer in answers):
        print("not answered yet")
        return
    pairs = zip(cases, answers, strict=True)
    wrong = [(case, answer) for case, answer in pairs if answer != output_size(*case)]
    if not wrong:
        print("right: in all cases in which the window fits")
        return
    (W, F, P, S), answer = wrong[0]
    hints = [
        f"; {hint}"
        for rule, hint in _WRONG_SIZES
        if all(answer == rule(*case) for case, answer in zip(cases, answers, strict=True))
    ]
    yours = f"yours {answer:g}{''.join(hints[:1])}"
    print(f"not yet: {W=}, {F=}, {P=}, {S=} gives {output_size(W, F, P, S)}, {yours}")


def output_size(W, F, P, S):
    """A solution: counts the positions one by one, as the window takes them.

    >>> output_size(10, 3, 1, 2)
    5
    """
    first, last = -P, W + P - F
    return len(range(first, last + 1, S))


_WRONG_SIZES = (
    (lambda W, F, P, S: (W - F + 2 * P) / S + 1, "a window cannot stop halfway: round down"),
    (lambda W, F, P, S: ceil((W - F + 2 * P) / S) + 1, "round down: the last window must fit"),
    (lambda W, F, P, S: round((W - F + 2 * P) / S) + 1, "round down, always"),
    (lambda W, F, P, S: (W - F) // S + 1, "looks as if the padding were forgotten"),
    (lambda W, F, P, S: (W - F + P) // S + 1, "looks as if there were zeros on one side only"),
    (lambda W, F, P, S: (W - F + 2 * P) // S, "the position at the start counts too: + 1"),
    (lambda W, F, P, S: W - F + 2 * P + 1, "looks as if the stride were 1"),
    (
        lambda W, F, P, S: ceil(W / S),
        'that is the size with padding="same", which F does not change',
    ),
    (lambda W, F, P, S: W - 2 * (F // 2), "F // 2 pixels are lost on both sides only if F is odd"),
    (
        lambda W, F, P, S: (W - 2 * (F // 2) + 2 * P) // S,
        "F // 2 pixels are lost on both sides only if F is odd, and the start counts too: + 1",
    ),
)


def check_stack(count, share):
    """Say whether ``count`` layers of 3×3 see as much as one of 7×7, with ``share`` of its weights.

    All layers have as many channels coming in as going out; biases don't count. Prints one line;
    None counts as not answered yet.

    >>> check_stack(2, 18 / 49)
    not yet: 2 layers of 3×3 see 5×5 pixels
    """
    if count is None or share is None:
        print("not answered yet")
    elif count != 3:
        sees = 1 + 2 * count
        print(f"not yet: {count} layer{'s' * (count != 1)} of 3×3 see {sees}×{sees} pixels")
    elif abs(share - 9 / 49) < 0.01:
        print("not yet: that is the share of one of them")
    elif abs(share - 27 / 49) < 0.01:
        print("right: as much to see for about half the weights")
    elif abs(share - 49 / 27) < 0.02:
        print("not yet: that is the large layer's share of theirs; turn the fraction round")
    elif abs(share - 55) < 1:
        print("not yet: that is a percentage; give a fraction from 0 to 1")
    elif abs(share - 0.5) < 0.04:
        print("not yet: about half, but be exact: count the weights of both")
    else:
        print("not yet: C channels in and out make 9·C² weights in each layer, 49·C² in the large")


def check_layer(layer):
    """Say whether ``layer`` turns images of 28×28×1 into 14×14×32, by at most 900 parameters.

    Prints one line; None counts as not answered yet.

    >>> check_layer(Conv2D(32, 5, strides=2))
    not yet: it gives 12×12×32; the windows lie too far inside, think of padding
    """
    if layer is None:
        print("not answered yet")
        return
    if not isinstance(layer, Conv2D):
        print(f"not yet: expected a layers.Conv2D, got {layer!r}")
        return
    rows, columns, filters = layer.output_shape(INPUT)
    parameters = (prod(layer.window) + bool(layer.use_bias)) * filters
    size = size_text((rows, columns, filters))
    if filters != FILTERS:
        print(f"not yet: it gives {size}; each filter makes one map")
    elif rows > SIDE or columns > SIDE:
        print(f"not yet: it gives {size}; a stride makes maps smaller")
    elif rows < SIDE or columns < SIDE:
        print(f"not yet: it gives {size}; the windows lie too far inside, think of padding")
    elif parameters > MOST:
        print(f"not yet: the size is right, but it takes {parameters} parameters")
    else:
        print(f"right: {size} by {parameters} parameters")
