"""Output sizes and padding: the only place where these formulas stand.

A window that spans ``F`` pixels slides over an image side of ``W`` pixels, ``S`` pixels at a step,
after ``P`` pixels were added in all (before and after). It fits

    floor((W - F + P) / S) + 1

times. (The documents' formulas are special cases of it: W - 2 floor(F/2) holds for odd F without
padding, (W - 1)/S + 1 for "same" padding.) A window spans as many pixels as it has cells, unless it
is dilated: of ``k`` cells, ``d`` pixels from one to the next, the first and the last are
``(k - 1) d`` pixels apart.

Source: *Convolutional Neural Networks, Explained*, with the floor it leaves out; Keras 3's
documentation for "same".
"""

from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral

from ..support.text import size_text

Pair = tuple[int, int]
MOST = 2**16  # pixels along a side


@dataclass(frozen=True)
class Geometry:
    """How a window lies on an image: everything a kernel must know besides its arrays.

    Each field is a pair, (along the height, along the width).

    >>> Geometry.of((28, 28), window=(5, 5), strides=(1, 1), padding="valid").output
    (24, 24)
    """

    image: Pair  # pixels
    window: Pair  # cells
    strides: Pair  # pixels between two positions of the window
    before: Pair  # pixels added above, and to the left
    output: Pair  # positions of the window
    dilation: Pair = (1, 1)  # pixels from one cell of the window to the next

    @property
    def dilated(self):
        """Whether there are gaps in the window."""
        return self.dilation != (1, 1)

    @property
    def extent(self):
        """How many pixels the window spans, gaps included.

        >>> Geometry.of((28, 28), (3, 3), (1, 1), "valid", dilation=(2, 2)).extent
        (5, 5)
        """
        return extent_of(self.window, self.dilation)

    @classmethod
    @lru_cache(maxsize=512)  # a layer asks for it at every batch, and gets the same each time
    def of(cls, image, window, strides, padding, dilation=(1, 1)):
        """The geometry of ``window`` on ``image``.

        Arguments: ``image``, ``window``, ``strides``, ``dilation``: tuples of two ints;
        ``padding``: ``"valid"`` (none), ``"same"`` (as many positions as the image has strides,
        Keras's rule) or a pair: the pixels added above and below, and left and right.

        Raises ``ValueError`` where the window fits nowhere on the padded image.
        """
        # a single cell has no gaps beside it
        dilation = tuple(
            apart if cells > 1 else 1 for cells, apart in zip(window, dilation, strict=True)
        )
        extent = extent_of(window, dilation)
        if padding == "same":
            sides = [_same(*side) for side in zip(image, extent, strides, strict=True)]
        else:
            pads = (0, 0) if padding == "valid" else padding
            padded = tuple(size + 2 * pad for size, pad in zip(image, pads, strict=True))
            if any(span > pixels for span, pixels in zip(extent, padded, strict=True)):
                included = "" if pads == (0, 0) else ", padding included"
                raise ValueError(
                    f"a window of {size_text(extent)} does not fit on an image of "
                    f"{size_text(padded)} pixels{included}; take a smaller window, larger images, "
                    "or more padding (padding='same' always fits)"
                )
            sides = [_fixed(*side) for side in zip(image, extent, strides, pads, strict=True)]
        before, output = zip(*sides, strict=True)
        return cls(image, window, strides, before, output, dilation)


def extent_of(window, dilation):
    """How many pixels a window spans whose cells are ``dilation`` pixels apart: a pair.

    >>> extent_of((3, 5), (2, 1))
    (5, 5)
    """
    return tuple((cells - 1) * apart + 1 for cells, apart in zip(window, dilation, strict=True))


def _same(size, window, stride):
    """Zeros before the image, and the number of positions, so that positions = ceil(W / S)."""
    output = -(-size // stride)
    added = max((output - 1) * stride + window - size, 0)
    return added // 2, output  # where ``added`` is odd, the odd pixel goes behind the image


def _fixed(size, window, stride, pad):
    """The same with ``pad`` pixels on both sides of the image."""
    return pad, (size - window + 2 * pad) // stride + 1


def as_pair(value, name, least=1):
    """An int, or two, as a pair of ints: ``3`` means ``(3, 3)``, as everywhere in Keras.

    Raises ``TypeError`` for anything that is not a whole number or two of them, and
    ``ValueError`` for one below ``least``; both name the argument ``name``.

    >>> as_pair(3, "strides")
    (3, 3)
    """
    pair = (value, value) if isinstance(value, Integral) else value
    if (
        isinstance(value, bool)
        or not isinstance(pair, (tuple, list))
        or len(pair) != 2
        or not all(isinstance(number, Integral) for number in pair)
    ):
        raise TypeError(f"{name} must be a whole number or a pair of them, got {value!r}")
    if min(pair) < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}")
    if max(pair) > MOST:
        raise ValueError(f"{name} must be at most {MOST:,}, got {value!r}")
    return int(pair[0]), int(pair[1])


def as_padding(value):
    """``"valid"``, ``"same"``, an int or a pair of ints, checked; an int comes back as a pair.

    Raises ``ValueError`` for another text or for less than 0, ``TypeError`` for anything else.

    >>> as_padding(2), as_padding("same")
    ((2, 2), 'same')
    """
    if isinstance(value, str):
        if value not in ("valid", "same"):
            raise ValueError(
                f"padding must be 'valid', 'same', a whole number or a pair of them, got {value!r}"
            )
        return value
    return as_pair(value, "padding", least=0)
