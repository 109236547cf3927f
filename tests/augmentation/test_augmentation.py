"""Random changes to one image: each does what it says, within its limits."""

import numpy as np
import pytest

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
