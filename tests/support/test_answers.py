"""What checks ask of answers of any kind: odd ones get a verdict, too, and none raises."""

from fractions import Fraction

import numpy as np
import pytest

from cnncourse.support.answers import as_number, called, choice, is_verdict, number, whole_numbers


def judged(answer, **tolerance):
    hints = {45: "the last batch", 9.5: "half"}
    return repr(number(answer, 48, "yes", hints, "count", **tolerance))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "not answered yet"),
        (48, "right: yes"),
        (48.0, "right: yes"),
        (np.float32(48), "right: yes"),
        (np.array(48), "right: yes"),
        (Fraction(96, 2), "right: yes"),
        (45, "not yet: the last batch"),
        (9.5, "not yet: half"),
        (47.99, "not yet: count"),
        (float("nan"), "not yet: count"),
        (float("inf"), "not yet: count"),
        (True, "not yet: expected a number, got True"),
        ([48], "not yet: expected a number, got [48]"),
        (np.array([48]), "not yet: expected a number, got array([48])"),
        (48j, "not yet: expected a number, got 48j"),
        (10**400, "not yet: expected a number, got 1000"),
        (lambda: 48, "not yet: expected a number, got <function"),
    ],
)
def test_numbers(answer, said):
    assert judged(answer).startswith(said)


def test_a_number_may_be_off_by_a_distance_or_a_share():
    assert judged(48.4, within=0.5) == judged(47.5, within=0.5) == "right: yes"
    assert judged(48.4, share=0.01) == "right: yes"
    assert judged(45.4, share=0.01) == "not yet: the last batch"
    assert judged(48.6, within=0.5) == "not yet: count"


def test_the_first_mistake_that_fits_is_named():
    assert repr(number(5, 1, "", {4.9: "first", 5: "second"}, "", within=0.2)).endswith("first")


@pytest.mark.parametrize("answer", [3, np.int8(3), 3.5, Fraction(7, 2)])
def test_a_number_stays_what_it_is(answer):
    assert as_number(answer) is answer


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "not answered yet"),
        ("max", "right: yes"),
        (" MAX\n", "right: yes"),
        ("mean", "not yet: no"),
        ("median", "not yet: expected 'max' or 'mean', got 'median'"),
        (["max"], "not yet: expected 'max' or 'mean', got ['max']"),
        (np.array(["max"]), "not yet: expected 'max' or 'mean', got array"),
        (True, "not yet: expected 'max' or 'mean', got True"),
    ],
)
def test_words(answer, said):
    assert repr(choice(answer, "max", "yes", {"mean": "no"})).startswith(said)


def test_yes_or_no():
    assert choice(np.True_, True, "yes", {False: "no"})
    assert repr(choice(False, True, "yes", {False: "no"})) == "not yet: no"
    assert "expected False or True" in repr(choice(1, True, "yes", {False: "no"}))


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [([6, 9], {6, 9}), ({9, 6}, {6, 9}), (np.array([6.0, 9.0]), {6, 9}), ((6, 6), {6}), ([], set()),
     (6, None), ("69", None), ([6, "9"], None), ([[6, 9]], None), ({6: 9}, None), ([6.5], None)],
)  # fmt: skip
def test_whole_numbers(answer, numbers):
    assert whole_numbers(answer) == numbers


def test_a_function_gets_copies_and_leaves_them():
    x = np.array([1.0, np.nan])
    assert np.array_equal(called(lambda a: 2 * a, x), 2 * x, equal_nan=True)

    def change(a):
        a[0] = 5
        return a

    assert "changes the arrays" in repr(called(change, x))
    assert x[0] == 1


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (None, "not answered yet"),
        (lambda a: None, "not answered yet"),
        (7, "not yet: a function is wanted, got 7"),
        (lambda: 1, "not yet: your function raises TypeError: "),
        (lambda a: [][1], "not yet: your function raises IndexError: list index out of range"),
        (lambda a: next(iter(())), "not yet: your function raises StopIteration"),
        (lambda a: a / 0 * "\n", "not yet: your function raises "),
    ],
)
def test_a_function_that_gives_nothing_gets_a_verdict(function, said):
    verdict = called(function, np.ones(2))
    assert is_verdict(verdict) and repr(verdict).startswith(said) and "\n" not in repr(verdict)
