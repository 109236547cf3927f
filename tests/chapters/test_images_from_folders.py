"""The chapter about images from folders: its drawing, what it keeps, what its exercises count."""

import numpy as np

from cnncourse import Sequential, layers
from cnncourse.chapters.images_from_folders import as_published, exercises, remedies, where_from


def pooled(channels):
    model = Sequential(input_shape=(48, 48, channels), seed=0)
    for filters in (16, 32, 32):
        model.add(layers.Conv2D(filters, 3))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(1))
    return model.count_params()


def test_the_pooled_networks_have_so_many_parameters():
    assert (pooled(3), pooled(1)) == (exercises.COLOUR, exercises.grey())


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


def test_the_published_listing_runs_and_its_kept_results_have_all_epochs_and_seeds():
    history = as_published.train(seed=0, epochs=1, steps=1)
    assert 0 <= history["val_accuracy"][-1] <= 1
    assert len(as_published.BY_EPOCH) == as_published.EPOCHS
    assert {len(runs) for runs in as_published.BY_EPOCH.values()} == {len(as_published.SEEDS)}


def test_the_kept_remedies_run_and_have_as_many_seeds_each():
    assert 0 <= remedies.accuracy("pooled", seed=0, epochs=1) <= 100
    assert set(remedies.BY_SEED) == set(remedies.KINDS)
    assert len({len(results) for results in remedies.BY_SEED.values()}) == 1
