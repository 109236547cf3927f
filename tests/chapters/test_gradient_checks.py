"""Cells in which students check gradients of their own: silent on a stub, then they compare."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from cnncourse import building, gradients
from cnncourse.chapters.training_a_cnn import exercises

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def normalise(x, gamma, beta):
    """The chapter's own: the output and two things more."""
    zero, one = np.zeros(beta.shape), np.ones(beta.shape)
    return exercises.batch_norm(x, gamma, beta, zero, one, training=True)


# chapter, a student's functions by their names there
CELLS = [
    ("03-learning-from-examples", {"my_loss": building.loss}),
    (
        "04-activations-and-pooling",
        {"my_max_pool_backward": building.max_pool_backward, "my_max_pool": building.max_pool},
    ),
    ("06-training-a-cnn", {"my_conv2d_backward": building.conv2d_backward}),
    ("06-training-a-cnn", {"my_batch_norm_backward": exercises.batch_norm_backward}),
]


def cell_that_checks(chapter, name):
    """The one code cell that calls the function and finite differences, too."""
    cells = nbformat.read(NOTEBOOKS / f"{chapter}.ipynb", as_version=4).cells
    (source,) = [
        cell.source
        for cell in cells
        if cell.cell_type == "code" and f"{name}(" in cell.source and "gradients." in cell.source
    ]
    return source


@pytest.mark.parametrize(("chapter", "functions"), CELLS, ids=[next(iter(f)) for _, f in CELLS])
def test_it_is_silent_until_the_function_is_written(chapter, functions, capsys):
    source = cell_that_checks(chapter, next(iter(functions)))
    names = {"np": np, "gradients": gradients, "exercises": exercises, "normalise": normalise}
    names["rng"] = np.random.default_rng(0)
    exec(source, names | dict.fromkeys(functions, lambda *arguments: None))
    assert capsys.readouterr().out == ""
    exec(source, names | functions)
    said = capsys.readouterr().out
    if chapter.startswith("03"):
        nudged, own = re.findall(r"\[\[.*?\]\]", said, re.DOTALL)
        assert nudged == own
    else:
        differences = [float(number) for number in re.findall(r": ([\d.e-]+)", said)]
        assert differences and max(differences) < 1e-6
