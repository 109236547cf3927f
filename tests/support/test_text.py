"""Numbers and tables as text."""

import pytest

from cnncourse.support.text import duration, size_text, table, three_digits


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(83.14, "83.1 s"), (1, "1.00 s"), (0.99999, "1.00 s"), (0.9994, "999 ms"), (0.01, "10.0 ms"),
     (9.999e-3, "10.0 ms"), (1.234e-4, "123 µs"), (5e-8, "50.0 ns"), (1234, "1,230 s")],
)  # fmt: skip
def test_durations_have_three_digits(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0071234, "0.00712"), (0.09996, "0.100"), (9.996, "10.0"), (999.6, "1,000"), (64, "64.0"),
     (1536, "1,540")],
)  # fmt: skip
def test_three_digits_count(value, text):
    assert three_digits(value) == text


def test_a_size_is_written_with_its_axes_between_crosses():
    assert size_text((5, 3)) == "5×3"
    assert size_text((28, 28, 1)) == "28×28×1"


def test_a_table_has_its_numbers_flush_right_under_their_heads():
    text = table(["layer", "output", "weights"], [["Conv2D", "24×24×8", "208"], ["ReLU", "", "0"]])
    assert text.splitlines() == [
        "layer    output    weights",
        "──────────────────────────",
        "Conv2D   24×24×8       208",
        "ReLU                     0",
        "──────────────────────────",
    ]
