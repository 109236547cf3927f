"""Pictures: their descriptions, and what a notebook stores of them."""

import numpy as np
import pytest

from cnncourse import plots


def test_a_figure_is_stored_with_its_description():
    figure = plots.images(np.zeros((3, 8, 8, 1)), titles=[7, 2, 1])
    data, metadata = figure._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == "<Figure: 3 images: 7, 2, 1>"
    assert metadata == {"image/png": {"alt": "3 images: 7, 2, 1"}}
    again = plots.images(np.zeros((3, 8, 8, 1)), titles=[7, 2, 1])
    assert data["image/png"] == again.png()  # so that regenerating a notebook changes nothing


def test_images_fill_rows():
    figure = plots.images(np.zeros((7, 8, 8, 3)), columns=3)
    assert len(figure.axes) == 9
    assert sum(bool(ax.images) for ax in figure.axes) == 7


def test_grey_images_share_one_scale():
    figure = plots.images(np.stack([np.zeros((4, 4)), np.ones((4, 4))]))
    assert [ax.images[0].get_clim() for ax in figure.axes] == [(0, 1), (0, 1)]


def test_a_single_image_is_refused_with_a_hint():
    with pytest.raises(ValueError, match=r"a single image is image\[None\]"):
        plots.images(np.zeros((8, 8)))


def test_history_draws_training_and_validation():
    history = {"loss": [2, 1], "accuracy": [0.1, 0.9], "val_loss": [2, 1], "val_accuracy": [0, 1]}
    figure = plots.history(history)
    assert repr(figure) == (
        "<Figure: Loss and accuracy after each of 2 epochs, in training and in validation>"
    )
    lines = [line.get_ydata().tolist() for ax in figure.axes for line in ax.lines]
    assert lines == [[2, 1], [2, 1], [0.1, 0.9], [0, 1]]


def test_probabilities_are_bars_under_their_names():
    figure = plots.probabilities([0.25, 0.75], ["cat", "dog"])
    (ax,) = figure.axes
    assert [bar.get_height() for bar in ax.patches] == [0.25, 0.75]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["cat", "dog"]
    with pytest.raises(ValueError, match=r"take one row: model.predict\(images\)\[0\]"):
        plots.probabilities([[0.25, 0.75]])


def test_roofline_puts_points_under_the_roofs():
    points = {"einsum": (178, 11), "simd": (178, 400), "twin": (178, 400), "ReLU": (0.125, 2.5)}
    figure = plots.roofline(points, {"1 core": (250, 25), "2 cores": (500, 25)})
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
        plots.roofline(points, {})
    with pytest.raises(ValueError, match=r"'still' must be two positive numbers, got \(1, 0\)"):
        plots.roofline({"still": (1, 0)}, {"1 core": (250, 25)})
