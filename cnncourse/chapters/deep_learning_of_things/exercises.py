"""Exercises of the chapter on small devices: their checks, and solutions to read."""

from ...support.answers import choice, number
from ...support.exercise import Exercise
from .whole_numbers import check_quantize, check_quantized_dense, quantize, quantized_dense

__all__ = [
    "EXERCISES",
    "bits_of_a_sum",
    "check_bits",
    "check_bytes",
    "check_choice",
    "check_quantize",
    "check_quantized_dense",
    "network_that_fits",
    "quantize",
    "quantized_dense",
    "weights_and_biases",
]

WEIGHTS, BIASES = 62_240, 106  # of the tutorial's network
LARGEST_PRODUCT, PRODUCTS = 255 * 127, 800  # of a byte and a weight; in a sum of its second layer


def check_bytes(count):
    """Say whether the tutorial's weights take ``count`` bytes in int8, with biases of 32 bits.

    None counts as not answered yet.

    >>> check_bytes(62346)
    not yet: a bias is added to sums of 32 bits, and has 32 bits itself
    """
    mistakes = {
        WEIGHTS + BIASES: "a bias is added to sums of 32 bits, and has 32 bits itself",
        4 * (WEIGHTS + BIASES): "that is float32: a weight takes one byte now",
        WEIGHTS: "these are the weights alone; each filter and each output has a bias, too",
        WEIGHTS + 32 * BIASES: "32 bits are 4 bytes",
        WEIGHTS + 9 * BIASES: "`quantized.sizes()` also counts each filter's multiplier and shift",
        8 * WEIGHTS + 32 * BIASES: "these are bits; 8 of them are a byte",
    }
    rule = "`model.summary()` counts weights and biases together; count them apart"
    praise = "62,240 weights of one byte, 106 biases of four"
    return number(count, weights_and_biases(), praise, mistakes, rule)


def weights_and_biases():
    """A solution: 62,240 weights of one byte, and 106 biases of four, 62,664 bytes.

    `quantized.sizes()` counts 63,194, since each filter also has a multiplier (4 bytes) and a shift
    (1 byte).
    """
    weights = 5 * 5 * 1 * 32 + 5 * 5 * 32 * 64 + 4 * 4 * 64 * 10
    return weights + 4 * (32 + 64 + 10)


def check_bits(bits):
    """Say whether a sum of 800 products of a byte and a weight needs ``bits`` bits.

    None counts as not answered yet.

    >>> check_bits(16)
    not yet: that holds one product, 255 · 127 = 32,385; a sum has 800
    """
    mistakes = {
        16: "that holds one product, 255 · 127 = 32,385; a sum has 800",
        25: "the size fits, but a sum may be negative, too: the sign takes another",
        32: "a 32-bit number holds it; how many of the bits are needed?",
        8: "that holds one factor, not a product",
        PRODUCTS * LARGEST_PRODUCT: "that is the largest sum; how many bits hold it?",
    }
    praise = "up to 25,908,000, below 2 to the 25, and a bit for the sign"
    rule = "the largest product, 800 times; then the next power of two, and the sign"
    return number(bits, bits_of_a_sum(), praise, mistakes, rule)


def bits_of_a_sum():
    """A solution: 800 · 255 · 127 = 25,908,000, which is below 2²⁵ = 33,554,432.

    So 25 bits for the size, and one for the sign, 26. Processors have 32.
    """
    return (800 * 255 * 127).bit_length() + 1


def check_choice(name):
    """Say whether the network of that ``name`` fits into 32 KB of flash, and does best of those.

    None counts as not answered yet.

    >>> check_choice("float32")
    not yet: its weights alone take 244 KB
    """
    mistakes = {
        "float32": "its weights alone take 244 KB",
        "int8": "its weights alone take 61 KB",
        "pruned, float32": "18,378 parameters of four bytes are 72 KB",
        "small, from labels": "it fits, but another one that fits does better; see the seeds",
        "small, from both": "it fits, but another one that fits does better; see the seeds",
    }
    praise = "18 KB of weights, 3 KB of code, and as good as the large one"
    return choice(name, network_that_fits(), praise, mistakes)


def network_that_fits():
    """A solution: "pruned, int8", with about 19,000 bytes.

    Both small ones fit as well, even in float32, but are less often correct. (In int8 they would
    take some 7,000 bytes: the choice, if only 8 KB were left.)
    """
    return "pruned, int8"


EXERCISES = (
    Exercise(1, "Bytes", check_bytes, weights_and_biases),
    Exercise(2, "Bits of a sum", check_bits, bits_of_a_sum),
    Exercise(3, "Quantise a filter", check_quantize, quantize),
    Exercise(4, "A dense layer of bytes", check_quantized_dense, quantized_dense),
    Exercise(5, "Which network fits?", check_choice, network_that_fits),
)
