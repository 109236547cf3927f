"""Pictures pasted over photographs: images in which it is known exactly what lies where.

Real photographs must be labelled by hand, box by box and pixel by pixel. A picture with an alpha
channel (how opaque each pixel is) knows its own outline: where it is pasted, there it is. So there
are as many images as one likes, each with its boxes and its mask.

The pictures are Twemoji's, the photographs the cuts in ``data/photos``; ``data/README.md`` has
their makers and licences.
"""

from dataclasses import dataclass
from functools import cache
from numbers import Integral

import numpy as np
from PIL import Image

from ..support import arguments, checks
from ..support.text import size_text
from . import locations
from .image_file import read_image

PICTURES = (
    "apple", "banana", "car", "cat", "fish", "rocket", "tree", "umbrella",
    "ball", "butterfly", "crab", "frog", "grapes", "house", "sailboat", "star",
)  # fmt: skip
SHEET = "emoji.png"  # all of them in a row, in that order
PARTS = {"train": "train", "test": "validation"}  # each with the photographs it takes

LEAST_SIDE = 32  # pixels along a side of a canvas
MOST_SIDE = 512
MOST_OBJECTS = 8
PICTURE_SIDES = 0.25, 0.5  # of the canvas's shorter side
BRIGHTNESS = 0.7, 1.2
PHOTOGRAPH_BRIGHTNESS = 0.5, 1.0
OPAQUE = 128  # of 255: from here on, a pixel is the picture's and not the photograph's
ATTEMPTS = 50  # to find a place where a picture covers no other


@dataclass(frozen=True, eq=False, repr=False)
class Canvases:
    """Images, and what lies where on them. The arrays are read-only."""

    images: np.ndarray  # (N, height, width, 3) float32 in [0, 1]
    boxes: tuple  # N arrays (objects, 5) int64: top, left, bottom, right, class; ends excluded
    masks: np.ndarray  # (N, height, width) uint8: each pixel's class
    class_names: tuple[str, ...]  # by class number; number 0 is the background

    def __len__(self):
        return len(self.images)

    def __repr__(self):
        return (
            f"Canvases: {len(self):,} images of {size_text(self.images.shape[1:])} with "
            f"{sum(map(len, self.boxes)):,} objects of {len(self.class_names) - 1} classes"
        )


def canvases(count, size=64, objects=(1, 3), classes=8, part="train", seed=0):
    """Draw images with known objects: pictures pasted over photographs.

    Parameters
    ----------
    count : int
        How many images.
    size : int or pair of int
        Their height and width in pixels, from 32 to 512.
    objects : pair of int
        How many pictures an image has at least and at most, up to 8. Where no more find room, it
        has fewer, but one at least.
    classes : int, or list of str
        How many kinds of pictures, the first so many of apple, banana, car, cat, fish, rocket,
        tree, umbrella, ball, butterfly, crab, frog, grapes, house, sailboat and star; or their
        names.
    part : "train" or "test"
        From which photographs the background comes: those of the two parts share no pixel. The
        pictures are the same.
    seed : int
        Same seed, same images, and the first ten of 20 are those of ten. The two parts differ.

    Returns `Canvases`: ``images`` (count, height, width, 3) float32 in [0, 1]; ``boxes``, for each
    image an array (objects, 5) of top, left, bottom, right and class, with the ends excluded, so
    that ``image[top:bottom, left:right]`` is the object; ``masks`` (count, height, width), the
    class of each pixel; and ``class_names``, where 0 is the background.

    Each picture has a size of its own, a quarter to a half of the canvas's shorter side, a
    brightness of its own, and may be flipped. None covers another: each box is the smallest that
    holds its object's pixels.

    Raises ``ValueError`` or ``TypeError`` for another argument, ``FileNotFoundError`` where the
    course's data are missing.

    >>> found = canvases(3, size=48, classes=["cat", "rocket"])
    >>> found.images.shape, found.masks.shape, found.class_names
    ((3, 48, 48, 3), (3, 48, 48), ('background', 'cat', 'rocket'))
    >>> top, left, bottom, right, number = found.boxes[0][0]
    >>> bool((found.masks[0, top:bottom, left:right] == number).any())
    True
    """
    count = checks.positive_int(count, "count")
    height, width = _size(size)
    least, most = _least_and_most(objects)
    names = _names(classes)
    part = arguments.one_of(part, "part", tuple(PARTS))
    seed = checks.whole_number(seed, "seed", least=0)
    photographs = _photographs(PARTS[part])
    sheet = _pictures()
    pictures = [sheet[PICTURES.index(name)] for name in names]
    images = np.empty((count, height, width, 3), np.float32)
    masks = np.zeros((count, height, width), np.uint8)
    boxes = []
    seeds = np.random.SeedSequence([seed, tuple(PARTS).index(part)]).spawn(count)
    for image, mask, own in zip(images, masks, seeds, strict=True):
        rng = np.random.default_rng(own)
        _fill(image, photographs[rng.integers(len(photographs))], rng)
        boxes.append(_paste_all(image, mask, pictures, rng.integers(least, most + 1), rng))
    for array in (images, masks, *boxes):
        array.flags.writeable = False
    return Canvases(images, tuple(boxes), masks, ("background", *names))


def _fill(image, photograph, rng):
    """Lay a photograph on the whole ``image`` (height, width, 3)."""
    height, width, _ = image.shape
    pixels = Image.fromarray(photograph).resize((width, height), Image.Resampling.BILINEAR)
    if rng.integers(2):
        pixels = pixels.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    image[...] = np.asarray(pixels) * np.float32(rng.uniform(*PHOTOGRAPH_BRIGHTNESS) / 255)


def _paste_all(image, mask, pictures, count, rng):
    """Paste ``count`` pictures where none covers another; their boxes, (objects, 5)."""
    boxes = []
    for _ in range(count):
        number = int(rng.integers(len(pictures)))
        for _ in range(ATTEMPTS):
            picture = _varied(pictures[number], min(mask.shape), rng)  # (h, w, 4)
            sizes = picture.shape[:2]
            top, left = (
                int(rng.integers(side - own + 1))
                for side, own in zip(mask.shape, sizes, strict=True)
            )
            under = slice(top, top + sizes[0]), slice(left, left + sizes[1])
            if not any(_meet(box, under) for box in boxes):
                _paste(image[under], mask[under], picture, number + 1, rng)
                boxes.append((top, left, under[0].stop, under[1].stop, number + 1))
                break
    return np.array(boxes, np.int64)


def _varied(picture, side, rng):
    """A picture in a size of its own, perhaps flipped, cut to the pixels that are opaque.

    ``picture``: an RGBA image; ``side``: the canvas's. Gives (h, w, 4) uint8, the colours
    multiplied by alpha, so that transparent pixels' colours do not come through.
    """
    pixels = max(round(side * rng.uniform(*PICTURE_SIDES)), 2)
    if rng.integers(2):
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    small = picture.convert("RGBa").resize((pixels, pixels), Image.Resampling.BILINEAR)
    values = np.frombuffer(small.tobytes(), np.uint8).reshape(pixels, pixels, 4)
    opaque = values[..., 3] >= OPAQUE
    rows, columns = np.flatnonzero(opaque.any(axis=1)), np.flatnonzero(opaque.any(axis=0))
    return values[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _meet(box, place):
    """Whether a box (top, left, bottom, right, class) and a pair of slices share a pixel."""
    rows, columns = place
    top, left, bottom, right, _ = box
    return top < rows.stop and rows.start < bottom and left < columns.stop and columns.start < right


def _paste(image, mask, picture, number, rng):
    """Lay a picture over the part ``image`` (h, w, 3), and note its pixels in ``mask`` (h, w)."""
    alpha = picture[..., 3:] * np.float32(1 / 255)  # (h, w, 1)
    colours = picture[..., :3] * np.float32(rng.uniform(*BRIGHTNESS) / 255)
    image[...] = image * (1 - alpha) + np.minimum(colours, alpha)
    mask[picture[..., 3] >= OPAQUE] = number


@cache
def _photographs(folder):
    """The photographs of a part of ``data/photos``: a list of arrays (height, width, 3) uint8."""
    path = locations.data_folder() / "photos" / folder
    files = sorted(path.glob("*/*.jpg"))
    if not files:
        raise _missing(path)
    return [read_image(file) for file in files]


@cache
def _pictures():
    """The pictures of the sheet, in their order: RGBA images."""
    path = locations.data_folder() / "emoji" / SHEET
    if not path.is_file():
        raise _missing(path)
    sheet = Image.open(path).convert("RGBA")
    side = sheet.height
    return [sheet.crop((k * side, 0, (k + 1) * side, side)) for k in range(len(PICTURES))]


def _missing(path):
    return FileNotFoundError(
        f"{path}: it is not there; canvases needs the folders data/emoji and data/photos that come "
        "with the course, so work in a copy of the whole course"
    )


def _size(size):
    """Height and width, from one number or two."""
    pair = (size, size) if isinstance(size, Integral) else size
    pair = checks.size(pair, "size")
    if min(pair) < LEAST_SIDE or max(pair) > MOST_SIDE:
        raise ValueError(f"size must be from {LEAST_SIDE} to {MOST_SIDE} pixels, got {size!r}")
    return pair


def _least_and_most(objects):
    """How many objects at least and at most."""
    if not isinstance(objects, (tuple, list)) or len(objects) != 2:
        raise TypeError(
            "objects must be a pair, the fewest and the most on an image, got "
            f"{arguments.described(objects)}"
        )
    title = "objects, the fewest and the most on an image,"
    least, most = (checks.whole_number(value, title, least=1) for value in objects)
    if least > most or most > MOST_OBJECTS:
        raise ValueError(
            f"objects must be a pair that ascends, up to {MOST_OBJECTS}, got {(least, most)}"
        )
    return least, most


def _names(classes):
    """The names of the pictures, from a list of them or from their number."""
    if isinstance(classes, (list, tuple)):
        names = [arguments.one_of(name, "classes: each", PICTURES) for name in classes]
        if len({*names}) < len(names) or not names:
            raise ValueError(f"classes must be one name or more, each once, got {names}")
        return names
    number = checks.whole_number(classes, "classes", least=1, most=len(PICTURES))
    return PICTURES[:number]
