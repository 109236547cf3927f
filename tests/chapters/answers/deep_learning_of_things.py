"""Answers to the exercises on small devices, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.deep_learning_of_things import exercises


def in_float32(weights):
    scale = abs(weights).max() / 127
    return np.rint(weights / scale), scale


def in_bytes(x, zero, weights, bias, factor, new_zero):
    """Sums of bytes, which overflow."""
    sums = (x.astype(np.int8) - zero) @ weights + bias
    return np.clip(np.rint(factor * sums) + new_zero, 0, 255)


ANSWERS = {
    exercises.check_bytes: [
        (62_664.0, "right: "),
        (62_346, "has 32 bits itself"),
        (249_384, "takes one byte now"),
        (62_240, "has a bias, too"),
        (62_240 + 32 * 106, "32 bits are 4 bytes"),
        (8 * 62_240 + 32 * 106, "these are bits"),
        (63_194, "also counts"),
        (5, "count them apart"),
        ("62 KB", "expected a number"),
    ],
    exercises.check_bits: [
        (26.0, "right: "),
        (25, "the sign"),
        (16, "holds one product"),
        (8, "one factor"),
        (32, "how many of the bits"),
        (25_908_000, "how many bits hold it"),
        (20, "the next power of two"),
    ],
    exercises.check_quantize: [
        (lambda weights: list(exercises.quantize(weights)), "right: "),
        (lambda weights: np.int8(weights), "return the whole numbers and the scale"),
        (in_float32, "as float32 they take more than a byte"),
        (lambda weights: (np.int8([1]), 0.01), "the shape should be (2, 3), yours is (1,)"),
        (lambda: 1, "your function raises TypeError"),
    ],
    exercises.check_quantized_dense: [
        (lambda *given: exercises.quantized_dense(*given).tolist(), "right: "),
        (lambda x, zero, weights, bias, factor, new_zero: x @ weights, "at step 1 of 4"),
        (in_bytes, "at step "),
        (lambda x, zero, weights, bias, factor, new_zero: x, "the shape should be (4, 3)"),
    ],
    exercises.check_choice: [
        (" Pruned, int8", "right: "),
        ("float32", "244 KB"),
        ("int8", "61 KB"),
        ("pruned, float32", "72 KB"),
        ("small, from both", "does better"),
        ("tiny", "expected 'float32', "),
    ],
}
