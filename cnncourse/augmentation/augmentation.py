"""Random changes to images: mirrored, moved, turned, resized, brighter or darker."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from ..support import arguments, checks

MOST_PIXELS = 10_000
MOST_DEGREES = 180
MOST_ZOOM = 0.9  # a share; with 1 the smallest image would be a point
GREY_LEVELS = 256


@dataclass(frozen=True)
class Augmentation:
    """Random changes to an image, each drawn anew and within the limits given.

    Parameters
    ----------
    flip : bool
        Whether one image in two is mirrored, left to right.
    shift : float
        The most pixels that an image is moved along each axis.
    rotate : float
        The most degrees that it is turned, to either side; up to 180.
    zoom : float
        By which share of its size it is made larger or smaller at most; up to 0.9.
    brightness : float
        By which share its pixels are made brighter or darker at most; up to 1.

    ``fit`` takes it for arrays, ``datasets.image_folder`` for files, both as ``augment=``. What
    comes in from outside the image is its mirror image. Choose changes that leave the label as it
    is: a mirrored cat is a cat, a mirrored "d" is a "b".

    Raises ``ValueError``, which names the argument, for a limit that is no finite number or out of
    its range, ``TypeError`` for a ``flip`` that is neither True nor False.

    >>> vary = Augmentation(flip=True, shift=15, rotate=15)
    >>> vary(np.zeros((150, 150, 3), np.uint8), np.random.default_rng(0)).shape
    (150, 150, 3)
    """

    flip: bool = False
    shift: float = 0.0
    rotate: float = 0.0
    zoom: float = 0.0
    brightness: float = 0.0

    def __post_init__(self):
        arguments.flag(self.flip, "flip")
        if checks.limit(self.shift, "shift") > MOST_PIXELS:
            raise ValueError(f"shift must be at most {MOST_PIXELS:,} pixels, got {self.shift!r}")
        checks.limit(self.rotate, "rotate", most=MOST_DEGREES)
        checks.limit(self.zoom, "zoom", most=MOST_ZOOM)
        checks.limit(self.brightness, "brightness", most=1)

    def __call__(self, images, rng):
        """A varied copy of an image (height, width, channels), or of a batch (images, …) of them.

        ``images``: uint8 from 0 to 255, or floats, with ``brightness`` from 0 to 1; ``rng``: a
        ``numpy.random.Generator``. Gives a new array of the same shape and type. All six values are
        drawn for each image, wanted or not: what one option does to an image does not depend on the
        others. Raises ``ValueError`` or ``TypeError`` for other shapes, types and ranges.
        """
        arguments.generator(rng)
        images = self._checked(images)
        if images.ndim == 3:
            return self._varied(images, rng)
        varied = np.empty_like(images)
        for place, image in enumerate(images):
            varied[place] = self._varied(image, rng)
        return varied

    def _checked(self, images):
        images = checks.numbers(images, "images")
        if images.ndim not in (3, 4) or 0 in images.shape[-3:]:
            raise ValueError(
                "images: expected (height, width, channels) or (images, height, width, channels), "
                f"got {images.shape}; grey images without a channel axis are images[..., None]"
            )
        if images.dtype != np.uint8 and images.dtype.kind != "f":
            raise TypeError(
                f"images: expected uint8 from 0 to 255 or floats, got {images.dtype}; convert them "
                "by images.astype('float32')"
            )
        if self.brightness and images.dtype.kind == "f" and not _from_0_to_1(images):
            raise ValueError(
                "images: expected floats from 0 to 1 to make brighter or darker, got "
                f"{images.min():g} to {images.max():g}; divide images of bytes by 255"
            )
        return images if images.dtype == np.uint8 else checks.in_float32(images, "images")

    def _varied(self, pixels, rng):
        side, down, right, turn, growth, light = rng.uniform(-1, 1, 6)
        if self.flip and side < 0:
            pixels = pixels[:, ::-1]
        if self.shift or self.rotate or self.zoom:
            angle = np.deg2rad(turn * self.rotate)
            shift = self.shift * np.array([right, down])
            pixels = _moved(pixels, shift, angle, 1 + growth * self.zoom)
        if self.brightness:
            pixels = _brighter(pixels, float(1 + light * self.brightness))
        return np.ascontiguousarray(pixels)


def _from_0_to_1(images):
    return images.size == 0 or (images.min() >= 0 and images.max() <= 1)


def _brighter(pixels, factor):
    if pixels.dtype.kind == "f":
        return (pixels * factor).clip(0, 1)
    # looked up in a table: the new value of each possible one
    values = np.arange(GREY_LEVELS) * factor  # (256,)
    return np.rint(values.clip(0, GREY_LEVELS - 1)).astype(np.uint8)[pixels]


def _moved(pixels, shift, angle, scale):
    """The image shifted by (right, down) pixels, turned and resized about its middle, all at once.

    One interpolation for all three: each further one would blur the image again.
    """
    height, width = pixels.shape[:2]
    cosine, sine = np.cos(angle) / scale, np.sin(angle) / scale
    matrix = np.array([[cosine, -sine], [sine, cosine]])  # from new positions (x, y) to old ones
    middle = np.array([width, height]) / 2
    offset = middle - matrix @ (middle + shift)
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]])
    old = corners @ matrix.T + offset  # (4, 2), where the new corners lie in the old image
    beyond = max(-old.min(), (old - [width, height]).max())
    border = int(max(beyond, 0)) + 2  # pixels that are looked up outside, and one for blending
    mirrored = np.pad(pixels, ((border, border), (border, border), (0, 0)), "symmetric")
    x, y = offset + border
    lookup = (matrix[0, 0], matrix[0, 1], x, matrix[1, 0], matrix[1, 1], y)

    def transformed(array):
        moved = Image.fromarray(array).transform(
            (width, height), Image.Transform.AFFINE, lookup, Image.Resampling.BILINEAR
        )
        return np.asarray(moved)

    if pixels.shape[2] == 3 and pixels.dtype == np.uint8:
        return transformed(mirrored)
    if pixels.dtype != np.uint8:
        mirrored = mirrored.astype(np.float32)  # Pillow's only float type
    channels = [transformed(np.ascontiguousarray(c)) for c in np.moveaxis(mirrored, 2, 0)]
    return np.stack(channels, axis=2).astype(pixels.dtype)  # (H, W, C)
