"""Checks of single arguments: switches, numbers, choices, texts, functions, dicts, generators.

Each gives the value, or raises an error that names the argument, says what was expected and what
came.
"""

import inspect
from collections.abc import Mapping
from math import inf, isfinite
from numbers import Integral, Real

import numpy as np

LONGEST = 80  # letters of a value in a message


def described(value):
    """A value as a message shows it, on one line.

    >>> described([1, 2]), len(described(list(range(1000))))
    ('[1, 2]', 80)
    """
    text = " ".join(repr(value).split())
    if len(text) <= LONGEST:
        return text
    end = f"… ({type(value).__name__})"
    return text[: LONGEST - len(end)] + end


def flag(value, name):
    """``value`` as a bool, if it is one, or 0 or 1: a text such as ``"False"`` would count as yes.

    Raises ``TypeError`` for anything else.

    >>> flag(np.True_, "use_bias"), flag(0, "use_bias")
    (True, False)
    """
    number = isinstance(value, Integral) and value in (0, 1)
    if not (number or isinstance(value, (bool, np.bool_))):
        raise TypeError(f"{name} must be True or False, got {described(value)}")
    return bool(value)


def real(value, name, least=-inf, most=inf, above=-inf, below=inf):
    """``value`` if it is a finite number in the range; ``above`` and ``below`` are outside it.

    Raises ``ValueError`` for a number out of the range, ``TypeError`` for what is no number.

    >>> real(0.5, "share", least=0, below=1)
    0.5
    """
    words = [
        form.format(bound)
        for form, bound in (("at least {:g}", least), ("above {:g}", above),
                            ("at most {:g}", most), ("below {:g}", below))
        if isfinite(bound)
    ]  # fmt: skip
    expected = " ".join(["a finite number", " and ".join(words)]).strip()
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be {expected}, got {described(value)}")
    if not (_finite(value) and least <= value <= most and above < value < below):
        raise ValueError(f"{name} must be {expected}, got {described(value)}")
    return value


def _finite(value):
    try:
        return isfinite(value)
    except OverflowError:  # a whole number that no float can hold
        return False


def one_of(value, name, choices):
    """``value`` if it is one of the texts; ``TypeError`` for no text, ``ValueError`` for another.

    >>> one_of("same", "mode", ("valid", "same"))
    'same'
    """
    expected = f"{name} must be one of {', '.join(map(repr, choices))}"
    if not isinstance(value, str):
        raise TypeError(f"{expected}, got {described(value)}")
    if value not in choices:
        raise ValueError(f"{expected}, got {described(value)}")
    return value


def text(value, name):
    """``value`` if it is a text; else a ``TypeError``."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, got {described(value)}")
    return value


def optional_text(value, name):
    """``value`` if it is a text or ``None``; else a ``TypeError``."""
    return None if value is None else text(value, name)


def texts(value, name, count=None):
    """The texts of a list, a tuple or an array, as a list; ``count``: how many there must be.

    What is no text is written as one: class names may be numbers. Raises ``TypeError`` for no list
    and for ``None`` in it, ``ValueError`` for another count.

    >>> texts((0, "b"), "class_names", count=2)
    ['0', 'b']
    """
    if not isinstance(value, (list, tuple, range, np.ndarray)) or np.ndim(value) == 0:
        raise TypeError(f"{name} must be a list of texts, got {described(value)}")
    if any(item is None or isinstance(item, (list, tuple, np.ndarray)) for item in value):
        raise TypeError(f"{name} must hold a text for each, got {described(value)}")
    if count is not None and len(value) != count:
        raise ValueError(f"{name}: expected {count} texts, one for each, got {len(value)}")
    return [str(item) for item in value]


def function(value, name, *parameters):
    """``value`` if it can be called with the ``parameters``, their names; else a ``TypeError``.

    >>> function(max, "merge", "a", "b")
    <built-in function max>
    """
    expected = f"{name} must be a function of ({', '.join(parameters)})"
    if not callable(value):
        raise TypeError(f"{expected}, got {described(value)}")
    try:
        inspect.signature(value).bind(*parameters)
    except ValueError:  # some that are written in C say nothing of their arguments
        pass
    except TypeError as error:
        raise TypeError(f"{expected}, got {described(value)}: {error}") from None
    return value


def mapping(value, name, holds):
    """A dict's values under their names as texts; ``holds``: what each of them should be.

    Raises ``TypeError`` for what is no dict, ``ValueError`` for an empty one.

    >>> mapping({3: [1]}, "values", "array")
    {'3': [1]}
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a dict, name → {holds}, got {described(value)}")
    if not value:
        raise ValueError(f"{name}: expected at least one name with its {holds}, got an empty dict")
    return {str(key): item for key, item in value.items()}


def generator(value, name="rng"):
    """``value`` if it is a ``numpy.random.Generator``; else a ``TypeError``."""
    if not isinstance(value, np.random.Generator):
        raise TypeError(
            f"{name} must be a numpy.random.Generator, such as np.random.default_rng(0), got "
            f"{described(value)}"
        )
    return value
