"""Anchors of headings as JupyterLab makes them, so that links between chapters lead there."""


def anchor(title):
    """A heading's anchor.

    >>> anchor("2 · The table by hand")
    '2-·-The-table-by-hand'
    """
    return title.strip().replace(" ", "-")
