"""What checks ask of answers: numbers, one of a few words, arrays, functions that can be called.

None is no answer yet. A wrong answer is told its mistake, if that is known.
"""

from math import isclose
from numbers import Real
from textwrap import shorten

import numpy as np

from .arguments import described
from .verdict import Verdict, not_answered, not_yet, right


def number(answer, wanted, praise, mistakes, otherwise, within=0.0, share=0.0):
    """The verdict on an answer that is a number.

    ``wanted``: the right number, and ``praise`` what it is told; ``mistakes``: number → hint;
    ``otherwise``: what any other number is told. An answer may be off by ``within``, or by a
    ``share`` of the number that it is compared with.

    >>> number(45, 48, "16 steps an epoch", {45: "the last batch counts, too"}, "count the batches")
    not yet: the last batch counts, too
    >>> number("48", 48, "16 steps an epoch", {}, "count the batches")
    not yet: expected a number, got '48'
    """
    if answer is None:
        return not_answered()
    value = as_number(answer)
    if value is None:
        return not_yet(f"expected a number, got {described(answer)}")

    def close(other):
        return isclose(value, other, rel_tol=share, abs_tol=within)

    if close(wanted):
        return right(praise)
    hints = [hint for mistake, hint in mistakes.items() if close(mistake)]
    return not_yet(hints[0] if hints else otherwise)


def as_number(answer):
    """``answer`` if it is one number, in an array without axes, too; else None.

    >>> as_number(np.array(3)), as_number([3]), as_number(True)
    (3, None, None)
    """
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer.item()
    if not isinstance(answer, Real) or isinstance(answer, bool):
        return None
    try:
        float(answer)
    except OverflowError:  # a whole number that no float can hold
        return None
    return answer


def as_array(answer):
    """``answer`` as an array of floats; None if it holds anything but numbers, or is ragged.

    >>> as_array([1, 2]), as_array("12"), as_array([[1], [2, 3]])
    (array([1., 2.]), None, None)
    """
    try:
        array = np.asarray(answer)
        return array.astype(float) if array.dtype.kind in "biuf" else None
    except ValueError:
        return None


def whole_numbers(answer):
    """The whole numbers of a set, a list, a tuple or an array, as a set; None for anything else.

    >>> whole_numbers([9, 6.0]), whole_numbers({6.5}), whole_numbers(69)
    ({9, 6}, None, None)
    """
    values = as_array(list(answer)) if isinstance(answer, (set, frozenset)) else as_array(answer)
    if values is None or values.ndim != 1 or not np.array_equal(values, np.rint(values)):
        return None
    return {int(value) for value in values}


def choice(answer, wanted, praise, mistakes):
    """The verdict on an answer that is one of a few words, in capital letters or small ones.

    ``wanted``: the right word, and ``praise`` what it is told; ``mistakes``: word → hint, for each
    of the others. The words may be True and False, too.

    >>> choice("Valid", "same", "zeros add nothing", {"valid": "that fits at fewer positions"})
    not yet: that fits at fewer positions
    >>> choice("all", "same", "zeros add nothing", {"valid": "that fits at fewer positions"})
    not yet: expected 'same' or 'valid', got 'all'
    """
    if answer is None:
        return not_answered()
    word = answer.strip().casefold() if isinstance(answer, str) else answer
    if isinstance(word, (str, bool, np.bool_)):
        if word == wanted:
            return right(praise)
        if word in mistakes:
            return not_yet(mistakes[word])
    *others, last = sorted(map(repr, [wanted, *mistakes]))
    return not_yet(f"expected {', '.join(others)} or {last}, got {described(answer)}")


def called(function, *arguments):
    """What a student's function makes of ``arguments``; a verdict if it makes nothing of them.

    It gets copies of arrays, and must leave them as they are. None, and a function that returns
    None, are no answer yet.

    >>> called(lambda x: 2 * x, 3), called(lambda x: None, 3), called(3, 3)
    (6, not answered yet, not yet: a function is wanted, got 3)
    >>> called(lambda x: 1 / x, 0)
    not yet: your function raises ZeroDivisionError: division by zero
    """
    if function is None:
        return not_answered()
    if not callable(function):
        return not_yet(f"a function is wanted, got {described(function)}")
    given = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    try:
        with np.errstate(all="ignore"):
            result = function(*given)
    except Exception as error:  # whatever a beginner's function raises
        return not_yet(f"your function raises {raised(error)}")
    arrays = [a for a in zip(arguments, given, strict=True) if isinstance(a[0], np.ndarray)]
    if any(before.tobytes() != after.tobytes() for before, after in arrays):
        return not_yet("your function changes the arrays that it is given")
    return not_answered() if result is None else result


def raised(error):
    """An error in one line, for a verdict: its type, and the beginning of what it says.

    >>> raised(ValueError("two\\nlines")), raised(StopIteration())
    ('ValueError: two lines', 'StopIteration')
    """
    text = shorten(str(error), 200, placeholder=" …")
    return f"{type(error).__name__}: {text}".removesuffix(": ")


def is_verdict(result):
    """Whether `called` has judged already."""
    return isinstance(result, Verdict)
