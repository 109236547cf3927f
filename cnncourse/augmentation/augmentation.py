"""Augmentation: a training image comes a little different each time, and stays what it is."""

from dataclasses import dataclass

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Augmentation:
    """Random changes to an image, each drawn anew and within the limits given.

    Arguments: ``flip``: whether one image in two is mirrored left to right; ``shift``: pixels,
    along each axis; ``rotate``: degrees, to either side; ``zoom``: share of the
    size, larger or smaller; ``brightness``: share of the light, more or less. What comes in from
    outside the image is its mirror image.

    Choose changes that leave the label right: a mirrored cat is a cat, a mirrored "d" is a "b".
    Raises ``ValueError`` for limits out of range.

    >>> vary = Augmentation(flip=True, shift=15, rotate=15)
    >>> vary(np.zeros((150, 150, 3), np.uint8), np.random.default_rng(0)).shape
    (150, 150, 3)
    """

    flip: bool = False
    shift: float = 0.0  # pixels
    rotate: float = 0.0
    zoom: float = 0.0
    brightness: float = 0.0

    def __post_init__(self):
        for name, limit in {
            "shift": float("inf"),
            "rotate": 180,
            "zoom": 0.9,
            "brightness": 1,
        }.items():
            value = getattr(self, name)
            if not 0 <= value <= limit:
                raise ValueError(f"{name} must be from 0 to {limit}, got {value!r}")

    def __call__(self, pixels, rng):
        """A varied copy of ``pixels`` (height, width, 1 or 3) uint8, in the same shape.

        ``rng`` is a ``numpy.random.Generator``. All numbers are drawn, wanted or not: what one
        option does to an image does not hang on the others.
        """
        side, down, right, turn, growth, light = rng.uniform(-1, 1, 6)
        if self.flip and side < 0:
            pixels = pixels[:, ::-1]
        if self.shift or self.rotate or self.zoom:
            angle = np.deg2rad(turn * self.rotate)
            shift = self.shift * np.array([right, down])
            pixels = _moved(pixels, shift, angle, 1 + growth * self.zoom)
        if self.brightness:
            brighter = np.arange(256) * (1 + light * self.brightness)  # of each value
            pixels = np.rint(brighter.clip(0, 255)).astype(np.uint8)[pixels]
        return np.ascontiguousarray(pixels)


def _moved(pixels, shift, angle, scale):
    """The image shifted by (right, down) pixels, turned and resized about its middle, all at once.

    One interpolation for all three: each further one would blur the image again.
    """
    height, width = pixels.shape[:2]
    cosine, sine = np.cos(angle) / scale, np.sin(angle) / scale
    matrix = np.array([[cosine, -sine], [sine, cosine]])  # from new places (x, y) to old ones
    middle = np.array([width, height]) / 2
    offset = middle - matrix @ (middle + shift)
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]])
    old = corners @ matrix.T + offset  # (4, 2), where the new corners lie in the old image
    beyond = max(-old.min(), (old - [width, height]).max())
    border = int(max(beyond, 0)) + 2  # pixels that are looked up outside, and one for blending
    mirrored = np.pad(pixels, ((border, border), (border, border), (0, 0)), "symmetric")
    picture = Image.fromarray(mirrored[..., 0] if pixels.shape[2] == 1 else mirrored)
    x, y = offset + border
    lookup = (matrix[0, 0], matrix[0, 1], x, matrix[1, 0], matrix[1, 1], y)
    moved = picture.transform(
        (width, height), Image.Transform.AFFINE, lookup, Image.Resampling.BILINEAR
    )
    return np.asarray(moved).reshape(pixels.shape)
