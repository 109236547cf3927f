"""The chapter on applications: what judges boxes and masks, the networks' parts, the exercises."""

import numpy as np
import pieces
import pytest

from cnncourse import datasets, gradients, layers
from cnncourse.chapters import applications as app
from cnncourse.chapters.applications import exercises, precision, segmenter, skips, stored
from cnncourse.chapters.applications.own_suppression import SUPPRESSION

NAMES = ("background", "cat", "star")


def drawn_boxes(rng, count):
    corners = rng.integers(0, 20, (count, 2))
    return np.concatenate([corners, corners + rng.integers(1, 15, (count, 2))], axis=1)


def painted(box):
    """The box's pixels, of 40×40."""
    mask = np.zeros((40, 40), bool)
    mask[box[0] : box[2], box[1] : box[3]] = True
    return mask


def test_iou_is_that_of_pixels():
    some = drawn_boxes(np.random.default_rng(0), 40)
    for box in some:
        one = painted(box)
        counted = [(one & painted(o)).sum() / (one | painted(o)).sum() for o in some]
        assert np.allclose(app.iou(box, some), counted)
        assert app.iou(box, [box]) == 1
    assert app.iou(some[0], np.zeros((0, 4))).shape == (0,)


def suppressed_by_definition(boxes, scores, threshold):
    """Box after box: it stays if no better one that stays overlaps it too much."""
    stay = []
    for k in sorted(range(len(boxes)), key=lambda k: -scores[k]):
        overlaps = [app.iou(boxes[k], [boxes[j]])[0] for j in stay]
        if all(value <= threshold for value in overlaps):
            stay.append(k)
    return stay


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.8])
def test_suppression_is_its_definition(threshold):
    rng = np.random.default_rng(1)
    for count in (0, 1, 5, 40):
        some, scores = drawn_boxes(rng, count), rng.random(count)
        kept = app.non_maximum_suppression(some, scores, threshold)
        assert kept == suppressed_by_definition(some, scores, threshold)


def test_average_precision_is_the_area_below_the_curve():
    """... of the best precision at each recall or more, added up in thin slices."""
    rng = np.random.default_rng(2)
    slices = (np.arange(20_000) + 0.5) / 20_000
    for _ in range(20):
        flags = rng.random(rng.integers(1, 30)) < 0.6
        objects = int(flags.sum() + rng.integers(1, 5))
        recall, exact = app.recall_and_precision(flags, objects)
        best = [exact[recall >= r].max(initial=0) for r in slices]
        assert app.average_precision(flags, objects) == pytest.approx(np.mean(best), abs=2e-3)


def test_average_precision_at_its_ends():
    assert app.average_precision([True] * 4, 4) == 1
    assert app.average_precision([], 3) == app.average_precision([False], 3) == 0
    assert np.isnan(app.average_precision([False], 0))


def test_a_detection_is_correct_once_in_its_own_image_and_class():
    true = [np.array([[0, 0, 10, 10, 1], [20, 0, 30, 10, 2]]), np.array([[0, 0, 10, 10, 1]])]
    found = [
        np.array(
            [
                [0, 0, 10, 9, 1, 0.9],  # right
                [0, 0, 10, 10, 1, 0.8],  # the same again
                [20, 0, 30, 10, 1, 0.7],  # another class
            ]
        ),
        np.array([[20, 0, 30, 10, 2, 0.6], [0, 0, 10, 10, 1, 0.95]]),  # another image; right
    ]
    flags, objects = app.correct(found, true, 1)
    assert (flags.tolist(), objects) == ([True, True, False, False], 2)
    flags, objects = app.correct(found, true, 2)
    assert (flags.tolist(), objects) == ([False], 1)
    assert app.correct(found, true, 1, threshold=0.95)[0].tolist() == [True, False, True, False]


def test_each_detection_takes_the_object_that_it_fits_best():
    true = [np.array([[0, 0, 10, 10, 1], [0, 4, 10, 14, 1]])]
    found = [np.array([[0, 4, 10, 14, 1, 0.9], [0, 0, 10, 10, 1, 0.8]])]
    assert app.correct(found, true, 1, threshold=0.3)[0].all()


def test_true_boxes_are_worth_one():
    canvases = datasets.canvases(20)
    found = [np.column_stack([rows, np.ones(len(rows))]) for rows in canvases.boxes]
    assert app.mean_average_precision(found, canvases.boxes, 8, app.THRESHOLDS) == 1
    nothing = [np.zeros((0, 6))] * 20
    assert app.mean_average_precision(nothing, canvases.boxes, 8) == 0
    assert app.THRESHOLDS.tolist() == [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]


def test_targets_decoded_are_the_boxes():
    """A detector whose outputs are the targets finds every object, to the pixel."""
    canvases = datasets.canvases(30, size=(64, 128), objects=(1, 5))
    labels = app.detector.targets(canvases.boxes, (64, 128))
    assert labels.shape == (30, 16, 32, 5)
    logits = 20 * np.eye(9)[labels[..., 0].astype(int)]
    found = app.detector.candidates(np.concatenate([logits, labels[..., 1:]], axis=-1))
    kept = app.detector.suppress(found)
    for rows, true in zip(kept, canvases.boxes, strict=True):
        assert sorted(rows[:, :5].round(3).tolist()) == sorted(true.tolist())
    assert sum(map(len, found)) > 2 * sum(map(len, kept))


def test_the_detections_loss_beside_finite_differences():
    rng = np.random.default_rng(3)
    outputs = rng.normal(size=(2, 2, 3, 7))
    labels = np.zeros((2, 2, 3, 5), np.float32)
    labels[0, 0, 1], labels[0, 1, 1] = (1, 2, 1, 1, 2), (2, 1, 1, 2, 2)  # the second has none
    loss = app.detector.DetectionLoss()
    by_nudging = gradients.numerical(lambda: loss(outputs, labels), outputs)
    loss(outputs, labels)
    assert gradients.difference(loss.gradient(), by_nudging) < 1e-6
    with pytest.raises(ValueError, match="labels: expected"):
        loss(outputs, labels[:1])


def test_a_position_without_an_object_has_no_box_to_learn():
    outputs = np.zeros((1, 1, 2, 7))
    labels = np.zeros((1, 1, 2, 5))
    labels[0, 0, 0] = 1, 1, 1, 1, 1
    loss = app.detector.DetectionLoss()
    value = loss(outputs, labels)
    outputs[0, 0, 1, 3:] = 5
    assert loss(outputs, labels) == value
    assert not loss.gradient()[0, 0, 1, 3:].any()


def test_windows_have_the_class_of_what_lies_in_their_middle():
    canvases = datasets.canvases(10)
    images, labels = app.windows(canvases, each=1)
    objects = sum(map(len, canvases.boxes))
    assert images.shape == (2 * objects, 32, 32, 3) and labels.shape == (2 * objects,)
    inner = [number for rows in canvases.boxes for *_, number in rows]
    assert 0 in labels and set(labels) - {0} <= set(inner)
    again = app.windows(canvases, each=1)
    assert np.array_equal(images, again[0]) and np.array_equal(labels, again[1])


def test_the_segmenters_skips_are_sums():
    with_skips, without = segmenter.network(), segmenter.network(skips=False)
    assert with_skips.output_shape == without.output_shape == (64, 64, 9)
    assert sum(isinstance(layer, layers.Residual) for layer in with_skips.layers) == 1
    images = datasets.canvases(2, size=(32, 48)).images
    assert with_skips.predict(images).shape == (2, 32, 48, 9)
    assert not np.allclose(with_skips.predict(images), without.predict(images))


def test_the_kept_networks_are_worth_what_the_chapter_says():
    """On 100 of the 500 canvases that the chapter takes."""
    new = datasets.canvases(100, part="test", seed=0)
    assert new.images.tobytes() == stored.held_out().images[:100].tobytes()
    half, strict = stored.worth_of_detector(stored.kept("detector"), new)
    assert half > 0.95 and strict > 0.7
    assert stored.worth_of_segmenter(stored.kept("segmenter"), new) > 0.85


def test_all_runs_with_and_without_skips_are_kept():
    assert tuple(skips.MEAN_IOU) == tuple(skips.KINDS)
    assert {len(runs) for runs in skips.MEAN_IOU.values()} == {len(skips.SEEDS)}
    new = datasets.canvases(4, part="test", seed=0)
    assert 0 <= skips.mean_iou("without", 0, new, count=16, epochs=1) <= 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(0, 0, 20, 20, 1)], "a cat on the left"),
        ([(0, 44, 20, 64, 2)], "a star on the right"),
        ([(0, 0, 20, 20, 2), (30, 40, 50, 60, 1)], "a star to the left of a cat"),
        ([(30, 40, 50, 60, 1), (0, 30, 20, 50, 2)], "a star above a cat, on the right"),
        (
            [(0, 40, 9, 49, 1), (0, 0, 9, 9, 2), (0, 20, 9, 29, 1)],
            "from left to right a star, a cat and a cat",
        ),
    ],
)
def test_captions(rows, words):
    assert app.caption(rows, NAMES, 64) == words


def test_paint_lies_where_it_belongs():
    images = np.full((1, 8, 8, 3), 0.5)
    masks = np.zeros((1, 8, 8), int)
    masks[0, 2, 3] = 2
    over = app.masks_over(images, masks)
    assert (abs(over - 0.5).max(axis=-1) > 0.1).sum() == 1 and over[0, 2, 3, 1] > 0.55
    heat = np.zeros((1, 3, 3))
    heat[0, 2, 0] = 1
    over = app.heat_over(images, heat)  # 2×2 pixels each, a border of one
    rows, columns = np.nonzero(abs(over[0] - 0.5).max(axis=-1) > 0.1)
    assert set(rows) == {5, 6} and set(columns) == {1, 2}


def test_frames_say_what_they_show():
    images = np.zeros((2, 16, 16, 3))
    figure = app.frames(images, [[(1, 1, 9, 9, 2, 0.5)], []], NAMES, titles=["one", "two"])
    assert figure.alt == "Frames on 2 images: star 0.50; none"
    assert [len(ax.patches) for ax in figure.axes] == [1, 0]
    x, y = figure.axes[0].patches[0].get_xy()
    assert (x, y) == (0.5, 0.5)  # the edge of pixel 1, whose centre is 1


def test_the_solutions_are_the_chapters():
    box, rng = (0, 0, 8, 8), np.random.default_rng(0)
    assert app.iou(box, [(0, 2, 8, 10)])[0] == exercises.shifted()
    for flags in rng.random((10, 12)) < 0.6:
        expected = precision.average_precision(flags, 15)
        assert exercises.area_below_the_curve(flags, 15) == pytest.approx(expected)


def test_suppression_is_judged():
    pieces.must_judge(SUPPRESSION)


@pytest.mark.parametrize(("piece", "wrong", "hint"), pieces.mistakes(suppression=SUPPRESSION))
def test_mistakes_in_suppression_are_named(piece, wrong, hint):
    pieces.must_be_named(piece, wrong, hint)
