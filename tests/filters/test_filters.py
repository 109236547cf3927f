"""Filters by hand: SciPy's numbers for every mode and boundary, and what the kernels promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, signal

from cnncourse import filters
from cnncourse.filters.sliding import BOUNDARIES, MODES

PAIRS = [
    (filters.conv2d, signal.convolve2d),
    (filters.correlate2d, signal.correlate2d),
]
sides = st.integers(1, 9)
shapes = st.tuples(sides, sides)


def drawn(shape, seed, integers=False):
    rng = np.random.default_rng(seed)
    return rng.integers(-9, 10, shape) if integers else rng.standard_normal(shape)


def fits(image, kernel, mode):
    """Whether the kernel fits; where it does not, SciPy swaps it with the image."""
    return mode != "valid" or (kernel[0] <= image[0] and kernel[1] <= image[1])


@pytest.mark.parametrize(("ours", "scipys"), PAIRS)
@given(
    image=shapes,
    kernel=shapes,
    mode=st.sampled_from(MODES),
    boundary=st.sampled_from(list(BOUNDARIES)),
    integers=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(deadline=None)
def test_scipy_agrees(ours, scipys, image, kernel, mode, boundary, integers, seed):
    x, k = drawn(image, seed, integers), drawn(kernel, seed + 1, integers)
    if not fits(image, kernel, mode):
        with pytest.raises(ValueError, match="fits nowhere"):
            ours(x, k, mode, boundary)
        return
    originals = x.copy(), k.copy()
    got, expected = ours(x, k, mode, boundary), scipys(x, k, mode, boundary)
    assert got.shape == expected.shape
    if integers:
        assert got.dtype == np.int64 and np.array_equal(got, expected)
    else:
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)
    assert np.array_equal(x, originals[0]) and np.array_equal(k, originals[1])


@given(
    samples=st.integers(1, 12),
    cells=st.integers(1, 12),
    mode=st.sampled_from(MODES),
    boundary=st.sampled_from(list(BOUNDARIES)),
    seed=st.integers(0, 99),
)
@settings(deadline=None)
def test_one_dimension_is_a_single_row_of_two(samples, cells, mode, boundary, seed):
    x, k = drawn(samples, seed), drawn(cells, seed + 1)
    for ours, scipys in (
        (filters.conv1d, signal.convolve2d),
        (filters.correlate1d, signal.correlate2d),
    ):
        if fits((1, samples), (1, cells), mode):
            expected = scipys(x[None], k[None], mode, boundary)[0]
            np.testing.assert_allclose(ours(x, k, mode, boundary), expected, rtol=1e-12, atol=1e-12)
        else:
            with pytest.raises(ValueError, match="fits nowhere"):
                ours(x, k, mode, boundary)


@given(
    image=shapes,
    kernel=shapes,
    channels=st.integers(1, 4),
    mode=st.sampled_from(MODES),
    boundary=st.sampled_from(list(BOUNDARIES)),
)
@settings(deadline=None)
def test_colours_are_filtered_one_by_one(image, kernel, channels, mode, boundary):
    if not fits(image, kernel, mode):
        return
    x, k = drawn((*image, channels), 1), drawn(kernel, 2)
    for ours, _ in PAIRS:
        got = ours(x, k, mode, boundary)
        for c in range(channels):
            assert np.array_equal(got[..., c], ours(x[..., c], k, mode, boundary))


@given(image=shapes, kernel=shapes)
@settings(deadline=None)
def test_correlation_is_the_transpose_of_convolution(image, kernel):
    k = drawn(kernel, 3, integers=True)
    units = np.eye(image[0] * image[1], dtype=int).reshape(-1, *image)  # an image for each pixel
    there = np.array([filters.conv2d(unit, k, "same").ravel() for unit in units])
    back = np.array([filters.correlate2d(unit, k, "same").ravel() for unit in units])
    assert np.array_equal(there, back.T)


def test_the_sum_as_it_is_written():
    x, k = drawn((4, 5), 0, integers=True), drawn((3, 2), 1, integers=True)
    out = np.zeros((6, 6), int)
    for i, j in np.ndindex(out.shape):
        for m, n in np.ndindex(x.shape):
            if 0 <= i - m < 3 and 0 <= j - n < 2:
                out[i, j] += x[m, n] * k[i - m, j - n]
    assert np.array_equal(filters.conv2d(x, k, "full"), out)


def test_sums_of_bytes_do_not_run_over():
    white = np.full((3, 3), 255, np.uint8)
    assert filters.correlate2d(white, np.ones((3, 3), np.uint8)) == [[9 * 255]]
    assert filters.conv1d(np.uint8([255, 255]), np.uint8([255, 255])) == [2 * 255**2]
    assert filters.conv2d(white, np.float32(np.ones((1, 1)))).dtype == np.float64


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: filters.conv1d([[1]], [1]), ValueError, r"conv1d: expected signal \(samples,\)"),
        (lambda: filters.conv1d([1, 2], [[1]]), ValueError, r"a kernel of 1 axis, .* got \(1, 1\)"),
        (lambda: filters.conv2d([1, 2], [[1]]), ValueError, r"conv2d: expected image \(height, w"),
        (lambda: filters.correlate2d(np.zeros((0, 3)), [[1]]), ValueError, r"at least one pixel"),
        (lambda: filters.correlate2d([[1]], np.zeros((0, 3))), ValueError, r"at least one cell"),
        (lambda: filters.conv2d([[1]], [[1]], "middle"), ValueError, r"mode must be one of 'valid"),
        (lambda: filters.conv2d([[1]], [[1]], "same", "zero"), ValueError, r"boundary must be one"),
        (lambda: filters.conv2d([[1, 2]], [[1], [2]]), ValueError, r"a kernel of 2×1 fits nowhere"),
        (lambda: filters.conv2d([["a"]], [[1]]), TypeError, r"conv2d: image must be an array of n"),
        (lambda: filters.conv2d([[1]], [[1j]]), TypeError, r"conv2d: kernel must be an array of"),
        (lambda: filters.box(0), ValueError, r"size must be at least 1"),
        (lambda: filters.gaussian(3, 0), ValueError, r"sigma must be a positive number of pixels"),
        (lambda: filters.gaussian(3, np.nan), ValueError, r"sigma must be a positive number"),
        (lambda: filters.gaussian(3.5, 1), TypeError, r"size must be a whole number"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


@given(size=st.integers(1, 15), sigma=st.floats(0.3, 20))
@settings(deadline=None)
def test_a_gaussian_is_symmetric_and_sums_to_one(size, sigma):
    kernel = filters.gaussian(size, sigma)
    assert kernel.shape == (size, size)
    assert kernel.sum() == pytest.approx(1)
    np.testing.assert_allclose(kernel, kernel.T, rtol=1e-12)
    np.testing.assert_allclose(kernel, kernel[::-1], rtol=1e-9)


@pytest.mark.parametrize("sigma", [0.7, 1, 2.5])
def test_the_gaussian_is_scipys(sigma):
    image = drawn((30, 40), 0)
    size = 2 * int(4 * sigma + 0.5) + 1  # as far as SciPy goes
    ours = filters.correlate2d(image, filters.gaussian(size, sigma), "same", "symm")
    np.testing.assert_allclose(ours, ndimage.gaussian_filter(image, sigma), rtol=1e-10, atol=1e-12)


def test_sobel_prewitt_and_laplacian_are_scipys():
    image = drawn((9, 8), 0)
    twins = {
        "vertical edges": ndimage.prewitt(image, 1),
        "horizontal edges": ndimage.prewitt(image, 0),
        "sobel x": ndimage.sobel(image, 1),
        "sobel y": ndimage.sobel(image, 0),
        "laplacian": ndimage.laplace(image),
        "box blur": ndimage.uniform_filter(image, 3),
    }
    for name, expected in twins.items():
        ours = filters.correlate2d(image, filters.KERNELS[name], "same", "symm")
        np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-12, err_msg=name)


def test_kernels_keep_or_remove_the_brightness():
    keep = {"identity", "box blur", "gaussian blur", "sharpen", "emboss"}
    for name, kernel in filters.KERNELS.items():
        assert kernel.shape == (3, 3)
        assert kernel.sum() == pytest.approx(1 if name in keep else 0), name
        with pytest.raises(ValueError, match="read-only"):
            kernel[0, 0] = 7
    with pytest.raises(TypeError):
        filters.KERNELS["mine"] = np.ones((3, 3))
    ramp = np.tile(np.arange(5), (5, 1))  # brighter to the right
    assert (filters.correlate2d(ramp, filters.KERNELS["vertical edges"]) == 6).all()
    assert (filters.correlate2d(ramp.T, filters.KERNELS["horizontal edges"]) == 6).all()
    assert (filters.correlate2d(ramp, filters.KERNELS["horizontal edges"]) == 0).all()
    assert (filters.correlate2d(ramp, filters.KERNELS["laplacian"]) == 0).all()
