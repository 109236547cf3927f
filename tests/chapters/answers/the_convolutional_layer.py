"""Answers to the exercises on the convolutional layer, and what their checks say of them."""

import numpy as np

from cnncourse import layers
from cnncourse.chapters.the_convolutional_layer import exercises


def by_positions(x, kernel, bias, S, P, flip=False):
    """The layer as most people write it first: a loop for each index."""
    if flip:
        kernel = kernel[::-1, ::-1]
    (height, width), filters = kernel.shape[:2], kernel.shape[3]
    x = np.pad(x, ((0, 0), (P, P), (P, P), (0, 0)))
    down, across = (x.shape[1] - height) // S + 1, (x.shape[2] - width) // S + 1
    out = np.zeros((len(x), down, across, filters))
    for n, i, j, o in np.ndindex(out.shape):
        window = x[n, i * S : i * S + height, j * S : j * S + width]
        out[n, i, j, o] = (window * kernel[..., o]).sum() + bias[o]
    return out


def first_step_only(x, kernel, bias, S, P):
    """One channel and one filter, no bias, stride or padding."""
    return by_positions(x[:1, ..., :1], kernel[:, :, :1, :1], 0 * bias, 1, 0)


ANSWERS = {
    exercises.check_conv2d: [
        (by_positions, "right: all 9 steps"),
        (lambda *a: by_positions(*a, flip=True), "step 1 of 9"),
        (lambda *a: by_positions(*a, flip=True), "does not flip"),
        (first_step_only, 'step 3 of 9, "several channels": only channel 0 is used'),
        (
            lambda x, k, b, S, P: exercises.conv2d(x, k[..., :1], b[:1], S, P),
            'step 4 of 9, "several filters": the shape should be',
        ),
        (
            lambda x, k, b, S, P: exercises.conv2d(x, k, b, 1, P),
            'step 7 of 9, "a stride": the stride is forgotten',
        ),
        (
            lambda x, k, b, S, P: exercises.conv2d(x, k, b, S if P == 0 else 1, P),
            'step 9 of 9, "stride and padding together": the shape should be',
        ),
        (lambda *a: exercises.conv2d(*a) + 1, "the shape is right, the values are not"),
        (lambda x, kernel, bias, S, P: x[99], "your function raises IndexError: index 99"),
    ],
    exercises.check_output_size: [
        (lambda W, F, P, S: (W - F + 2 * P) // S + 1, "right: "),
        (lambda W, F, P, S: float((W - F + 2 * P) // S + 1), "right: "),
        (lambda W, F, P, S: (W - F + 2 * P) / S + 1, "round down"),
        (lambda W, F, P, S: (W - F) // S + 1, "padding were forgotten"),
        (lambda W, F, P, S: (W - F + P) // S + 1, "one side only"),
        (lambda W, F, P, S: (W - F + 2 * P) // S, "+ 1"),
        (lambda W, F, P, S: (W - F + 2 * P) / S, "and a window cannot stop halfway"),
        (lambda W, F, P, S: W - F + 2 * P + 1, "looks as if the stride were 1"),
        (lambda W, F, P, S: W - F + 1, "no padding, and the stride were 1"),
        (lambda W, F, P, S: -((F - W - 2 * P) // S) + 1, "the last window must fit"),
        (lambda W, F, P, S: round((W - F + 2 * P) / S) + 1, "round down, always"),
        (lambda W, F, P, S: -(-W // S), 'the size with padding="same"'),
        (lambda W, F, P, S: W - 2 * (F // 2), "only if F is odd"),
        (lambda W, F, P, S: (W - 2 * (F // 2) + 2 * P) // S, "F is odd, and the start counts too"),
        (lambda W, F, P, S: W - 2 * (F // 2) + 2 * P, "F is odd, and the stride is forgotten"),
        (lambda W, F, P, S: 7, "7 is not right, for W = 1, F = 1, P = 0, S = 1"),
        (5, "a function is wanted"),
    ],
    exercises.check_stack: [
        (3, None, "not answered yet"),
        (3.0, 0.55, "right: "),
        (2, 18 / 49, "see 5×5"),
        (1, 9 / 49, "1 layer of 3×3 see 3×3"),
        (3, 9 / 49, "one of them"),
        (3, 1.2, "9·C²"),
        (3, 0.5, "be exact"),
        (3, 55, "a percentage"),
        (3, 100 * 27 / 49, "a percentage"),
        (3, 49 / 27, "turn the fraction round"),
        (3, 3 / 7, "the share of the sides"),
        (2.5, 0.5, "a whole number of layers"),
        (3, "27/49", "expected a number"),
    ],
    exercises.check_layer: [
        (layers.Conv2D(32, 5, strides=2, padding="same"), "right: 14×14×32 by 832 parameters"),
        (layers.Conv2D(32, 3, strides=2, padding=1), "right: 14×14×32 by 320 parameters"),
        (layers.Conv2D(32, 29), "does not fit on an image of 28×28"),
        (layers.Conv2D(32, 15), "7232 parameters"),
        (layers.Conv2D(32, 5, strides=2), "think of padding"),
        (layers.Conv2D(32, 5, padding="same"), "a stride"),
        (layers.Conv2D(16, 5, strides=2, padding="same"), "one map"),
        (layers.MaxPooling2D(2), "expected a layers.Conv2D"),
        ([layers.Conv2D(32, 3)], "expected a layers.Conv2D"),
    ],
    exercises.check_photographs: [
        ("Neighbours are alike", "right: "),
        ("too few crops", "19,600 positions"),
        ("too little contrast", "only some are off"),
        ("slowly", "expected 'neighbours are alike', "),
    ],
}
