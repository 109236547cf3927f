"""Exercises of the chapter on small devices: their checks, and solutions to read."""

from .whole_numbers import check_quantize, check_quantized_dense, quantize, quantized_dense

__all__ = [
    "check_bits",
    "check_bytes",
    "check_choice",
    "check_quantize",
    "check_quantized_dense",
    "quantize",
    "quantized_dense",
]

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
