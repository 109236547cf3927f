"""Pictures of what a network has learned, sees, and predicts."""

import re

import numpy as np
import pytest

from cnncourse import Sequential, layers, plots

NAMES = ("cat", "dog", "hen")
LABELS = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, 2])
PREDICTIONS = np.array([0, 1, 1, 1, 1, 2, 0, 2, 2, 0])


def pictures(figure):
    return [ax.images[0] for ax in figure.axes if ax.images]


def test_filters_are_those_of_the_layer():
    model = Sequential([layers.Conv2D(5, (3, 2))], input_shape=(8, 8, 4), seed=0)
    kernel = model.layers[0].get_weights()[0]
    shown = pictures(plots.filters(kernel, channel=2))
    assert len(shown) == 5
    for index, picture in enumerate(shown):
        np.testing.assert_array_equal(picture.get_array(), kernel[:, :, 2, index])
    limit = abs(kernel[:, :, 2]).max()
    assert {picture.get_clim() for picture in shown} == {(-limit, limit)}  # one scale, 0 is white


def test_filters_describe_themselves():
    assert repr(plots.filters(np.full((5, 5, 3, 12), -2.0), channel=1)) == (
        "<Figure: 12 filters of 5×5, their channel 1 of 3, from purple, −2.00, over white, 0, to "
        "orange, 2.00>"
    )
    assert plots.filters(np.zeros((3, 3, 1, 1))).png().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match=r"take layer.get_weights\(\)\[0\]"):
        plots.filters(np.zeros((5, 5)))
    with pytest.raises(ValueError, match="channel must be from 0 to 2"):
        plots.filters(np.zeros((5, 5, 3, 2)), channel=3)


def test_feature_maps_are_those_of_one_image():
    maps = np.random.default_rng(0).normal(size=(6, 5, 9))
    figure = plots.feature_maps(maps, columns=4)
    shown = pictures(figure)[:9]
    for index, picture in enumerate(shown):
        np.testing.assert_array_equal(picture.get_array(), maps[:, :, index])
    assert {picture.get_clim() for picture in shown} == {(maps.min(), maps.max())}
    assert "9 feature maps of 6×5" in figure.alt
    with pytest.raises(ValueError, match=r"take one image's: layer\(images\)\[0\]"):
        plots.feature_maps(maps[None])


@pytest.mark.parametrize("value", [0.0, 3.0, -3.0])
def test_flat_feature_maps_are_drawn(value):
    figure = plots.feature_maps(np.full((4, 4, 2), value))
    assert figure.png().startswith(b"\x89PNG")
    low, high = pictures(figure)[0].get_clim()
    assert low < high and low <= value <= high


def test_a_prediction_is_an_image_and_stems():
    figure = plots.prediction(np.eye(4)[..., None], [0.2, 0.7, 0.1], NAMES)
    picture, stems = figure.axes
    np.testing.assert_array_equal(picture.images[0].get_array(), np.eye(4))
    assert stems.containers[0].markerline.get_ydata().tolist() == [0.2, 0.7, 0.1]
    assert [text.get_text() for text in stems.get_xticklabels()] == list(NAMES)
    assert figure.alt == "An image, and the probability of each of 3 classes: 70.0 % for dog"
    assert plots.prediction(np.zeros((4, 4, 3)), [1.0], alt="a colour").alt == "a colour"
    with pytest.raises(ValueError, match=r"take one of them: images\[0\]"):
        plots.prediction(np.zeros((1, 4, 4, 1)), [1.0])
    with pytest.raises(ValueError, match=r"take one row: model.predict\(images\)\[0\]"):
        plots.prediction(np.eye(4), [[1.0]])


def test_the_confusion_matrix_colours_mistakes_only():
    figure = plots.confusion_matrix(LABELS, PREDICTIONS, NAMES)
    assert figure.alt == (
        "Confusion matrix of 3 classes. 6 of 10 predictions are correct. Most often wrong: dog "
        "for cat (2), cat for hen (2)"
    )
    (ax,) = figure.axes
    assert ax.images[0].get_array().tolist() == [[0, 2, 0], [0, 0, 0], [2, 0, 0]]
    texts = {tuple(map(int, text.get_position())): text.get_text() for text in ax.texts}
    assert texts == {(0, 0): "1", (1, 0): "2", (1, 1): "2", (0, 2): "2", (2, 2): "3"}
    assert [text.get_text() for text in ax.get_yticklabels()] == list(NAMES)
    assert plots.confusion_matrix(LABELS, LABELS, NAMES).alt.endswith(
        "10 of 10 predictions are correct"
    )


def test_mistakes_surest_first():
    probabilities = np.full((10, 3), 0.1)
    probabilities[np.arange(10), PREDICTIONS] = 0.6
    probabilities[6] = [0.9, 0.0, 0.1]
    images = np.arange(10.0)[:, None, None, None] * np.ones((8, 8, 1))
    figure = plots.mistakes(images, LABELS, probabilities, NAMES, count=3)
    assert [picture.get_array()[0, 0] for picture in pictures(figure)] == [6, 1, 2]
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[0] == "true hen\npredicted cat\n(90 %)"
    assert titles[1:] == 2 * ["true cat\npredicted dog\n(60 %)"]
    assert figure.alt.startswith(
        "The 3 of 4 mistakes that the network is surest of: true hen, pred"
    )
    right = probabilities.argmax(axis=1)
    assert plots.mistakes(images, right, probabilities, NAMES).alt == (
        "No mistakes: all 10 predictions are correct"
    )
    with pytest.raises(ValueError, match="expected as many of each, got 10, 10 and 9"):
        plots.mistakes(images, LABELS, probabilities[1:], NAMES)


def test_mistakes_take_labels_in_a_column_and_refuse_names():
    images, probabilities = np.zeros((2, 8, 8, 1)), [[0.2, 0.8], [0, 1]]
    expected = plots.mistakes(images, [0, 1], probabilities, ["cat", "dog"]).alt
    for labels in ([[0], [1]], np.array([[0.0], [1.0]]), [False, True]):
        assert plots.mistakes(images, labels, probabilities, ["cat", "dog"]).alt == expected
    with pytest.raises(TypeError, match="labels must be"):
        plots.mistakes(images, ["cat", "dog"], probabilities, ["cat", "dog"])


def test_no_images_make_no_picture():
    with pytest.raises(ValueError, match="labels: expected at least one image's, got none"):
        plots.confusion_matrix([], [], NAMES)
    with pytest.raises(ValueError, match="images: expected at least one, got none"):
        plots.mistakes(np.zeros((0, 8, 8, 1)), np.zeros(0, int), np.zeros((0, 3)), NAMES)


def test_curves_are_named():
    lines = {"ours": ([0, 250], [2.0, 0.5]), "theirs": ([0, 250, 500], [2.5, 0.6, 0.4])}
    figure = plots.curves(lines, "iteration", "cost", logarithmic=True)
    (ax,) = figure.axes
    assert [line.get_ydata().tolist() for line in ax.lines] == [[2.0, 0.5], [2.5, 0.6, 0.4]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["ours", "theirs"]
    assert ax.get_yscale() == "log"
    assert figure.alt == "cost over iteration: ours from 2 to 0.5; theirs from 2.5 to 0.4"
    with pytest.raises(ValueError, match="'ours' needs as many x as y"):
        plots.curves({"ours": ([1, 2], [1])}, "x", "y")


def test_intervals_reach_from_low_to_high():
    figure = plots.intervals({"100": (99.0, 94.5, 99.8), "10,000": (97.9, 97.6, 98.2)}, "%")
    (ax,) = figure.axes
    ends = [
        bar.get_segments()[0][:, 0].round(6).tolist()
        for container in ax.containers
        for bar in container.lines[2]
    ]
    assert ends == [[94.5, 99.8], [97.6, 98.2]]
    assert re.fullmatch(r"%: 100: 99 \(94.5 to 99.8\); 10,000: 97.9 \(.*\)", figure.alt)
    with pytest.raises(ValueError, match="low ≤ estimate ≤ high"):
        plots.intervals({"100": (94.0, 95.0, 99.0)}, "%")


def test_the_cone_colours_what_is_seen():
    first = layers.Conv2D(4, 1)
    chain = [first, layers.Conv2D(2, 3, padding="same"), layers.MaxPooling2D(2)]
    model = Sequential(chain, (8, 8, 1))  # layers that were built know their channels
    figure = plots.receptive_cone(model.layers, (8, 8, 1), (0, 0))
    assert figure.alt.endswith("1 of max_pooling2d_1, 2 of conv2d_2, 4 of conv2d_1, 4 of the image")
    assert figure.png().startswith(b"\x89PNG")
    (ax,) = figure.axes
    assert len(ax.patches) == (1 + 8) + (1 + 8) + 8 + 4  # what lies in the padding, too
    grey = (0.9, 0.9, 0.9, 1.0)
    coloured = [p for p in ax.patches if p.get_facecolor() not in (grey, (1.0, 1.0, 1.0, 1.0))]
    assert len(coloured) == 3 + 3 + 2 + 1
    assert [text.get_text() for text in ax.texts[1::2]] == ["4", "4", "2", "1"]
    assert ax.texts[-1].get_text() == "columns"


def test_frames_lie_where_the_fields_are():
    chain = [layers.Conv2D(2, 3), layers.Conv2D(2, 3, padding=1)]
    figure = plots.receptive_fields(np.zeros((8, 8, 1)), chain, (0, 0))
    (ax,) = figure.axes
    corners = [(p.get_xy(), p.get_width(), p.get_height()) for p in ax.patches]
    assert corners[1] == ((-1.5, -1.5), 5, 5)  # reaches one pixel into the padding
    assert figure.png().startswith(b"\x89PNG")
