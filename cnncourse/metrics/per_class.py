"""How well each class is told from the others."""

import numpy as np

from ..support.arguments import described
from ..support.text import table
from .confusion import confusion


def per_class(labels, predictions, classes):
    """Precision, recall and F1 of each class.

    - *precision*: of the images that were taken for the class, the share that is of it;
    - *recall*: of the images of the class, the share that was taken for it;
    - *F1*: their harmonic mean, 2 · precision · recall / (precision + recall).

    Arguments and errors are those of `confusion`. Gives a dict of arrays (classes,):
    ``"precision"``, ``"recall"``, ``"f1"``, float64, and ``"support"``, how many images the class
    has, int64. Where there is nothing to take a share of (a class that was never predicted, or has
    no image) it is NaN: not bad, but unknown.

    >>> figures = per_class([0, 0, 1, 1, 1], [0, 1, 0, 0, 1], classes=2)
    >>> figures["precision"].round(2), figures["recall"].round(2), figures["support"]
    (array([0.33, 0.5 ]), array([0.5 , 0.33]), array([2, 3]))
    """
    counts = confusion(labels, predictions, classes)
    right, predicted, support = counts.diagonal(), counts.sum(axis=0), counts.sum(axis=1)
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN, which is what it should be
        return {
            "precision": right / predicted,
            "recall": right / support,
            "f1": 2 * right / (predicted + support),  # the harmonic mean, written out
            "support": support,
        }


def report(labels, predictions, class_names):
    """The figures of `per_class` as a table, a line for each class; text to print.

    ``class_names``: a name for each class; unknown figures are left empty.

    >>> print(report([0, 0, 1, 1, 1], [0, 1, 0, 0, 1], ["cat", "dog"]))
    class   precision   recall      F1   images
    ───────────────────────────────────────────
    cat         33.3%    50.0%   40.0%        2
    dog         50.0%    33.3%   40.0%        3
    ───────────────────────────────────────────
    """
    listed = isinstance(class_names, (list, tuple))
    if not listed or not all(isinstance(name, str) for name in class_names):
        raise TypeError(f"class_names must be a list of names, got {described(class_names)}")
    figures = per_class(labels, predictions, len(class_names))
    shares = [figures[name] for name in ("precision", "recall", "f1")]
    rows = [
        (name, *("" if np.isnan(s[k]) else f"{s[k]:.1%}" for s in shares), f"{support:,}")
        for k, (name, support) in enumerate(zip(class_names, figures["support"], strict=True))
    ]
    return table(("class", "precision", "recall", "F1", "images"), rows)
