"""Pictures of models: every layer is there, to scale, and nothing leaves the page."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from small_models import everything, residual

from cnncourse import Sequential, layers, plots
from cnncourse.networks import DOCUMENTS, tutorial


def deep():
    chain = []
    for filters in (16, 32, 64, 128, 256):
        chain += [
            layers.Conv2D(filters, 3, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(filters, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
        ]
    return Sequential([*chain, layers.GlobalMaxPooling2D(), layers.Dense(3)], (150, 120, 3))


MODELS = {**DOCUMENTS, "everything": everything, "residual": residual, "deep": deep}


def fronts(figure):
    """Width and height of each box's front: the rectangles that are filled with white."""
    return [
        (patch.get_width(), patch.get_height())
        for patch in figure.axes[0].patches
        if type(patch).__name__ == "Rectangle" and patch.get_facecolor() == (1, 1, 1, 1)
    ]


@pytest.mark.parametrize("name", MODELS)
def test_every_layer_is_named_and_nothing_overlaps_or_leaves_the_page(name):
    model = MODELS[name]()
    figure = plots.architecture(model)
    assert figure.png().startswith(b"\x89PNG")
    (ax,) = figure.axes
    written = [text.get_text() for text in ax.texts]
    for layer in model.layers:
        assert layer.name in written and layer.name in figure.alt
    renderer = FigureCanvasAgg(figure).get_renderer()
    extents = [text.get_window_extent(renderer) for text in ax.texts]
    for k, extent in enumerate(extents):
        assert extent.x0 >= 0 and extent.x1 <= figure.bbox.x1, written[k]
        assert extent.y0 >= 0 and extent.y1 <= figure.bbox.y1, written[k]
        for n, other in enumerate(extents[:k]):
            apart = not extent.padded(-0.5).overlaps(other.padded(-0.5))
            assert apart, (written[k], written[n])


def test_sides_are_to_scale():
    sizes = fronts(plots.architecture(tutorial()))
    assert len(sizes) == 7  # input, 4 images, 2 vectors
    for (width, height), pixels in zip(sizes, (28, 24, 12, 8, 4), strict=False):
        assert width == height == pytest.approx(sizes[0][0] * pixels / 28)


def test_a_window_is_to_scale_and_global_pooling_has_none():
    model = Sequential([layers.Conv2D(4, (7, 3)), layers.GlobalMaxPooling2D()], (14, 12, 1))
    figure = plots.architecture(model)
    image = fronts(figure)[0]
    windows = [p for p in figure.axes[0].patches if not p.get_fill()]
    assert len(windows) == 1
    assert windows[0].get_height() == pytest.approx(image[1] * 7 / 14)
    assert windows[0].get_width() == pytest.approx(image[0] * 3 / 12)


def test_a_window_can_be_seen_on_a_large_image():
    model = Sequential([layers.Conv2D(4, 3), layers.MaxPooling2D(2)], (150, 150, 3))
    windows = [p for p in plots.architecture(model).axes[0].patches if not p.get_fill()]
    assert len(windows) == 2
    for window in windows:
        assert window.get_width() == window.get_height() > 0.08  # inches; to scale, 0.03


def test_a_model_without_shapes_is_refused():
    model = Sequential([layers.Dense(3)])
    for draw in plots.architecture, plots.costs:
        with pytest.raises(ValueError, match="give Sequential its input_shape"):
            draw(model)


def test_a_model_may_take_vectors_or_have_no_layers():
    assert "input: 5; dense_1: 3" in plots.architecture(Sequential([layers.Dense(3)], (5,))).alt
    assert plots.architecture(Sequential(input_shape=(8, 8, 1))).alt.endswith("input: 8×8×1")


def test_costs_are_those_of_explain():
    figure = plots.costs(tutorial())
    bars = [[bar.get_width() for bar in ax.patches] for ax in figure.axes]
    assert bars[0] == [72, 18, 16, 4, 4, 10 * 4 / 1024]
    assert bars[1] == [832, 0, 51_264, 0, 0, 10_250]
    assert bars[2] == [460_800, 0, 3_276_800, 0, 0, 10_240]
    assert "62,346 in all" in figure.alt and "3,747,840 in all" in figure.alt


def test_a_residual_block_is_one_box_with_its_branches_under_it():
    said = plots.architecture(residual()).alt
    assert (
        "residual_1, conv2d_2, 3×3, batch_normalization_1, re_lu_1, conv2d_3, 3×3, "
        "batch_normalization_2, + its input, ReLU: 8×7×3"
    ) in said
    assert "+ conv2d_6, 1×1, stride 2×2, + batch_normalization_5, ReLU: 4×4×4" in said
