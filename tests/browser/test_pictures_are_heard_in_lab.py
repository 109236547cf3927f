"""Screen readers hear every picture of every chapter, in a JupyterLab that has run nothing."""

from pathlib import Path

import check_pictures_are_heard
import nbformat
import pytest

CHAPTERS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_picture_is_heard(path, lab):
    notebook = nbformat.read(path, as_version=4)
    with lab.run(notebook, run=False) as page:
        assert list(check_pictures_are_heard.faults(page, notebook)) == []
