"""scikit-learn's handwritten digits, made into something like a small MNIST.

It needs no download. Its 1,797 images have 8×8 pixels with values from 0 to 16; here, as in MNIST,
a digit fills the 20×20 pixels in the middle of 28×28, in 256 steps of grey.

The images are the test part of *Optical Recognition of Handwritten Digits* (E. Alpaydin and
C. Kaynak, UCI Machine Learning Repository, 1998), which 13 people wrote, one after the other
(https://inria.github.io/scikit-learn-mooc/python_scripts/cross_validation_grouping.html).
"""

from functools import cache

import numpy as np

from .dataset import Dataset, Split
from .sources import DIGITS

EVERY = 4  # one image in four is held out for the test
TRAIN_IMAGES = 20_000  # 14 or 15 of each training original: itself and variations of it
SHIFT = 2.0  # pixels of 28, at most, along each axis
ANGLE = 12.0  # degrees, at most, to either side
GROWTH = 0.1  # of the size, at most

SMALL = 8  # pixels along a side of an original
LARGE = 28  # pixels along a side of an image
BOX = 20  # pixels along a side of the digit in it
MARGIN = 12  # zeros around an original: as far as its spline reaches, to one part in ten million
WHITE = 16  # the largest value in an original


@cache
def load():
    """The digits as a ``Dataset``: 20,000 images to train on, 450 to be tested on.

    The test images are every fourth of scikit-learn's file, as they are. The file goes from writer
    to writer, so both parts hold digits of all 13 people: the test says how well a network reads
    hands that it knows. Strangers' are harder: held out for the test, the file's last 450 images
    cost chapter 07's network some 4 % of accuracy.

    The other 1,347 images are the training part. Each is followed by 13 or 14 variations of it:
    shifted, turned and resized a little, always in the same way. As copies stay together, a part
    taken from the end for validation shares no original with the rest. 20,000 is a multiple of the
    usual batch sizes: an epoch that ends with a batch of five images ends with a jump.

    Images are (N, 28, 28, 1) float32 in [0, 1], labels (N,) int64. The same object is returned
    every time.
    """
    from sklearn.datasets import load_digits  # takes most of a second: only when wanted

    originals, labels = load_digits(return_X_y=True)
    originals = originals.reshape(-1, SMALL, SMALL)  # (1797, 8, 8)
    test = np.arange(len(labels)) % EVERY == 0  # (1797,)
    copied = np.arange(TRAIN_IMAGES) * np.sum(~test) // TRAIN_IMAGES  # which original, in order
    return Dataset(
        name="digits",
        class_names=DIGITS,
        train=Split.from_bytes(_vary(originals[~test], copied), labels[~test][copied]),
        test=Split.from_bytes(np.stack([draw(image) for image in originals[test]]), labels[test]),
        source="Optical Recognition of Handwritten Digits by E. Alpaydin and C. Kaynak, CC BY 4.0",
        originals=copied,
    )


def draw(original, shift=(0.0, 0.0), angle=0.0, scale=1.0):
    """One 8×8 image, drawn on 28×28 pixels.

    Arguments: ``original``: (8, 8), from 0 to 16; ``shift``: pixels down and to the right;
    ``angle``: degrees, clockwise; ``scale``: factor of the size. Returns (28, 28) uint8.

    Every pixel of the result is looked up in the original by one cubic spline: resizing first
    and turning later would blur the digit twice.
    """
    return _drawn(_spline(original), shift, angle, scale)


def _spline(original):
    """The coefficients of a cubic spline through (8, 8) values with zeros around: (32, 32)."""
    from scipy import ndimage  # takes most of a second, too

    return ndimage.spline_filter(np.pad(original, MARGIN))


def _drawn(spline, shift, angle, scale):
    """The picture that `draw` gives, from the coefficients that `_spline` gave."""
    from scipy import ndimage

    cosine, sine = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    pixel = SMALL / (BOX * scale)  # the side of a new pixel, in old ones
    matrix = pixel * np.array([[cosine, -sine], [sine, cosine]])  # (2, 2), new to old
    centre = (LARGE - 1) / 2 + np.asarray(shift)  # (2,), where the digit's middle goes
    offset = MARGIN + (SMALL - 1) / 2 - matrix @ centre
    # "grid-constant": outside, the original goes on with zeros
    grey = ndimage.affine_transform(
        spline, matrix, offset, (LARGE, LARGE), mode="grid-constant", prefilter=False
    )  # (28, 28)
    # the spline overshoots a little beyond black and white
    return np.rint(np.clip(grey, 0, WHITE) * (255 / WHITE)).astype(np.uint8)


def _vary(originals, copied):
    """The originals at the indices ``copied`` (M,), each first as it is: (M, 28, 28) uint8."""
    rng = np.random.default_rng(seed=0)
    shifts = rng.uniform(-SHIFT, SHIFT, (len(copied), 2))
    angles = rng.uniform(-ANGLE, ANGLE, len(copied))
    scales = rng.uniform(1 - GROWTH, 1 + GROWTH, len(copied))
    first = np.diff(copied, prepend=-1) > 0  # (M,)
    shifts[first] = 0
    angles[first] = 0
    scales[first] = 1
    splines = [_spline(original) for original in originals]  # once for all its variations
    return np.stack([
        _drawn(splines[which], *how)
        for which, *how in zip(copied, shifts, angles, scales, strict=True)
    ])  # (M, 28, 28)  # fmt: skip
