"""What the tests of all chapters' exercises share."""

import pytest

from cnncourse.support.verdict import Verdict


@pytest.fixture
def says(capsys):
    """``says(hint, check, *answer)``: the check's line, which a notebook shows, holds the hint.

    It begins with "right" if the hint does, and only then.
    """

    def verdict(hint, check, *answer):
        found = check(*answer)
        printed = capsys.readouterr().out
        if isinstance(found, Verdict):
            assert not printed, printed
            assert bool(found) == hint.startswith("right"), found
            printed = f"{found}\n"
        assert printed.count("\n") == 1, printed
        assert hint in printed, printed
        assert printed.startswith("right") == hint.startswith("right"), printed

    return verdict
