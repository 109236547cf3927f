"""Answers to the exercises on convolution, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.convolution import exercises
from cnncourse.filters import KERNELS, conv2d, correlate2d


def changes_its_input(image, kernel):
    out = conv2d(image, kernel)
    image += 1
    return out


def point(position, size, weight=1):
    kernel = np.zeros(size)
    kernel[position] = weight
    return kernel


diagonal = np.array(exercises.diagonal())

ANSWERS = {
    exercises.check_by_hand: [
        (np.array([3.0, 6, 11, -2, -4]), "right: "),
        ((3, 6, 11, -2, -4), "right: "),
        ([-1, -2, -1, 6, 12], "not flipped"),
        ([6, 11, -2], 'the positions of "same"'),
        ([11], "= 5 values, yours has shape (1,)"),
        (7, "yours has shape ()"),
        ([3, 6, 12, -2, -4], "the value at position 2 is not 12"),
        ("3, 6, 11, -2, -4", "expected a list of numbers"),
        ([[3, 6], [11]], "expected a list of numbers"),
    ],
    exercises.check_three_dice: [
        (0.125, "right: "),
        (np.float64(0.125), "right: "),
        (np.array(0.125), "right: "),
        (0.13, "convolve the ways of two dice"),
        (27, "is the count"),
        (3 / 36, "the probability of two dice"),
        (21 / 216, "begin with 3, not with 0"),
        (27 / 36, "6 · 6 · 6 ways"),
        (1 / 16, "not all sums are alike"),
        (0, "convolve the ways"),
        ("0.125", "expected a number"),
        ([0.125], "expected a number"),
    ],
    exercises.check_conv2d: [
        (conv2d, "right: "),
        (correlate2d, "not flipped; that is the cross-correlation"),
        (lambda i, k: correlate2d(i, k[::-1]), "only the rows are flipped"),
        (lambda i, k: correlate2d(i, k[:, ::-1]), "only the columns are flipped"),
        (lambda i, k: conv2d(i, k, "same"), 'the positions of "same"'),
        (lambda i, k: conv2d(i, k, "full"), 'the positions of "full"'),
        (lambda i, k: conv2d(i, k)[:-1, :-1], "one position is missing"),
        (lambda i, k: conv2d(i, k) / k.size, "their mean is not wanted"),
        (lambda i, k: conv2d(i, k)[1:], "the shape should be (5, 5), yours is (4, 5)"),
        (lambda i, k: conv2d(i, k)[::-1], "the values are not"),
        (changes_its_input, "changes the arrays"),
    ],
    exercises.check_shift: [
        (point((2, 0), (5, 5)), "right: "),
        (point((2, 1), (5, 7)), "right: "),
        (point((2, 4), (5, 5)), "moves the image 2 pixels to the left"),
        (point((0, 2), (5, 5)), "moves the image 2 pixels down"),
        (point((1, 1), (5, 5)), "moves the image 1 pixel down and 1 pixel to the right"),
        (KERNELS["identity"], "leaves the image where it is"),
        (point((2, 0), (5, 5), weight=2), "multiplied by 2"),
        (KERNELS["box blur"], "makes 9 points out of one"),
        (np.zeros((3, 3)), "makes 0 points"),
        ([1, 0, 0, 0, 0], "two axes with odd sides, yours has shape (5,)"),
        (point((0, 0), (4, 4)), "odd sides"),
        ("right", "expected an array of numbers"),
    ],
    exercises.check_diagonal: [
        ([[0, 1, 0], [-1, 0, 1], [0, -1, 0]], "right: "),
        (-diagonal, "the sign is wrong"),
        (diagonal[:, ::-1], "along the rising diagonal must give 0"),
        (KERNELS["sobel x"], "along the rising diagonal must give 0"),
        (KERNELS["laplacian"], "does not respond to the falling diagonal"),
        (KERNELS["sharpen"], "a flat, bright image gives 1"),
        ([[1, 2]], "yours has (1, 2)"),
        ([[1, 2], [3]], "expected an array of numbers"),
    ],
    exercises.check_same_mode: [
        (" Same", "right: "),
        ("valid", "fits at fewer positions"),
        ("full", "touches the image at more positions"),
        ("both", "expected 'full', 'same' or 'valid'"),
        (["same"], "expected 'full', 'same' or 'valid'"),
    ],
    exercises.check_stripes: [
        ("Box", "right: "),
        ("gaussian", "which of the two pictures has edges"),
        ("both", "expected 'box' or 'gaussian'"),
    ],
}
