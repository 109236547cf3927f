"""The convolution playground: messages in, messages out."""

import numpy as np
import pytest
from scipy import signal

from cnncourse import demos, filters

IMAGE = np.random.default_rng(0).random((9, 12))


@pytest.fixture
def demo():
    return demos.convolution_playground(IMAGE)


def convolve(demo, kernel, stride=1, padding=0, flipped=False):
    message = {"kind": "convolve", "kernel": np.asarray(kernel).tolist(), "stride": stride}
    reply, arrays = demo.answer(message | {"padding": padding, "flipped": flipped})
    assert "error" not in reply, reply["traceback"]
    if not arrays:
        return reply, None
    return reply, np.frombuffer(arrays[0]).reshape(reply["rows"], reply["columns"])


def test_it_begins_with_an_image_and_the_kernels_that_have_names():
    reply, (values, shades) = demos.convolution_playground().answer({"kind": "start"})
    assert (reply["rows"], reply["columns"]) == (96, 96)
    values = np.frombuffer(values)
    assert values.std() > 0.1 and values.min() >= 0 and values.max() <= 1
    assert np.array_equal(np.frombuffer(shades, np.int8), np.rint(values * 127 / values.max()))
    assert reply["kernels"]["sharpen"] == filters.KERNELS["sharpen"].tolist()
    assert list(reply["kernels"]) == list(filters.KERNELS)


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize("stride, padding", [(1, 0), (2, 1), (3, 2), (1, 2)])
def test_the_result_is_scipys(demo, stride, padding, size, flipped):
    kernel = np.random.default_rng(size).standard_normal((size, size))
    reply, out = convolve(demo, kernel, stride, padding, flipped)
    function = signal.convolve2d if flipped else signal.correlate2d
    expected = function(np.pad(IMAGE, padding), kernel, "valid")[::stride, ::stride]
    assert out.shape == expected.shape and np.allclose(out, expected)
    assert reply["signed"] == bool(out.min() < 0)
    assert reply["before"] == (padding, padding)


def test_same_padding_is_kerass(demo):
    kernel = np.random.default_rng(1).standard_normal((3, 3))
    reply, out = convolve(demo, kernel, 2, "same")
    assert out.shape == (5, 6) and reply["before"] == (1, 0)
    padded = np.pad(IMAGE, ((1, 1), (0, 1)))
    assert np.allclose(out, signal.correlate2d(padded, kernel, "valid")[::2, ::2])


def test_a_window_at_the_pointer_adds_up_as_the_browser_does_it(demo):
    """Top and left of the window are position · stride − before: the browser relies on it."""
    kernel = np.arange(9).reshape(3, 3)
    reply, out = convolve(demo, kernel, 2, 1)
    row, column = 2, 3
    top, left = (at * 2 - before for at, before in zip((row, column), reply["before"], strict=True))
    window = IMAGE[top : top + 3, left : left + 3]
    assert np.isclose((window * reply["laid"]).sum(), out[row, column])


def test_a_stride_that_leaves_a_rest_is_said_to(demo):
    reply, out = convolve(demo, np.ones((3, 3)), 4)
    assert out.shape == (2, 3)
    assert reply["rest"] == [2, 1]  # rows 0–2, 4–6 of 9; columns 0–2, 4–6, 8–10 of 12
    assert reply["formulas"] == [
        "rows: (9 − 3 + 2·0) / 4 + 1 = 2.5, rounded down 2",
        "columns: (12 − 3 + 2·0) / 4 + 1 = 3.25, rounded down 3",
    ]
    reply, _ = convolve(demo, np.ones((3, 3)), 3)
    assert reply["rest"] == [0, 0] and reply["formulas"][0] == "rows: (9 − 3 + 2·0) / 3 + 1 = 3"


def test_what_no_window_reaches_changes_nothing(demo):
    reply, out = convolve(demo, np.ones((3, 3)), 4)
    changed = IMAGE.copy()
    changed[9 - reply["rest"][0] :] = changed[:, 12 - reply["rest"][1] :] = 9
    assert np.array_equal(
        convolve(demos.convolution_playground(changed), np.ones((3, 3)), 4)[1], out
    )


def test_a_window_that_fits_nowhere_is_impossible(demo):
    reply, out = convolve(demos.convolution_playground([[1, 2]]), np.ones((3, 3)))
    assert out is None and reply["impossible"].startswith(
        "Impossible: a window of 3×3 does not fit"
    )


def test_a_picture_of_ones_own(demo):
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    reply, (values, _) = demo.answer(
        {"kind": "picture", "rows": 3, "columns": 4}, [pixels.tobytes()]
    )
    assert (reply["rows"], reply["columns"]) == (3, 4)
    assert np.allclose(np.frombuffer(values).reshape(3, 4), pixels / 255)
    assert convolve(demo, [[1.0]])[1].shape == (3, 4)


def test_colours_become_grey_and_large_images_smaller():
    demo = demos.convolution_playground(np.ones((2, 3, 3)) * [1, 0, 0])
    assert np.allclose(demo.image, np.full((2, 3), 0.299))
    assert demos.convolution_playground(np.ones((200, 100, 1))).image.shape == (96, 48)


@pytest.mark.parametrize("image", [np.ones(3), np.ones((2, 2, 2)), np.empty((0, 3))])
def test_other_shapes_are_refused(image):
    with pytest.raises(ValueError, match="image: expected"):
        demos.convolution_playground(image)
