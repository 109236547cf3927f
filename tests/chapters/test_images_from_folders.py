"""The exercises of the chapter about images from folders, and its drawings."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.chapters.images_from_folders import as_published, exercises, remedies, where_from


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (7, "right"),
        (6, "no image is left out"),
        (6.25, "may be smaller"),
        (10, "32 at a time"),
    ],
)
def test_batches(answer, hint, says):
    says(hint, exercises.check_batches, answer)


def pooled(channels):
    model = Sequential(input_shape=(48, 48, channels), seed=0)
    for filters in (16, 32, 32):
        model.add(layers.Conv2D(filters, 3))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(1))
    return model.count_params()


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (pooled(1), "right"),
        (pooled(3), "the network for colour"),
        (pooled(3) - 432, "still has 9 weights"),
        (pooled(3) - 320, "one bias"),
        (pooled(3) // 3, "only the first layer's weights"),
        (160, "only one layer changes"),
    ],
)
def test_grey(answer, hint, says):
    says(hint, exercises.check_grey, answer)


def drawn(share):
    """A split that holds out about ``share`` of the groups, whatever was asked for."""
    return lambda groups, _, rng: exercises.split_by_group(groups, share, rng)


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda groups, share, rng: None, "not answered yet"),
        (exercises.split_by_group, "right"),
        (lambda groups, share, rng: rng.random(len(groups)) < share, "is on both sides"),
        (drawn(0.75), "exchanged"),
        (drawn(0.5), "4 of 8 groups are held out; 25% were asked for"),
        (lambda groups, share, rng: groups < 2, "another rng holds the same groups out"),
        (lambda groups, share, rng: np.flatnonzero(groups < 2), "True or False for each image"),
        (lambda groups, share, rng: groups, "True or False for each image"),
    ],
)
def test_split_by_group(function, hint, says):
    says(hint, exercises.check_split_by_group, function)


def test_frames_lie_where_the_files_were_cut():
    photographs = {"a": np.zeros((50, 80, 3), np.uint8), "b": np.zeros((50, 80, 3), np.uint8)}
    files = {"train": ["x/a-1-2-30.jpg", "x/b-5-6-9.jpg"], "validation": ["y\\a-40-3-20.jpg"]}
    figure = where_from(photographs, files)
    first, second = figure.axes
    frames = [(*p.get_xy(), p.get_width(), p.get_height()) for p in first.patches]
    assert frames == [(1, 2, 30, 30), (40, 3, 20, 20)]
    assert first.patches[0].get_edgecolor() != first.patches[1].get_edgecolor()
    assert len(second.patches) == 1
    assert "From a: 1 to train on, 1 to validate with" in figure.alt


def test_the_published_listing_runs_and_its_kept_result_has_all_epochs():
    history = as_published.train(epochs=1, steps=1)
    assert set(as_published.HISTORY) == set(history) - {"learning_rate"}
    assert {len(figures) for figures in as_published.HISTORY.values()} == {as_published.EPOCHS}


def test_the_kept_remedies_run_and_have_as_many_seeds_each():
    assert 0 <= remedies.accuracy("pooled", seed=0, epochs=1) <= 100
    assert set(remedies.BY_SEED) == set(remedies.KINDS)
    assert len({len(results) for results in remedies.BY_SEED.values()}) == 1


@pytest.mark.parametrize(
    ("digits", "hint"),
    [
        (None, "not answered yet"),
        ({6, 9}, "right"),
        ([9, 6], "right"),
        ({0, 8}, "their label stays right"),
        ({2, 5}, "alike in the mirror"),
        ({3, 7}, "upside down"),
    ],
)
def test_turned(digits, hint, says):
    says(hint, exercises.check_turned, digits)


@pytest.mark.parametrize(
    ("conclusion", "hint"),
    [
        (None, "not answered yet"),
        ("not told apart", "right"),
        ("better", "not the best of them"),
        ("worse", "how far do the seeds"),
        ("yes", "one of 'better', 'worse', 'not told apart'"),
    ],
)
def test_brightness(conclusion, hint, says):
    says(hint, exercises.check_brightness, conclusion)
