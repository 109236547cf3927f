"""A verdict is true when the answer is right, and shows one line."""

import pytest

from cnncourse.support.verdict import NOT_ANSWERED, NOT_YET, RIGHT, not_answered, not_yet, right


@pytest.mark.parametrize(
    ("verdict", "state", "line"),
    [
        (right("27 of 216 ways"), RIGHT, "right: 27 of 216 ways"),
        (not_yet("both blocks normalise"), NOT_YET, "not yet: both blocks normalise"),
        (not_answered(), NOT_ANSWERED, "not answered yet"),
    ],
)
def test_a_verdict_has_a_state_and_a_line(verdict, state, line):
    assert verdict.state == state
    assert repr(verdict) == str(verdict) == line
    assert bool(verdict) == (state == RIGHT)


def test_the_states_can_be_told_apart_by_how_a_line_begins():
    states = RIGHT, NOT_YET, NOT_ANSWERED
    assert not any(a.startswith(b) for a in states for b in states if a is not b)
