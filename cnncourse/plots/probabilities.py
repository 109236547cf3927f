"""What a network predicts for one image."""

from ..support import arguments
from ..support.checks import finite, numbers
from .figure import COLOURS, DescribedFigure


def probabilities(row, class_names=None):
    """The probability of each class as a bar.

    ``row``: (classes,), one row of what ``model.predict`` gave; ``class_names``: a text for each
    class, their numbers if left out. Raises ``ValueError`` for anything but one row,
    or another number of names, ``TypeError`` for what is no array or list.

    >>> probabilities([0.25, 0.75], ["cat", "dog"])
    <Figure: The probability of each of 2 classes>
    """
    row, names = row_and_names(row, class_names)
    figure = DescribedFigure(f"The probability of each of {len(row)} classes", 6, 2.5)
    ax = figure.subplots()
    ax.bar(names, row, color=COLOURS[0])
    ax.set(ylim=(0, 1), ylabel="probability")
    ax.grid(alpha=0.3, axis="y")
    ax.set_axisbelow(True)
    return figure


def row_and_names(row, class_names):
    """The probabilities as an array (classes,), and as many texts; arguments as above."""
    row = finite(numbers(row, "probabilities"), "probabilities")
    if row.ndim != 1 or row.size == 0:
        raise ValueError(
            f"probabilities: expected those of one image, (classes,), got {row.shape}; "
            "take one row: model.predict(images)[0]"
        )
    names = range(len(row)) if class_names is None else class_names
    return row, arguments.texts(names, "class_names", len(row))
