"""What the tests of all chapters' exercises share."""

import pytest


@pytest.fixture
def says(capsys):
    """``says(hint, check, *answer)``: the check prints one line, which holds the hint.

    It begins with "right" if the hint does, and only then.
    """

    def verdict(hint, check, *answer):
        check(*answer)
        printed = capsys.readouterr().out
        assert printed.count("\n") == 1, printed
        assert hint in printed, printed
        assert printed.startswith("right") == hint.startswith("right"), printed

    return verdict
