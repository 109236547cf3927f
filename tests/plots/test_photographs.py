"""Photographs: in rows, as they are."""

import numpy as np
import pytest

from cnncourse import plots


def test_photographs_in_rows():
    grey, colour = np.linspace(-1, 2, 12).reshape(3, 4), np.full((3, 4, 3), 0.5)
    figure = plots.photographs({"grey": grey, "colour": colour, "edges": grey - 0.5, "more": grey},
                               signed=["edges"])  # fmt: skip
    assert figure.alt == "Photographs: grey, colour, edges, more"
    shown = [ax.images[0] for ax in figure.axes if ax.images]
    assert [ax.get_title() for ax in figure.axes] == ["grey", "colour", "edges", "more", "", ""]
    assert len(shown) == 4
    assert np.array_equal(shown[0].get_array(), np.clip(grey, 0, 1))
    assert shown[0].get_clim() == (0, 1)
    low, high = shown[2].get_clim()
    assert low == -high and shown[2].get_cmap().name == "PuOr_r"
    assert np.array_equal(shown[2].get_array(), grey - 0.5)
    with pytest.raises(ValueError, match=r"x: expected \(height, width\) or .* got \(2, 3, 4, 3\)"):
        plots.photographs({"x": np.zeros((2, 3, 4, 3))})
