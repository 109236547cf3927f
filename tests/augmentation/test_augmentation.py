"""Random changes to one image: each does what it says, within its limits."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.augmentation import Augmentation


def test_each_change_does_what_it_says():
    random = np.random.default_rng
    pixels = random(0).integers(0, 256, (20, 30, 3), np.uint8)
    assert np.array_equal(Augmentation()(pixels, random(0)), pixels)
    flipped = [Augmentation(flip=True)(pixels, random(seed)) for seed in range(30)]
    mirrored = [np.array_equal(image, pixels[:, ::-1]) for image in flipped]
    assert 5 < sum(mirrored) < 25
    assert all(m or np.array_equal(i, pixels) for m, i in zip(mirrored, flipped, strict=True))

    light = np.full((4, 4, 1), 100, np.uint8)
    values = [int(Augmentation(brightness=0.2)(light, random(s)).max()) for s in range(99)]
    assert 80 <= min(values) < 84 and 116 < max(values) <= 120

    # a bright spot off the middle tells where the image went, and how large it became
    spot = np.zeros((101, 101, 3), np.uint8)
    spot[45:56, 65:76] = 200  # middle 20 to the right of the image's
    for name, limit in {"shift": 10, "rotate": 30.0, "zoom": 0.3}.items():
        moved = [Augmentation(**{name: limit})(spot, random(s)) for s in range(60)]
        assert all(image.shape == spot.shape and image.dtype == np.uint8 for image in moved)
        middles = np.array([np.argwhere(image[..., 0] > 100).mean(axis=0) - 50 for image in moved])
        areas = np.array([np.sum(image[..., 0] > 100) for image in moved])
        distances = np.hypot(*middles.T)
        if name == "shift":
            away = abs(middles - [0, 20])
            assert 8 < away.max() < 10.6
            assert abs(areas - 121).max() <= 22
        elif name == "rotate":
            angles = np.degrees(np.arctan2(middles[:, 0], middles[:, 1]))
            assert 25 < abs(angles).max() < 31 and angles.min() < 0 < angles.max()
            assert abs(distances - 20).max() < 1
        else:
            assert distances.min() < 15 and 25 < distances.max() < 26.5
            assert areas.min() < 75 and areas.max() > 180
            assert abs(np.sqrt(areas / 121) - distances / 20).max() < 0.12


def test_from_outside_comes_the_mirror_image():
    grey = np.full((9, 12, 1), 77, np.uint8)
    vary = Augmentation(flip=True, shift=12, rotate=180, zoom=0.9)
    for seed in range(30):
        assert (vary(grey, np.random.default_rng(seed)) == 77).all()


@pytest.mark.parametrize(
    ("wrong", "allowed"),
    [
        ({"shift": -0.1}, "from 0 on"),
        ({"shift": float("inf")}, "from 0 on"),
        ({"shift": "3"}, "from 0 on"),
        ({"rotate": 200}, "from 0 to 180"),
        ({"rotate": float("nan")}, "from 0 to 180"),
        ({"zoom": 1}, "from 0 to 0.9"),
        ({"brightness": 2}, "from 0 to 1"),
        ({"brightness": None}, "from 0 to 1"),
    ],
)
def test_limits_out_of_range_are_refused_by_name(wrong, allowed):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"{name} must be a finite number {allowed}, got "):
        Augmentation(**wrong)


EVERYTHING = Augmentation(flip=True, shift=3, rotate=20, zoom=0.2, brightness=0.3)


@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_floats_are_changed_as_bytes_are(channels):
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, channels), np.uint8)
    for seed in range(10):
        as_bytes = EVERYTHING(pixels, np.random.default_rng(seed))
        for dtype in "float32", "float64":
            floats = EVERYTHING((pixels / 255).astype(dtype), np.random.default_rng(seed))
            assert floats.dtype == dtype and floats.shape == pixels.shape
            # Pillow cuts bytes down to whole numbers, which brightness then multiplies and rounds
            assert abs(255 * floats - as_bytes).max() < 1.3 * 1 + 0.5


def test_a_batch_is_its_images_one_after_the_other():
    batch = np.random.default_rng(0).random((6, 9, 8, 1), np.float32)
    rng = np.random.default_rng(1)
    one_by_one = np.stack([EVERYTHING(image, rng) for image in batch])
    assert np.array_equal(EVERYTHING(batch, np.random.default_rng(1)), one_by_one)
    assert not np.array_equal(one_by_one, batch)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((8, 8)), r"got \(8, 8\); grey images"),
        (np.zeros((2, 8, 8, 1), np.int64), "uint8 from 0 to 255 or floats, got int64"),
        (np.full((8, 8, 1), 255.0), "floats from 0 to 1 .* got 255 to 255"),
        (np.full((8, 8, 1), np.nan), "floats from 0 to 1"),
        ("a cat", "images must be an array of numbers"),
        (np.ma.masked_equal(np.zeros((8, 8, 1)), 0), "images must not be masked"),
    ],
)
def test_what_is_no_image_is_refused(images, message):
    with pytest.raises((ValueError, TypeError), match=message):
        EVERYTHING(images, np.random.default_rng(0))


def test_fit_takes_it():
    model = Sequential([layers.Flatten(), layers.Dense(2)], (9, 8, 1), seed=0)
    model.compile()
    images = np.random.default_rng(0).random((10, 9, 8, 1), np.float32)
    history = model.fit(images, np.arange(10) % 2, augment=EVERYTHING, verbose=0)
    assert np.isfinite(history["loss"]).all()
