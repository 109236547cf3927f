"""Canvases: boxes and masks are exactly those of the pictures, and seeds fix everything."""

from importlib import import_module

import numpy as np
import pytest
from PIL import Image

from cnncourse import datasets
from cnncourse.datasets import locations

module = import_module("cnncourse.datasets.canvases")  # whose function has its name in datasets


def same(one, other):
    return (
        np.array_equal(one.images, other.images)
        and np.array_equal(one.masks, other.masks)
        and all(map(np.array_equal, one.boxes, other.boxes))
    )


def test_each_box_is_the_smallest_around_its_object():
    found = datasets.canvases(60, size=(48, 64), objects=(1, 4), classes=16)
    assert found.images.shape == (60, 48, 64, 3) and found.images.dtype == np.float32
    assert found.images.min() >= 0 and found.images.max() <= 1
    for mask, boxes in zip(found.masks, found.boxes, strict=True):
        assert 1 <= len(boxes) <= 4
        outside = mask.copy()
        for top, left, bottom, right, number in boxes:
            inside = mask[top:bottom, left:right]
            assert set(np.unique(inside)) <= {0, number}
            own = inside == number
            assert own[0].any() and own[-1].any() and own[:, 0].any() and own[:, -1].any()
            outside[top:bottom, left:right] = 0
        assert not outside.any()
    assert found.class_names == ("background", *module.PICTURES)
    there = {int(number) for boxes in found.boxes for number in boxes[:, 4]}
    assert there == set(range(1, 17)) == set(np.unique(found.masks)) - {0}


def test_sizes_and_brightness_vary():
    found = datasets.canvases(200, classes=["ball"], objects=(1, 1))
    boxes = np.concatenate(found.boxes)
    heights = boxes[:, 2] - boxes[:, 0]
    # the ball fills its picture, whose side is a quarter to a half of 64 pixels
    assert 13 <= heights.min() <= 17 and 28 <= heights.max() <= 32
    assert len({*map(tuple, boxes[:, :2])}) > 150
    bright = [image[mask > 0].max() for image, mask in zip(found.images, found.masks, strict=True)]
    assert np.std(bright) > 0.05


def test_pictures_are_flipped(monkeypatch):
    """... about half of them, as a picture shows whose left half is white."""
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[:, :32, :3] = 255
    monkeypatch.setattr(module, "_pictures", lambda: [Image.fromarray(pixels)] * 16)
    found = datasets.canvases(100, classes=1, objects=(1, 1))
    white_left = 0
    for image, ((top, left, bottom, right, _),) in zip(found.images, found.boxes, strict=True):
        part = image[top:bottom, left:right].mean(axis=(0, 2))
        assert abs(part[0] - part[-1]) > 0.5
        white_left += part[0] > part[-1]
    assert 35 <= white_left <= 65


def test_a_picture_is_laid_over_by_its_alpha(monkeypatch):
    """Half opaque, a white picture leaves half of the photograph; what is transparent, all."""
    pixels = np.full((64, 64, 4), 255, np.uint8)
    pixels[..., 3] = 128  # just opaque enough to be the picture's
    pixels[:, 32:, 3] = 0
    monkeypatch.setattr(module, "_pictures", lambda: [Image.fromarray(pixels)] * 16)
    monkeypatch.setattr(module, "BRIGHTNESS", (1.0, 1.0))
    grey = np.full((50, 50, 3), 51, np.uint8)
    monkeypatch.setattr(module, "_photographs", lambda folder: [grey])
    monkeypatch.setattr(module, "PHOTOGRAPH_BRIGHTNESS", (1.0, 1.0))
    found = datasets.canvases(20, classes=1, objects=(1, 1))
    expected = 0.2 * (1 - 128 / 255) + 128 / 255
    for image, mask, ((top, left, bottom, right, _),) in zip(
        found.images, found.masks, found.boxes, strict=True
    ):
        assert abs(2 * (right - left) - (bottom - top)) <= 2
        assert np.allclose(image[mask == 0], 0.2, atol=1e-6)
        # where the resized picture is as opaque as the original
        assert np.isclose(image[top:bottom, left:right].max(), expected, atol=0.005)


def test_seeds():
    whole = datasets.canvases(12, seed=3)
    assert same(whole, datasets.canvases(12, seed=3))
    first = datasets.canvases(5, seed=3)
    assert np.array_equal(first.images, whole.images[:5])
    assert all(map(np.array_equal, first.boxes, whole.boxes[:5]))
    assert not same(whole, datasets.canvases(12, seed=4))
    assert not same(whole, datasets.canvases(12, seed=3, part="test"))


def test_the_parts_have_photographs_of_their_own():
    train, test = module._photographs("train"), module._photographs("validation")
    assert (len(train), len(test)) == (200, 100)
    files = [
        {file.name for file in (locations.data_folder() / "photos" / part).rglob("*.jpg")}
        for part in ("train", "validation")
    ]
    assert not files[0] & files[1]


def test_arrays_are_read_only():
    found = datasets.canvases(2)
    for array in found.images, found.masks, *found.boxes:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_what_it_looks_like():
    found = datasets.canvases(3, classes=["cat", "star"], objects=(1, 1))
    assert repr(found) == "Canvases: 3 images of 64×64×3 with 3 objects of 2 classes"
    assert len(found) == 3 and found.class_names == ("background", "cat", "star")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"count": 0}, ValueError, "count must be at least 1"),
        ({"count": 2.0}, TypeError, "count must be a whole number"),
        ({"size": 8}, ValueError, "size must be from 32 to 512 pixels, got 8"),
        ({"size": (64, 1000)}, ValueError, "size must be from 32 to 512"),
        ({"size": "64"}, ValueError, r"size must be \(height, width\)"),
        ({"objects": 2}, TypeError, "objects must be a pair"),
        ({"objects": (2, 1)}, ValueError, "objects must be a pair that ascends"),
        ({"objects": (1, 9)}, ValueError, "up to 8"),
        ({"objects": (0, 2)}, ValueError, "objects.*must be at least 1"),
        ({"classes": 17}, ValueError, "classes must be at most 16"),
        ({"classes": ["dog"]}, ValueError, "classes: each must be one of 'apple'.*'dog'"),
        ({"classes": []}, ValueError, "classes must be one name or more"),
        ({"classes": ["cat", "cat"]}, ValueError, "each once"),
        ({"part": "validation"}, ValueError, "part must be one of 'train', 'test'"),
        ({"seed": -1}, ValueError, "seed must be at least 0"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        datasets.canvases(**{"count": 2, **arguments})


def test_without_the_courses_data(monkeypatch, tmp_path):
    monkeypatch.setattr(locations, "data_folder", lambda: tmp_path)
    for loaded in module._pictures, module._photographs:
        monkeypatch.setattr(module, loaded.__name__, loaded.__wrapped__)
    with pytest.raises(FileNotFoundError, match="photos.*a copy of the whole course"):
        datasets.canvases(1)


def test_the_sheet_is_as_it_was_made():
    path = locations.data_folder() / "emoji" / module.SHEET
    sheet = Image.open(path)
    assert sheet.size == (64 * 16, 64) and sheet.mode == "RGBA"
    assert path.stat().st_size < 100_000
    alpha = np.asarray(sheet)[..., 3].reshape(64, 16, 64)
    assert (alpha.max(axis=(0, 2)) == 255).all()  # none is empty
