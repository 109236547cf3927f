"""A drawing made into an image as MNIST has them.

Source: LeCun, Cortes & Burges, *The MNIST Database*: the digits were scaled to fit into 20×20
pixels with their proportions kept, and centred in 28×28 by their centre of mass. In the files, it
lies at (14, 14), rows and columns counted from 0; so it does here, and MNIST's own digits come out
as they are.
"""

import numpy as np
from PIL import Image

SIDE, BOX = 28, 20  # pixels: of an image, and of the digit in it
PAPER = 0.2  # of the darkest ink: on paper, what is fainter is shade and grain


def as_mnist(pixels):
    """A drawing, centred and scaled as MNIST's digits are: (28, 28) float32 from 0 to 1.

    ``pixels``: (height, width) uint8, light ink on a dark ground or, as on paper, the reverse.
    What is all of one shade gives an image of zeros.

    >>> square = np.zeros((112, 112), np.uint8)
    >>> square[10:30, 50:70] = 255
    >>> image = as_mnist(square)
    >>> [int(k) for k in np.flatnonzero(image.any(axis=1))] == list(range(4, 24))
    True
    """
    ink = ink_of(pixels)
    out = np.zeros((SIDE, SIDE), np.float32)
    if not ink.any():
        return out
    top, bottom = _extent(ink.any(axis=1))
    left, right = _extent(ink.any(axis=0))
    digit = _resized(ink[top:bottom, left:right])
    # the centre of mass goes to the middle, as far as the digit then fits
    corner = [
        int(np.clip(round(SIDE / 2 - middle), 0, SIDE - size))
        for middle, size in zip(_centre_of_mass(digit), digit.shape, strict=True)
    ]
    out[tuple(slice(at, at + size) for at, size in zip(corner, digit.shape, strict=True))] = digit
    return out


def ink_of(pixels):
    """How much ink there is in each pixel: (height, width) float32, from 0, the ground, to 1.

    The ground is what most pixels along the edges are; on a light one, the ink is dark.
    """
    grey = pixels.astype(np.float32)
    ground = np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]))
    on_paper = ground > 127
    ink = np.clip(ground - grey if on_paper else grey - ground, 0, None)
    ink /= ink.max() or 1
    return np.where(on_paper & (ink < PAPER), 0, ink)


def _extent(marked):
    """The first marked position, and the one behind the last."""
    found = np.flatnonzero(marked)
    return found[0], found[-1] + 1


def _resized(ink):
    """The ink, its longer side ``BOX`` pixels; each new pixel is the mean of what it covers."""
    scale = BOX / max(ink.shape)
    height, width = (max(1, round(scale * side)) for side in ink.shape)
    image = Image.fromarray(ink).resize((width, height), Image.Resampling.BOX)
    return np.asarray(image)  # (height, width)


def _centre_of_mass(digit):
    """Its row and column, as fractions of pixels."""
    return [
        np.average(np.arange(size), weights=digit.sum(axis=1 - axis))
        for axis, size in enumerate(digit.shape)
    ]
