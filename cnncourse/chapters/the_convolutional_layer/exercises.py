"""Chapter 02's exercises: their checks, which say what is wrong, and solutions to read."""

from itertools import product
from math import ceil, prod

from ...building import Piece, check_conv2d, conv2d
from ...layers import Conv2D
from ...support.answers import as_number, choice, number
from ...support.arguments import described
from ...support.exercise import Exercise
from ...support.text import size_text
from ...support.verdict import not_answered, not_yet, right

__all__ = [
    "EXERCISES",
    "check_conv2d",
    "check_layer",
    "check_output_size",
    "check_photographs",
    "check_stack",
    "conv2d",
    "designed_layer",
    "output_size",
    "photographs",
    "stack",
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
    all of them. A function that returns None counts as not written yet.

    >>> check_output_size(lambda W, F, P, S: None)
    not answered yet
    >>> check_output_size(lambda W, F, P, S: (W - F) // S + 1)
    not yet: looks as if the padding were forgotten
    """
    return _OUTPUT_SIZE.check(function)


def output_size(W, F, P, S):
    """A solution: counts the positions one by one, as the window takes them.

    >>> output_size(10, 3, 1, 2)
    5
    """
    first, last = -P, W + P - F
    return len(range(first, last + 1, S))


_OUTPUT_SIZE = Piece(
    solution=output_size,
    steps={
        "": [
            (W, F, P, S)
            for W, F, P, S in product(range(1, 12), range(1, 8), range(4), range(1, 5))
            if F <= W + 2 * P
        ]
    },
    outputs=("one number",),
    mistakes=(
        (
            lambda W, F, P, S: (W - F + 2 * P) / S + 1,
            "a window cannot stop halfway: round down",
        ),
        (
            lambda W, F, P, S: ceil((W - F + 2 * P) / S) + 1,
            "round down: the last window must fit",
        ),
        (lambda W, F, P, S: round((W - F + 2 * P) / S) + 1, "round down, always"),
        (lambda W, F, P, S: (W - F) // S + 1, "looks as if the padding were forgotten"),
        (lambda W, F, P, S: (W - F + P) // S + 1, "looks as if there were zeros on one side only"),
        (lambda W, F, P, S: (W - F + 2 * P) // S, "the position at the start counts too: + 1"),
        (
            lambda W, F, P, S: (W - F + 2 * P) / S,
            "the position at the start counts too: + 1, and a window cannot stop halfway",
        ),
        (lambda W, F, P, S: W - F + 2 * P + 1, "looks as if the stride were 1"),
        (lambda W, F, P, S: W - F + 1, "looks as if there were no padding, and the stride were 1"),
        (
            lambda W, F, P, S: ceil(W / S),
            'that is the size with padding="same", which F does not change',
        ),
        (
            lambda W, F, P, S: W - 2 * (F // 2),
            "F // 2 pixels are lost on both sides only if F is odd",
        ),
        (
            lambda W, F, P, S: W - 2 * (F // 2) + 2 * P,
            "F // 2 pixels are lost on both sides only if F is odd, and the stride is forgotten",
        ),
        (
            lambda W, F, P, S: (W - 2 * (F // 2) + 2 * P) // S,
            "F // 2 pixels are lost on both sides only if F is odd, and the start counts too: + 1",
        ),
    ),
    praise="in all cases in which the window fits",
)


def check_stack(count, share):
    """Say whether ``count`` layers of 3×3 see as much as one of 7×7, with ``share`` of its weights.

    All layers have as many channels coming in as going out; biases don't count. None counts as not
    answered yet.

    >>> check_stack(2, 18 / 49)
    not yet: 2 layers of 3×3 see 5×5 pixels
    """
    if count is None or share is None:
        return not_answered()
    layers = as_number(count)
    if layers is None or layers < 1 or layers % 1:
        return not_yet(f"a whole number of layers is wanted, got {described(count)}")
    if layers != 3:
        sees = 1 + 2 * int(layers)
        of = "layer" if layers == 1 else "layers"
        return not_yet(f"{int(layers)} {of} of 3×3 see {sees}×{sees} pixels")
    mistakes = {
        9 / 49: "that is the share of one of them",
        49 / 27: "that is the large layer's share of theirs; turn the fraction round",
        2700 / 49: "that is a percentage; give a fraction from 0 to 1",
        0.5: "about half, but be exact: count the weights of both",
        3 / 7: "that is the share of the sides; count the weights",
    }
    praise = "as much to see for about half the weights"
    rule = "C channels in and out make 9·C² weights in each layer, 49·C² in the large"
    return number(share, 27 / 49, praise, mistakes, rule, share=0.02)


def stack():
    """A solution: 3 layers, 3 · 9 · C² against 49 · C² weights."""
    return 3, 27 / 49


def check_layer(layer):
    """Say whether ``layer`` turns images of 28×28×1 into 14×14×32, by at most 900 parameters.

    None counts as not answered yet.

    >>> check_layer(Conv2D(32, 5, strides=2))
    not yet: it gives 12×12×32; the windows lie too far inside, think of padding
    """
    if layer is None:
        return not_answered()
    if not isinstance(layer, Conv2D):
        return not_yet(f"expected a layers.Conv2D, got {described(layer)}")
    try:
        rows, columns, filters = layer.output_shape(INPUT)
    except ValueError as error:  # its window is larger than the image
        return not_yet(str(error))
    parameters = (prod(layer.window) + bool(layer.use_bias)) * filters
    size = size_text((rows, columns, filters))
    if filters != FILTERS:
        return not_yet(f"it gives {size}; each filter makes one map")
    if rows > SIDE or columns > SIDE:
        return not_yet(f"it gives {size}; a stride makes maps smaller")
    if rows < SIDE or columns < SIDE:
        return not_yet(f"it gives {size}; the windows lie too far inside, think of padding")
    if parameters > MOST:
        return not_yet(f"the size is right, but it takes {parameters} parameters")
    return right(f"{size} by {parameters} parameters")


def designed_layer():
    """A solution: it has 320 parameters."""
    return Conv2D(32, 3, strides=2, padding="same")


def check_photographs(why):
    """Say ``why`` a layer learns slowly from photographs.

    One of "too few crops", "neighbours are alike" and "too little contrast". None counts as not
    answered yet.

    >>> check_photographs("too few crops")
    not yet: 100 crops have 19,600 positions, and the layer has 10 weights
    """
    mistakes = {
        "too few crops": "100 crops have 19,600 positions, and the layer has 10 weights",
        "too little contrast": "that would slow all weights down; here only some are off: which?",
    }
    praise = "it hardly matters which of them gets a weight, so the layer hardly learns it"
    return choice(why, "neighbours are alike", praise, mistakes)


def photographs():
    """A solution: neighbours are alike.

    After 20 rounds some weights are still off by 0.3; with random images, by less than 0.01.
    Neighbouring pixels of a photograph are nearly alike, so it hardly matters *which* of them gets
    a weight. In random images the pixels are independent, so every weight matters.
    """
    return "neighbours are alike"


EXERCISES = (
    Exercise(1, "Write the layer", check_conv2d, conv2d),
    Exercise(2, "The size of the output", check_output_size, output_size),
    Exercise(3, "Three small windows", check_stack, stack),
    Exercise(4, "Design a layer", check_layer, designed_layer),
    Exercise(5, "Learn from photographs", check_photographs, photographs),
)
