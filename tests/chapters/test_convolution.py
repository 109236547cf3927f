"""The exercises on convolution: solutions are accepted, of others is said what is wrong."""

import numpy as np
import pytest

from cnncourse.chapters.convolution import exercises
from cnncourse.filters import KERNELS, conv2d, correlate2d


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        ([3, 6, 11, -2, -4], "right: "),
        (np.array([3.0, 6, 11, -2, -4]), "right: "),
        ([-1, -2, -1, 6, 12], "not flipped"),
        ([6, 11, -2], 'the positions of "same"'),
        ([11], r"= 5 values, yours has shape (1,)"),
        (7, "yours has shape ()"),
        ([3, 6, 12, -2, -4], "the value at position 2 is not 12"),
    ],
)
def test_by_hand(answer, hint, says):
    says(hint, exercises.check_by_hand, answer)


def changes_its_input(image, kernel):
    out = conv2d(image, kernel)
    image += 1
    return out


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda image, kernel: None, "not answered yet"),
        (exercises.sum_under_the_window, "right: "),
        (conv2d, "right: "),
        (correlate2d, "not flipped; that is the cross-correlation"),
        (lambda i, k: correlate2d(i, k[::-1]), "only the rows are flipped"),
        (lambda i, k: correlate2d(i, k[:, ::-1]), "only the columns are flipped"),
        (lambda i, k: conv2d(i, k, "same"), "give (5, 5), yours is (7, 6)"),
        (lambda i, k: conv2d(i, k)[1:, 1:], "give (5, 5), yours is (4, 4)"),
        (lambda i, k: conv2d(i, k).T, "the values are not"),
        (changes_its_input, "changes the arrays"),
    ],
)
def test_conv2d(answer, hint, says):
    says(hint, exercises.check_conv2d, answer)


def point(position, size, weight=1):
    kernel = np.zeros(size)
    kernel[position] = weight
    return kernel


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (exercises.shift_right(), "right: "),
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
    ],
)
def test_shift(answer, hint, says):
    says(hint, exercises.check_shift, answer)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (exercises.diagonal(), "right: "),
        ([[0, 1, 0], [-1, 0, 1], [0, -1, 0]], "right: "),
        (-exercises.diagonal(), "the sign is wrong"),
        (exercises.diagonal()[:, ::-1], "along the rising diagonal must give 0"),
        (KERNELS["sobel x"], "along the rising diagonal must give 0"),
        (KERNELS["laplacian"], "does not respond to the falling diagonal"),
        (KERNELS["sharpen"], "a flat, bright image gives 1"),
        ([[1, 2]], "yours has (1, 2)"),
    ],
)
def test_diagonal(answer, hint, says):
    says(hint, exercises.check_diagonal, answer)


def test_the_solution_shifts_as_far_as_asked():
    image = np.arange(30.0).reshape(3, 10)
    moved = correlate2d(image, exercises.shift_right(3), "same")
    assert np.array_equal(moved[:, 3:], image[:, :-3]) and not moved[:, :3].any()


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (27 / 216, "right: "),
        (0.125, "right: "),
        (np.float64(0.125), "right: "),
        (0.13, "convolve the ways of two dice"),
        (27, "is the count"),
        (3 / 36, "the probability of two dice"),
        (21 / 216, "begin with 3, not with 0"),
        (27 / 36, "6 · 6 · 6 ways"),
        (0, "convolve the ways"),
        ("0.125", "expected one number, got "),
        ([0.125], "expected one number, got "),
    ],
)
def test_three_dice(answer, hint, says):
    says(hint, exercises.check_three_dice, answer)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        ("same", "right: "),
        ("valid", "fits at fewer positions"),
        ("full", "touches the image at more positions"),
        ("both", 'expected "full", "same" or "valid"'),
        (["same"], 'expected "full", "same" or "valid"'),
    ],
)
def test_same_mode(answer, hint, says):
    says(hint, exercises.check_same_mode, answer)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_zeros_around_a_kernel_change_nothing_in_mode_same_only(mode):
    image = np.arange(48.0).reshape(6, 8) % 7
    framed = np.pad(KERNELS["box blur"], 1)
    same = np.array_equal(
        correlate2d(image, framed, mode), correlate2d(image, KERNELS["box blur"], mode)
    )
    assert same == (mode == "same")
