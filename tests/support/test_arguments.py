"""Checks of single arguments: what passes, and what is said of the rest."""

import numpy as np
import pytest

from cnncourse.support import arguments


@pytest.mark.parametrize(
    "value", ["False", 2, None, [1], np.array([1, 0]), np.array(1), 0.0, float("nan")]
)
def test_a_flag_is_true_or_false(value):
    with pytest.raises(TypeError, match="use_bias must be True or False, got"):
        arguments.flag(value, "use_bias")
    assert arguments.flag(np.int64(1), "use_bias") is True
    assert arguments.flag(np.False_, "use_bias") is False


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (1, ValueError), (-0.1, ValueError), (float("nan"), ValueError), (10**400, ValueError),
        ("0.5", TypeError), (np.array(0.5), TypeError), (True, TypeError), (1j, TypeError),
    ],
)  # fmt: skip
def test_real_numbers_in_their_range(value, error):
    with pytest.raises(error, match="share must be a finite number at least 0 and below 1, got"):
        arguments.real(value, "share", least=0, below=1)
    assert arguments.real(np.float32(0.5), "share", least=0, below=1) == 0.5


@pytest.mark.parametrize(
    ("value", "error"),
    [("full", ValueError), (["same"], TypeError), (np.array(["same"]), TypeError)],
)
def test_choices(value, error):
    with pytest.raises(error, match="mode must be one of 'valid', 'same', got"):
        arguments.one_of(value, "mode", ("valid", "same"))


@pytest.mark.parametrize(
    ("value", "error"),
    [("ab", TypeError), ([None, "b"], TypeError), (["a"], ValueError), (3, TypeError),
     ({"a": 0, "b": 1}, TypeError), ([["a"], ["b"]], TypeError)],
)  # fmt: skip
def test_texts_one_for_each(value, error):
    with pytest.raises(error, match="class_names"):
        arguments.texts(value, "class_names", count=2)


@pytest.mark.parametrize(
    ("value", "error"), [([1], TypeError), ({}, ValueError), ("ab", TypeError)]
)
def test_a_mapping_is_a_dict_with_something_in_it(value, error):
    with pytest.raises(error, match="values.*name.*array"):
        arguments.mapping(value, "values", "array")


@pytest.mark.parametrize("value", [np.random, np.random.RandomState(0), 0, None])
def test_a_generator_is_numpys(value):
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator, such as"):
        arguments.generator(value)


def test_a_message_shows_a_value_on_one_line():
    assert len(arguments.described("a" * 10**6)) == arguments.LONGEST
    assert "\n" not in arguments.described(np.zeros((5, 5)))
