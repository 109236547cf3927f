"""What has become of the mistakes: the difference of two confusion matrices."""

import numpy as np

from ...plots.figure import DescribedFigure
from ...plots.sign_colours import SIGNED_MAP

CELL = 0.6  # inches
SHOWN = 3  # changes that the alternative text names, in each direction


def confusion_change(before, after, class_names):
    """How many mistakes of each kind have come (orange) and gone (purple), as numbers in cells.

    ``before``, ``after``: (classes, classes), counts by label and by prediction, as
    ``metrics.confusion`` gives them; ``class_names``: a text for each class. The diagonal, of
    correct predictions, is left out.

    >>> confusion_change([[5, 4], [1, 5]], [[8, 1], [2, 4]], ["cat", "dog"])
    <Figure: Change of mistakes, 5 before, 3 after. Fewer: cat taken for dog −3. More: dog taken
    for cat +1>
    """
    before, after = (np.array(counts) for counts in (before, after))
    for counts in (before, after):
        np.fill_diagonal(counts, 0)
    change = after - before
    order = np.argsort(change, axis=None, kind="stable")
    alt = f"Change of mistakes, {before.sum():,} before, {after.sum():,} after"
    for word, positions, sign in ("Fewer", order, -1), ("More", order[::-1], 1):
        cells = [np.unravel_index(position, change.shape) for position in positions[:SHOWN]]
        named = [
            f"{class_names[i]} taken for {class_names[j]} {_signed(change[i, j])}"
            for i, j in cells
            if sign * change[i, j] > 0
        ]
        alt += f". {word}: {', '.join(named)}" if named else ""
    side = CELL * len(class_names)
    figure = DescribedFigure(alt, side + 2, side + 1)
    ax = figure.subplots()
    limit = max(abs(change).max(), 1)
    ax.imshow(change, cmap=SIGNED_MAP, vmin=-limit, vmax=limit)
    for (i, j), number in np.ndenumerate(change):
        if number:
            ink = "white" if abs(number) > 0.7 * limit else "black"
            ax.text(j, i, _signed(number), ha="center", va="center", color=ink, fontsize=10)
    classes = range(len(class_names))
    ax.set_xticks(classes, class_names, rotation=40, ha="right")
    ax.set_yticks(classes, class_names)
    ax.set(xlabel="prediction", ylabel="label")
    return figure


def _signed(number):
    return f"{number:+d}".replace("-", "−")
