"""Exercises of the chapter on deeper networks: their checks, and solutions to read.

The long one, a residual block by hand, has a file of its own: ``block.py``.
"""

from ... import layers
from ...support.answers import as_number, number
from ...support.arguments import described
from ...support.exercise import Exercise
from ...support.text import size_text
from ...support.verdict import not_answered, not_yet, right
from .block import (
    backward,
    check_backward,
    check_forward,
    check_gradient_check,
    forward,
    gradient_check,
)

SIDE, WIDTH = 14, 64  # of the maps of the second exercise, and their channels
STANDARD = SIDE**2 * 3 * 3 * WIDTH * WIDTH  # multiply-adds
SEPARABLE = SIDE**2 * (3 * 3 * WIDTH + WIDTH * WIDTH)
HALVED = (14, 14, 16), (7, 7, 32)  # what the block of the third exercise takes and gives


def check_saved(weights):
    """Say whether three convolutions of 3×3 save so many ``weights`` beside one of 7×7.

    All have 32 channels in and out, and no biases. None counts as not answered yet.

    >>> check_saved(27_648)
    not yet: so many have the three; how many fewer than the one is that?
    """
    mistakes = {
        50_176: "so many has the one of 7×7; take away those of the three",
        27_648: "so many have the three; how many fewer than the one is that?",
        40_960: "one of 3×3 is not enough: three in a row see 7×7",
        31_744: "two of 3×3 see 5×5; it takes three",
        22_464: "you have counted biases, which are left out here",
        22: "that is one channel in and one out; there are 32 of each",
        704: "a filter of theirs reads 32 channels, and there are 32 filters: 32 · 32",
        -22_528: "the other way round: the three have fewer",
    }
    praise = "(49 − 27) · 32 · 32, and two more ReLUs"
    return number(weights, saved(), praise, mistakes, "a window of F×F has F · F · 32 · 32 weights")


def saved():
    """A solution: 50,176 less 27,648, which is 22,528."""
    return 7 * 7 * 32 * 32 - 3 * 3 * 3 * 32 * 32


def check_times(times):
    """Say whether a separable convolution takes ``times`` fewer multiply-adds than an ordinary one.

    Both are 3×3, on maps of 14×14, from 64 channels to 64. One decimal is enough. None counts as
    not answered yet.

    >>> check_times(9)
    not yet: that leaves the depthwise one out: it takes 9 · 64 at each position
    """
    wanted = STANDARD / SEPARABLE
    mistakes = {
        WIDTH: "that leaves the 1×1 convolution out: it takes 64 · 64 at each position, too",
        9: "that leaves the depthwise one out: it takes 9 · 64 at each position",
        SEPARABLE / STANDARD: "the other way round: ordinary divided by separable",
        round(wanted): "nearly; give one decimal",
    }
    praise = "9 · 64 · 64 against 9 · 64 + 64 · 64; the 14 · 14 positions do not matter"
    rule = (
        "count what one position needs: 9 · 64 · 64 for the ordinary one, and for the separable "
        "one 9 · 64 and 64 · 64"
    )
    exact = as_number(times)
    close = exact is not None and abs(exact - wanted) < 0.05
    return number(wanted if close else times, wanted, praise, mistakes, rule, share=0.005)


def times():
    """A solution: 36,864 / (576 + 4,096), about 7.9. The more channels, the nearer to 9."""
    return 9 * 64 * 64 / (9 * 64 + 64 * 64)


def check_block(block):
    """Say whether ``block`` is a residual block from 14×14×16 to 7×7×32.

    It is to have two convolutions with a ReLU between them, and a shortcut that only mixes
    channels. None counts as not answered yet.

    >>> check_block(None)
    not answered yet
    >>> check_block(halving_block())
    right: half the sides, twice the channels, on both ways
    """
    given, wanted = HALVED
    if block is None:
        return not_answered()
    if not isinstance(block, layers.Residual):
        return not_yet(f"layers.Residual([…], shortcut=…) is wanted, got {described(block)}")
    if not _fits(block, given):
        return not_yet("the two ways give different shapes, and cannot be added")
    if block.output_shape(given) != wanted:
        return not_yet(f"{size_text(block.output_shape(given))} comes out, not 7×7×32")
    if len([layer for layer in block.layers if isinstance(layer, layers.Conv2D)]) < 2:
        return not_yet("it is to have two convolutions")
    if not _bends(block):
        return not_yet("without a ReLU between them, two convolutions are only one")
    if any(getattr(layer, "window", (1, 1)) != (1, 1) for layer in block.shortcut):
        return not_yet("the shortcut only has to mix channels: a window of 1×1 is enough")
    if any(
        not isinstance(layer, layers.Conv2D | layers.BatchNormalization)
        or getattr(layer, "activation", None)
        for layer in block.shortcut
    ):
        return not_yet("leave activations out of the shortcut, or it stops gradients, too")
    return right("half the sides, twice the channels, on both ways")


def halving_block():
    """A solution: the first convolution and the shortcut take a stride of 2.

    >>> halving_block().output_shape((14, 14, 16))
    (7, 7, 32)
    """
    return layers.Residual(
        [
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(32, 3, padding="same"),
        ],
        shortcut=layers.Conv2D(32, 1, strides=2),
        activation="relu",
    )


def _fits(block, shape):
    try:
        block.output_shape(shape)
    except ValueError:
        return False
    return True


def _bends(block):
    """Whether there is an activation between the first convolution of the block and the last."""
    convolutions = [k for k, layer in enumerate(block.layers) if isinstance(layer, layers.Conv2D)]
    between = block.layers[convolutions[0] : convolutions[-1]]
    return any(
        isinstance(layer, layers.ReLU) or getattr(layer, "activation", None) for layer in between
    )


EXERCISES = (
    Exercise(1, "Three windows of 3×3", check_saved, saved),
    Exercise(2, "A separable convolution", check_times, times),
    Exercise(3, "A block that halves", check_block, halving_block),
    Exercise(4, "The block by hand: forward", check_forward, forward),
    Exercise(5, "The block by hand: backward", check_backward, backward),
    Exercise(6, "The block by hand: its gradient check", check_gradient_check, gradient_check),
)
