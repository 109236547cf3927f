"""Predictions for folders, by workers: those of `predict`, in the folder's order."""

import numpy as np
import pytest
from PIL import Image

from cnncourse import Sequential, datasets, distributed, layers
from cnncourse.distributed import folders

IMAGES = 23
SIZE = (12, 10)


def photographs(path):
    """Small random pictures in two class folders."""
    rng = np.random.default_rng(0)
    for number in range(IMAGES):
        folder = path / ("cats", "dogs")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (14, 11, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:02}.png")
    return path


def opened(path, **options):
    return datasets.image_folder(path, SIZE, **{"batch_size": 4, "seed": 0, **options})


def network():
    return Sequential(
        [layers.Conv2D(3, 3, activation="relu"), layers.Flatten(), layers.Dense(2)],
        input_shape=(*SIZE, 3),
        seed=0,
    )


def damage(path, *names):
    """Cut files off in the middle: their headers are whole."""
    for name in names:
        content = (path / name).read_bytes()
        (path / name).write_bytes(content[: len(content) // 2])


def test_the_predictions_of_predict_in_the_same_order(clients, tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "IMAGES_A_TASK", 4)  # six tasks
    path, model = photographs(tmp_path), network()
    expected = model.predict(opened(path))
    assert len(expected) == IMAGES
    for client in None, clients(1), clients(2):
        found = distributed.predict(model, opened(path), client)
        assert np.array_equal(found, expected)


def test_few_tasks_are_sent_at_a_time(tmp_path):
    """Or the results of a folder of any size would wait in a memory."""
    begun, taken = [], []

    class Future:
        def __init__(self, item):
            begun.append(item)
            self.item = item

        def result(self):
            taken.append(self.item)
            assert len(begun) - len(taken) < 3
            return self.item

    assert list(folders._in_order(Future, range(10), 3)) == list(range(10))


def test_damaged_files_are_left_out_and_named(clients, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(folders, "IMAGES_A_TASK", 4)
    path, model = photographs(tmp_path), network()
    here, there = opened(path), opened(path)
    damage(path, "cats/04.png", "dogs/01.png")
    expected = model.predict(here)
    said = capsys.readouterr().out
    found = distributed.predict(model, there, clients(2))
    assert np.array_equal(found, expected) and len(found) == IMAGES - 2
    assert there.files == here.files and "cats/04.png" not in there.files
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(said.splitlines())
    assert "skipped cats/04.png: " in said and "skipped 2 of 23 files in all, 21 are left" in said


def test_a_whole_task_of_damaged_files(clients, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(folders, "IMAGES_A_TASK", 1)
    path, model = photographs(tmp_path), network()
    folder = opened(path, batch_size=1)
    damage(path, "cats/04.png")
    assert len(distributed.predict(model, folder, clients(1))) == IMAGES - 1


def test_what_is_refused(clients, tmp_path):
    folder, model = opened(photographs(tmp_path)), network()
    with pytest.raises(TypeError, match=r"folder must be what datasets\.image_folder gives"):
        distributed.predict(model, np.zeros((1, *SIZE, 3)))
    with pytest.raises(ValueError, match="expected images"):
        distributed.predict(model, opened(tmp_path, color="grayscale"), clients(1))
    pytest.importorskip("dask", reason='the extra "distributed" is missing')
    with pytest.raises(TypeError, match="client must be a Dask client"):
        distributed.predict(model, folder, client=3)
