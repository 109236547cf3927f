"""Checks of what people hand in: arguments and images. Each error says what to do."""

from math import inf, isfinite, prod
from numbers import Integral, Real
from pathlib import Path

import numpy as np

from .arguments import described

MOST = 2**63 - 1  # the largest whole number that NumPy and compiled code take
FLOAT32 = float(np.finfo(np.float32).max)
MOST_ROUNDS = 10**8  # of a loop over epochs or batches: months
MOST_PIXELS = 2**16  # of an image, along a side
MOST_VALUES = 2**40  # of one image: more than any memory holds
CONTAINERS = (list, tuple, np.ma.MaskedArray)  # what can hold masked values


def positive_int(value, name):
    """``value`` as an int; ``TypeError`` if it is no whole number, ``ValueError`` if below 1."""
    return whole_number(value, name, least=1)


def rounds(value, name):
    """How often a loop over epochs or batches runs, as an int; from 1 to 100,000,000.

    Raises ``TypeError`` for no whole number, ``ValueError`` for one that no training reaches.

    >>> rounds(15, "epochs")
    15
    """
    return whole_number(value, name, least=1, most=MOST_ROUNDS)


def whole_number(value, name, least=-inf, most=MOST):
    """``value`` as an int; ``TypeError`` if it is none, ``ValueError`` if it is out of the range.

    >>> whole_number(3, "seed", least=0)
    3
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, got {described(value)}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}")
    if value > most or value < -MOST:
        raise ValueError(f"{name} must be at most {most:,}, got {described(value)}")
    return int(value)


def name(value, title):
    """``value`` if files and tables can call something by it; ``title`` names it in errors.

    Raises ``TypeError`` for what is no text, ``ValueError`` for one that is empty, longer than 200
    characters, or has slashes or control characters in it.

    >>> name("first", "Dense: name")
    'first'
    """
    if not isinstance(value, str):
        raise TypeError(f"{title} must be text, got {value!r}")
    if not (0 < len(value) <= 200 and value.isprintable() and not {"/", "\\"} & set(value)):
        raise ValueError(
            f"{title} must be 1 to 200 printable characters without / and \\, got {value[:200]!r}"
        )
    return str(value)


def limit(value, name, most=inf):
    """``value`` as a float, if it is a finite number from 0 to ``most``; else a ``ValueError``.

    >>> limit(15, "rotate", most=180)
    15.0
    """
    if not (isinstance(value, Real) and isfinite(value) and 0 <= value <= most):
        allowed = "from 0 on" if most == inf else f"from 0 to {most:g}"
        raise ValueError(f"{name} must be a finite number {allowed}, got {described(value)}")
    return float(value)


def numbers(values, name, advice="convert them to numbers first"):
    """``values`` as a NumPy array of real numbers, of float64 at most.

    ``advice``: what to do about values that are none. Raises ``TypeError`` for these and for parts
    of different sizes, ``ValueError`` for masked values.
    """
    unmasked(values, name)
    try:
        array = np.asarray(values)
        parts = list(array.flat) if array.dtype == object else ()
        ragged = any(isinstance(part, (list, tuple, np.ndarray)) for part in parts)
    except (ValueError, TypeError):  # rows of different lengths
        array, ragged = np.empty(0, object), True
    if array.dtype.kind not in "fiub":
        if ragged:
            advice = f"{name} of different sizes must be brought to one size first"
        raise TypeError(
            f"{name} must be an array of numbers, got {type(values).__name__} of dtype "
            f"{array.dtype}; {advice}"
        )
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:  # longdouble, which few libraries take
        array = array.astype(np.float64)
    return array


def unmasked(values, name):
    """``values`` as they are; a ``ValueError`` if some are masked, which an array would forget.

    >>> unmasked(np.ma.masked_equal([1, 2], 2), "labels")
    Traceback (most recent call last):
    ValueError: labels must not be masked, and some are: leave them out, or fill them by .filled(…)
    """
    if _has_masked(values):
        raise ValueError(
            f"{name} must not be masked, and some are: leave them out, or fill them by .filled(…)"
        )
    return values


def _has_masked(values):
    if isinstance(values, (list, tuple)):
        # numbers are passed over at once: a nested list of images has millions of them
        return any(_has_masked(v) for v in values if isinstance(v, CONTAINERS))
    return np.ma.is_masked(values)


LEAVE_OUT = "find out where it comes from, or leave that image out: one would spoil every weight"


def finite(array, name, advice=LEAVE_OUT):
    """``array`` if all its values are finite; a ``ValueError`` names the first that is not.

    Two passes for the extremes cost no memory, and a NaN anywhere makes both of them NaN.
    """
    if array.size and not (np.isfinite(array.min()) and np.isfinite(array.max())):
        index = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(
            f"{name} must be finite numbers, got {array[index]} at index {index}; {advice}"
        )
    return array


def images(values, input_shape, reader):
    """A batch of images as a NumPy array (images, *input_shape), checked.

    ``reader`` names who will read them: the model's first layer. Raises ``TypeError`` for what is
    no array of numbers, ``ValueError`` for another shape, no image at all, or values that are
    masked or not finite.
    """
    array = numbers(values, "images")
    expected = f"(images, {', '.join(map(str, input_shape))})"
    if array.ndim == 0 or array.shape[1:] != tuple(input_shape):
        hint = "resize them or convert their channels"
        if array.shape == tuple(input_shape):
            hint = "a single image is image[None]"
        elif array.shape[1:] + (1,) == tuple(input_shape):
            hint = "grey images without a channel axis are images[..., None]"
        raise ValueError(f"{reader}: expected images {expected}, got {array.shape}; {hint}")
    if len(array) == 0:
        raise ValueError(f"{reader}: expected at least one image {expected}, got an empty batch")
    return in_float32(array, f"{reader}: images")


def verbosity(value):
    """``verbose`` as an int: 0 or False, silent; 1, True or ``"auto"``, and 2, as in Keras.

    >>> verbosity("auto"), verbosity(False)
    (1, 0)
    """
    if isinstance(value, str) and value == "auto":
        return 1
    if not isinstance(value, (Integral, np.bool_)) or not 0 <= value <= 2:
        raise TypeError(f"verbose must be 0, 1, 2 or 'auto', got {described(value)}")
    return int(value)


def file_path(value, name):
    """``value`` as a ``pathlib.Path``, if it is a text or a path that can name a file.

    Raises ``TypeError`` for anything else, ``ValueError`` for an empty text or a zero character.

    >>> file_path("digits.npz", "path").suffix
    '.npz'
    """
    if not isinstance(value, (str, Path)):
        raise TypeError(
            f"{name} must be a file's name, a text or a pathlib.Path, got {described(value)}"
        )
    if str(value) == "" or "\0" in str(value):
        raise ValueError(f"{name} must name a file, got {described(value)}")
    return Path(value)


def shape(value, name):
    """One image's shape, as a tuple of ints; a ``ValueError`` or ``TypeError`` for anything else.

    >>> shape([28, 28, 1], "input_shape")
    (28, 28, 1)
    """
    # layers ask at every batch, nearly always with a sound one
    sound = type(value) is tuple and {*map(type, value)} == {int} and min(value) > 0
    if sound and prod(value) <= MOST_VALUES:
        return value
    if not isinstance(value, (tuple, list)):
        raise TypeError(
            f"{name} must be one image's shape, (28, 28, 1) or (784,) with its comma, got "
            f"{described(value)}"
        )
    if any(size is None for size in value):
        raise ValueError(
            f"{name} must be known sizes, got {tuple(value)}; leave {name} out, and the model "
            "takes that of the first images it sees"
        )
    sizes = tuple(whole_number(size, f"each size of {name}", 1) for size in value)
    if prod(sizes) > MOST_VALUES:
        raise ValueError(f"{name} must be of at most {MOST_VALUES:,} values, got {sizes}")
    return sizes


def in_float32(array, name):
    """``array`` if all its values are finite, in float32, too; else a ``ValueError``.

    >>> in_float32(np.array([1e300]), "images")
    Traceback (most recent call last):
    ValueError: images must be at most 3.4e+38, which float32 holds, got 1e+300; scale them
    """
    if array.size == 0:
        return array
    largest = max(-float(array.min()), float(array.max()))
    if not isfinite(largest):  # NaN, too: it makes both extremes NaN
        finite(array, name)
    if largest > FLOAT32:
        raise ValueError(
            f"{name} must be at most 3.4e+38, which float32 holds, got {largest:g}; scale them"
        )
    return array


def size(value, name):
    """(height, width) in pixels as a pair of ints, at most 2¹⁶ each.

    >>> size([150, 100], "target_size")
    (150, 100)
    """
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ValueError(f"{name} must be (height, width), got {described(value)}")
    return tuple(whole_number(side, name, least=1, most=MOST_PIXELS) for side in value)
