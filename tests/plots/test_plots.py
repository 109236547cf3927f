"""Pictures: their descriptions, and what a notebook stores of them."""

from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from PIL import Image

from cnncourse import plots


def test_a_figure_is_stored_with_its_description():
    figure = plots.images(np.zeros((3, 8, 8, 1)), titles=[7, 2, 1])
    data, metadata = figure._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == "<Figure: 3 images: 7, 2, 1>"
    assert metadata == {"image/png": {"alt": "3 images: 7, 2, 1", "width": 300}}
    again = plots.images(np.zeros((3, 8, 8, 1)), titles=[7, 2, 1])
    assert data["image/png"] == again.png()  # so that regenerating a notebook changes nothing


def test_a_notebook_shows_a_figure_and_then_its_hidden_text(monkeypatch):
    shown, alt = [], "<b> & co"
    monkeypatch.setattr("IPython.display.display", lambda *data, **how: shown.append((*data, how)))
    plots.images(np.zeros((1, 4, 4)), alt=alt)._ipython_display_()
    (picture, how), (text, _) = shown
    assert set(picture) == {"image/png", "text/plain"} and set(text) == {"text/html"}
    assert how == {"metadata": {"image/png": {"alt": alt, "width": 100}}, "raw": True}
    (span,) = ElementTree.fromstring(f"<p>{text['text/html']}</p>")
    assert span.text == f"Picture: {alt}"
    assert "display" not in span.attrib["style"]  # none would be silent


def test_a_figure_has_twice_its_pixels_in_few_colours():
    figure = plots.prediction(np.random.default_rng(0).random((9, 9, 3)), [0.2, 0.8])
    stored = Image.open(BytesIO(figure.png()))
    assert stored.size == (2 * figure.width, round(2 * 100 * figure.get_figheight()))
    assert stored.mode == "P"
    whole, small = (np.asarray(p.convert("RGB"), int) for p in (figure.pixels(), stored))
    assert np.abs(whole - small).mean() < 1
    assert small[0, 0].tolist() == [255, 255, 255]  # paper stays white
    assert 1.5 * len(figure.png()) < len(_png(figure.pixels()))


def _png(picture):
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


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


def test_signed_has_one_scale_with_white_in_the_middle():
    figure = plots.signed({"a": [[-4, 1]], "b": np.zeros((20, 20))})
    shown = [ax.images[0] for ax in figure.axes[:2]]
    assert [image.get_clim() for image in shown] == [(-4, 4), (-4, 4)]
    assert [text.get_text() for text in figure.axes[0].texts] == ["−4", "1"]
    assert not figure.axes[1].texts  # too many to be read
    assert plots.signed({"nothing": [[0]]}, limit=2).axes[0].images[0].get_clim() == (-2, 2)
    photograph = plots.signed({"photograph": np.full((4, 4, 3), 0.5), "b": [[2]]})
    assert photograph.axes[1].images[0].get_clim() == (-2, 2)
    with pytest.raises(ValueError, match=r"'a' must be \(height, width\), got \(2,\)"):
        plots.signed({"a": [1, 2]})


def test_histograms_show_shares_on_one_scale():
    figure = plots.histograms({"a": np.zeros((2, 5)), "b": [0, 1, 1, 1]}, "value", bins=2)
    heights = [[bar.get_height() for bar in ax.patches if isinstance(bar, Rectangle)]
               for ax in figure.axes]  # fmt: skip
    assert np.allclose(heights, [[1, 0], [0.25, 0.75]])
    assert figure.alt == (
        "How often each value occurs. a: from 0 to 0, mean 0.00, standard deviation 0.00; "
        "b: from 0 to 1, mean 0.75, standard deviation 0.43"
    )


def test_losses_draw_each_run_and_what_stands_beside():
    runs = {"good": [2.0, 1.0, 0.5, 0.25] * 10, "bad": [2.0] * 40, "ends": [2.0, float("inf")]}
    figure = plots.losses(runs, beside="good", level={"start": 2.3})
    assert [ax.get_title() for ax in figure.axes] == ["bad", "ends"]
    raw = figure.axes[0].lines[1].get_ydata()
    assert list(raw) == runs["bad"]
    assert "bad: from 2.0 to 2.0, at most 2" in figure.alt
    assert figure.png().startswith(b"\x89PNG")
    (ax,) = plots.losses({"alone": [1.0, 0.5]}).axes
    assert ax.get_title() == "alone"


def test_losses_show_medians_so_that_spikes_stay_apart():
    losses = [1.0] * 40
    losses[20] = 50.0
    ax = plots.losses({"run": losses}).axes[0]
    assert max(ax.lines[0].get_ydata()) == 50 and max(ax.lines[1].get_ydata()) == 1


def test_training_and_validation_are_told_apart():
    figure = plots.history({"loss": [2, 1], "val_loss": [3, 2]})
    (ax,) = figure.axes
    shown = {line.get_label(): list(line.get_ydata()) for line in ax.get_lines()}
    assert shown == {"training": [2, 1], "validation": [3, 2]}
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "validation"]


def test_seeds_are_dots_with_a_line_at_their_mean():
    runs = {"plain": [80, 90], "pooled": [95, 96, 97.3]}
    figure = plots.seeds(runs, "accuracy, %")
    (ax,) = figure.axes
    dots, means = ax.lines[::2], ax.lines[1::2]
    assert [line.get_xdata().tolist() for line in dots] == list(runs.values())
    assert [set(line.get_ydata()) for line in dots] == [{0}, {1}]
    assert [list(line.get_xdata()) for line in means] == [[85, 85], pytest.approx([96.1, 96.1])]
    assert all(low < row < high for row, (low, high) in enumerate(m.get_ydata() for m in means))
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first recipe is on top
    assert [label.get_text() for label in ax.get_yticklabels()] == list(runs)
    assert figure.alt == (
        "accuracy, %, of each seed. plain: 80, 90, mean 85. pooled: 95, 96, 97.3, mean 96.1"
    )


@pytest.mark.parametrize("figures", [[], [[1, 2]], [np.nan], [np.inf]])
def test_a_recipe_needs_a_finite_figure_for_each_seed(figures):
    with pytest.raises(ValueError, match="runs, plain"):
        plots.seeds({"plain": figures}, "accuracy, %")
