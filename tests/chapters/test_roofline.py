"""The roofline: points under their roofs, with names that can be read."""

import pytest

from cnncourse.chapters.fast_kernels_on_the_cpu import roofline


def test_roofline_puts_points_under_the_roofs():
    points = {"einsum": (178, 11), "simd": (178, 400), "twin": (178, 400), "ReLU": (0.125, 2.5)}
    figure = roofline(points, {"1 core": (250, 25), "2 cores": (500, 25)})
    assert "2 cores: at most 500 GF/s and 25.0 GB/s. " in figure.alt
    assert "simd: 400 GF/s at 178 operations a byte, 80.0 % of what the highest" in figure.alt
    assert "ReLU: 2.50 GF/s at 0.125 operations a byte, 80.0 % of what" in figure.alt
    assert figure.png().startswith(b"\x89PNG")
    (ax,) = figure.axes
    lines = [line.get_xydata() for line in ax.lines]
    assert lines[1][1].tolist() == [20, 500]  # the ridge of the second roof
    assert [tuple(line[0]) for line in lines[2:]] == list(points.values())
    heights = {text.get_text(): text.xyann[1] for text in ax.texts}
    assert heights["twin"] > 1.1 * heights["simd"]  # the names of equal points don't overlap
    with pytest.raises(ValueError, match="at least one roof"):
        roofline(points, {})
    with pytest.raises(ValueError, match=r"'still' must be two positive numbers, got \(1, 0\)"):
        roofline({"still": (1, 0)}, {"1 core": (250, 25)})
