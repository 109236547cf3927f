"""Tables, descriptions and reports on consoles that lack their characters."""

import io
import os
import subprocess
import sys

import pytest

from cnncourse.support import console

CODE = """
import numpy as np
from cnncourse import Sequential, datasets, layers, networks
from cnncourse.support.text import table
model = Sequential([layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)], (8, 8, 1), seed=0)
model.summary()
model.explain()
print(table(("", "last maps"), [("one", "6×6×2")]))
print(datasets.load("mnist"), datasets.Split(np.zeros((1, 8, 8, 1)), np.zeros(1)))
print("the end")
"""


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_everything_is_printed(encoding):
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert done.stdout.decode(encoding).splitlines()[-1] == "the end"


def test_streams_that_need_no_help_are_left_alone():
    for encoding, errors in ("utf-8", "strict"), ("ascii", "backslashreplace"):
        stream = io.TextIOWrapper(io.BytesIO(), encoding, errors)
        console.let_print(stream)
        assert stream.errors == errors
    console.let_print(io.StringIO())
    narrow = io.TextIOWrapper(io.BytesIO(), "ascii")
    console.let_print(narrow)
    assert narrow.errors == "replace"
