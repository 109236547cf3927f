"""Pictures of what a network goes by: they show the arrays of `explanations`, where they belong."""

import numpy as np
import pytest
from small_models import small, small_batch

from cnncourse import Sequential, explanations, layers, plots
from cnncourse.receptive_field import trace

NAMES = ("cat", "dog", "hen")


def pictures(figure):
    return [image.get_array() for ax in figure.axes for image in ax.images]


@pytest.mark.parametrize("method", explanations.METHODS)
def test_saliency_is_added_up_over_channels(method):
    model, images = small(), small_batch(3)[0]
    figure = plots.saliency(model, images, method=method, class_names=NAMES, columns=2)
    maps = explanations.saliency(model, images, method=method).sum(axis=3)
    outputs = model.predict(images)
    shown = [ax.images[0] for ax in figure.axes if ax.images and ax.get_title() == ""]
    assert len(shown) == 3
    order = [0, 1, 2]  # two in the first pair of rows, one in the second
    for k, image in zip(order, shown, strict=True):
        np.testing.assert_allclose(image.get_array(), maps[k])
        low, high = image.get_clim()
        assert low == -high
    titles = [ax.get_title() for ax in figure.axes if ax.get_title()]
    for k, title in zip(order, titles, strict=True):
        name = NAMES[outputs[k].argmax()]
        assert title == f"{name}\n{100 * outputs[k].max():.0f} %"
        row, column = np.unravel_index(abs(maps[k]).argmax(), (8, 7))
        assert f"{name} (strongest at row {row}, column {column})" in figure.alt
    assert figure.png().startswith(b"\x89PNG")


def test_occlusion_and_the_chosen_class():
    model, images = small(), small_batch(2)[0]
    figure = plots.occlusion(model, images, classes=1, size=3)
    maps = explanations.occlusion(model, images, classes=1, size=3)
    shown = [ax.images[0].get_array() for ax in figure.axes if not ax.get_title()]
    np.testing.assert_allclose(shown, maps)
    assert figure.alt.startswith("Occlusion, of 2 images: 1 (strongest at")


@pytest.mark.parametrize("chain", [
    [layers.Conv2D(2, 3, activation="relu")],
    [layers.Conv2D(2, 3, strides=2, padding="same")],
    [layers.Conv2D(2, 3, padding="same"), layers.MaxPooling2D(2)],
    [layers.Conv2D(2, 8)],
    [layers.MaxPooling2D(3), layers.Conv2D(2, 1), layers.MaxPooling2D(1)],
])  # fmt: skip
def test_the_maps_of_grad_cam_lie_over_the_middle_of_their_receptive_fields(chain):
    model = Sequential([*chain, layers.Flatten(), layers.Dense(3)], (8, 8, 1), seed=0)
    images = np.random.default_rng(0).random((1, 8, 8, 1))
    last = chain[-1].name
    figure = plots.grad_cam(model, images, layer=last)
    (below,) = (ax for ax in figure.axes if not ax.get_title())
    cam = below.images[1]
    rows, columns = cam.get_array().shape
    left, right, bottom, top = cam.get_extent()
    for i, j in np.ndindex(rows, columns):
        down, across = trace(chain, (8, 8, 1), (i, j))[0]
        y = top + (i + 0.5) * (bottom - top) / rows
        x = left + (j + 0.5) * (right - left) / columns
        middles = [(field.start + field[-1]) / 2 for field in (down, across)]
        assert (y, x) == pytest.approx(middles)
    assert figure.alt.startswith(f"Grad-CAM of {last}, of 1 image: ")
    assert figure.png().startswith(b"\x89PNG")


def test_patches_stand_in_rows_of_filters():
    model, images = small(input_shape=(8, 7, 1)), np.random.default_rng(0).random((6, 8, 7, 1))
    figure = plots.strongest_patches(model, images, "conv2d_1", count=4)
    shown = pictures(figure)
    assert len(shown) == 3 * 4  # the layer has three filters
    for number in range(3):
        found = explanations.strongest_patches(model, images, "conv2d_1", number, 4)
        for k in range(4):
            np.testing.assert_allclose(shown[4 * number + k], found.pixels[k, ..., 0], atol=1e-6)
    assert "For each of 3 filters of conv2d_1, the 4 patches of 3×3 pixels" in figure.alt
    one = plots.strongest_patches(model, images, "conv2d_1", filters=2, count=4)
    np.testing.assert_allclose(pictures(one), shown[8:])


@pytest.mark.parametrize("draw", [plots.saliency, plots.grad_cam, plots.strongest_patches])
def test_a_model_without_shapes_is_refused_by_name(draw):
    with pytest.raises(ValueError, match="model: expected one with known shapes"):
        draw(small(input_shape=None), small_batch(2)[0])


def test_images_made_for_filters_are_shown_under_their_numbers():
    model = small()
    figure = plots.preferred_images(model, "conv2d_2", [3, 0], steps=2)
    made = explanations.preferred_images(model, "conv2d_2", [3, 0], steps=2)
    np.testing.assert_allclose(pictures(figure), made.mean(axis=3))
    assert [ax.get_title() for ax in figure.axes] == ["3", "0"]
    assert "2 filters of conv2d_2, the image of" in figure.alt


def test_maps_of_every_layer():
    model, image = small(), small_batch(1)[0][0]
    figure = plots.layer_maps(model, image, most=2)
    given = explanations.activations(model, image[None])
    shown = pictures(figure)[1:]  # behind the image
    names = ["conv2d_1", "max_pooling2d_1", "conv2d_2"]
    expected = [given[name][0, :, :, k] for name in names for k in range(2)]
    for picture, maps in zip(shown, expected, strict=True):
        np.testing.assert_array_equal(picture, maps)
    with pytest.raises(ValueError, match="expected one with layers that give maps"):
        plots.layer_maps(Sequential([layers.Flatten()], (8, 7, 2)), image)
    with pytest.raises(ValueError, match=r"expected images \(images, 8, 7, 2\)"):
        plots.layer_maps(model, image[None])


def test_points_bear_their_classes():
    model, (images, labels) = small(), small_batch(12)
    figure = plots.embedding(model, images, labels, class_names=NAMES)
    points = explanations.in_two_dimensions(explanations.last_hidden(model, images))
    shown = figure.axes[0].collections
    for collection, number in zip(shown, np.unique(labels), strict=True):
        np.testing.assert_allclose(collection.get_offsets(), points[labels == number])
        assert collection.get_label() == NAMES[number]
    near = np.linalg.norm(points[:, None] - points, axis=2) + 1e9 * np.eye(12)
    share = 100 * (labels[near.argmin(axis=1)] == labels).mean()
    assert figure.alt.endswith(f"is of the same class for {share:.0f} %")
    with pytest.raises(ValueError, match="images and labels: .* got 12 and 11"):
        plots.embedding(model, images, labels[1:])


def test_filters_before_stand_above_those_after():
    before = np.random.default_rng(0).normal(size=(3, 3, 2, 5))
    after = before * [1, 2, 1, 1, 1]
    figure = plots.filters_before_and_after(before, after, channel=1, most=3)
    expected = [kernel[:, :, 1, k] for kernel in (before, after) for k in range(3)]
    np.testing.assert_array_equal(pictures(figure)[:6], expected)
    assert [ax.get_title() for ax in figure.axes[:3]] == ["0 %", "100 %", "0 %"]
    assert "3 of 5 filters" in figure.alt
    with pytest.raises(ValueError, match="channel must be from 0 to 1"):
        plots.filters_before_and_after(before, after, channel=2)
