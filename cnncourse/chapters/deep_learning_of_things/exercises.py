"""Exercises of the chapter on small devices: their checks, and solutions to read."""

import numpy as np

WEIGHTS, BIASES = 62_240, 106  # of the tutorial's network
LARGEST_PRODUCT, PRODUCTS = 255 * 127, 800  # of a byte and a weight; in a sum of its second layer
BITS = 26
FITTING = "pruned, int8"


def check_bytes(count):
    """Say whether the tutorial's weights take ``count`` bytes in int8, with biases of 32 bits.

    Prints one line; None counts as not answered yet.

    >>> check_bytes(62346)
    not yet: a bias is added to sums of 32 bits, and has 32 bits itself
    """
    wrong = {
        WEIGHTS + BIASES: "a bias is added to sums of 32 bits, and has 32 bits itself",
        4 * (WEIGHTS + BIASES): "that is float32: a weight takes one byte now",
        WEIGHTS: "these are the weights alone; each filter and each output has a bias, too",
        WEIGHTS + 32 * BIASES: "32 bits are 4 bytes",
    }
    if count is None:
        print("not answered yet")
    elif count == WEIGHTS + 4 * BIASES:
        print("right: 62,240 weights of one byte, 106 biases of four")
    elif count in wrong:
        print(f"not yet: {wrong[count]}")
    else:
        print("not yet: `model.summary()` counts weights and biases together; count them apart")


def check_bits(bits):
    """Say whether a sum of 800 products of a byte and a weight needs ``bits`` bits.

    Prints one line; None counts as not answered yet.

    >>> check_bits(16)
    not yet: that holds one product, 255 · 127 = 32,385; a sum has 800
    """
    wrong = {
        16: "that holds one product, 255 · 127 = 32,385; a sum has 800",
        BITS - 1: "the size takes 25 bits, but a sum may be negative, too: the sign takes another",
        32: "a 32-bit number holds it; how many of the bits are needed?",
        8: "that holds one factor, not a product",
    }
    if bits is None:
        print("not answered yet")
    elif bits == BITS:
        print("right: up to 25,908,000, below 2 to the 25, and a bit for the sign")
    elif bits in wrong:
        print(f"not yet: {wrong[bits]}")
    else:
        print("not yet: the largest product, 800 times; then the next power of two, and the sign")


def check_quantize(function):
    """Say whether ``function(weights)`` gives a filter's integers and its scale.

    ``weights``: an array of float32. The result: whole numbers (int8, of the same shape) from −127
    to 127, and the scale, so that scale · integers is as close to the weights as it can be. Prints
    one line; a function that returns None counts as not written yet.

    >>> check_quantize(lambda weights: None)
    not answered yet
    >>> check_quantize(quantize)
    right: each weight is off by half a step at most, and 0 stays 0
    """
    weights = np.float32([[-0.5, 1.27, 0.0], [0.019, 0.3, -0.016]])
    result = function(weights.copy())
    if result is None:
        print("not answered yet")
        return
    if not (isinstance(result, tuple) and len(result) == 2):
        print("not yet: two things are wanted: the integers, and the scale")
        return
    integers, scale = np.asarray(result[0]), float(result[1])
    step = 1.27 / 127
    if integers.shape != weights.shape or integers.dtype != np.int8:
        print(
            f"not yet: int8 of shape {weights.shape} is wanted, and yours is {integers.dtype} of "
            f"shape {integers.shape}"
        )
    elif integers[0, 1] < 0:
        print("not yet: the largest weight became negative: 128 is no int8; divide by 127")
    elif integers[0, 2] != 0:
        print("not yet: a weight of 0 must stay 0: nothing is to be subtracted")
    elif not np.isclose(scale, step, rtol=1e-3):
        print(f"not yet: the scale is one step, {step:.4f} here, and yours is {scale:.4f}")
    elif abs(integers * scale - weights).max() > 0.51 * step:
        print("not yet: a weight is off by more than half a step: round to the nearest")
    elif not np.isclose(float(function(-weights)[1]), step, rtol=1e-3):
        print("not yet: the largest *size* is wanted: beside 0.5, −1.27 is the larger one")
    else:
        print("right: each weight is off by half a step at most, and 0 stays 0")


def quantize(weights):
    """A solution.

    >>> quantize(np.float32([1.27, -0.02]))[0]
    array([127,  -2], dtype=int8)
    """
    scale = abs(weights).max() / 127
    return np.rint(weights / scale).astype(np.int8), scale


def check_choice(name):
    """Say whether the network of that ``name`` fits into 32 KB of flash, and does best of those.

    Prints one line; None counts as not answered yet.

    >>> check_choice("float32")
    not yet: its weights alone take 244 KB
    """
    wrong = {
        "float32": "its weights alone take 244 KB",
        "int8": "its weights alone take 61 KB",
        "pruned, float32": "18,378 parameters of four bytes are 72 KB",
        "small, from labels": "it fits, but another one that fits does better; see the seeds",
        "small, from both": "it fits, but another one that fits does better; see the seeds",
    }
    if name is None:
        print("not answered yet")
    elif name == FITTING:
        print("right: 18 KB of weights, 3 KB of code, and as good as the large one")
    elif name in wrong:
        print(f"not yet: {wrong[name]}")
    else:
        print(f"not yet: one of {', '.join(map(repr, sorted([*wrong, FITTING])))}")
