"""Output sizes against a window that is really slid, and against Keras's rule for "same"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncourse.kernels.geometry import Geometry, as_padding, as_pair

size = st.integers(1, 30)
small = st.integers(1, 6)


def positions(image, window, stride, pad):
    """How many times a window fits, counted by sliding it."""
    count = start = 0
    while start + window <= image + 2 * pad:
        count, start = count + 1, start + stride
    return count


@given(image=size, window=small, stride=small, pad=st.integers(0, 4))
def test_the_formula_counts_what_sliding_counts(image, window, stride, pad):
    expected = positions(image, window, stride, pad)
    if expected == 0:
        with pytest.raises(ValueError, match="does not fit"):
            Geometry.of((image, 40), (window, 1), (stride, 1), (pad, 0))
    else:
        geometry = Geometry.of((image, 40), (window, 1), (stride, 1), (pad, 0))
        assert geometry.output == (expected, 40)


@given(image=size, window=small, stride=small)
def test_same_gives_one_position_a_stride(image, window, stride):
    geometry = Geometry.of((image, 7), (window, 1), (stride, 1), "same")
    assert geometry.output[0] == -(-image // stride)
    last = (geometry.output[0] - 1) * stride - geometry.before[0]
    assert last < image  # no window lies wholly outside
    behind = max(last + window - image, 0)
    if last + window >= image and geometry.before[0] + behind > 0:
        assert behind - geometry.before[0] in (0, 1)  # an odd pixel goes behind


@pytest.mark.parametrize(
    ("image", "window", "stride", "padding", "output"),
    [
        (28, 5, 1, "valid", 24),  # document 003
        (28, 5, 1, (2, 2), 28),  # document 004
        (10, 2, 1, "valid", 9),  # document 000 says 8
        (28, 3, 1, "same", 28),  # document 001
        (26, 2, 2, "valid", 13),  # document 002
        (11, 2, 2, "valid", 5),  # the floor
    ],
)
def test_the_documents_sizes(image, window, stride, padding, output):
    geometry = Geometry.of((image, image), (window, window), (stride, stride), padding)
    assert geometry.output == (output, output)


def test_a_window_larger_than_the_image_says_what_to_do():
    with pytest.raises(ValueError, match=r"window of 5×5 .* image of 4×4 .* smaller window"):
        Geometry.of((4, 4), (5, 5), (1, 1), "valid")


def test_arguments_are_numbers_or_pairs():
    assert as_pair(3, "strides") == (3, 3)
    assert as_pair([3, 1], "strides") == (3, 1)
    assert as_padding("same") == "same"
    assert as_padding(0) == (0, 0)
    for wrong in (2.0, "3", (1, 2, 3), True, None):
        with pytest.raises(TypeError, match="strides must be a whole number or a pair"):
            as_pair(wrong, "strides")
    with pytest.raises(ValueError, match="strides must be at least 1, got 0"):
        as_pair(0, "strides")
    with pytest.raises(ValueError, match="padding must be 'valid', 'same'"):
        as_padding("full")
