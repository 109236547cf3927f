"""What a search over hyperparameters has found, as maps of accuracy on one scale."""

import numpy as np
from matplotlib.patches import Rectangle

from ...plots.figure import DescribedFigure

CELL = 0.85  # inches
WHITE_BELOW = 0.55  # of the colour scale: its lower colours are dark


def accuracy_maps(maps, row_name, rows, column_name, columns, least=0.5):
    """Accuracies in per cent in coloured cells, a panel for each map, all on one colour scale.

    ``maps``: title → (rows, columns) accuracies from 0 to 1; ``row_name`` and ``column_name`` say
    what was varied, ``rows`` and ``columns`` are its values. The colours reach from ``least`` to 1.
    In each column the best cell has a frame: where the best choice of the rows does not depend on
    the columns, the frames lie in one row.

    >>> best = {"5 epochs": [[0.5, 0.9], [0.7, 0.8]]}
    >>> accuracy_maps(best, "learning rate", [0.01, 0.1], "batch size", [8, 128])
    <Figure: 5 epochs: accuracy from 50.0 to 90.0 %. Best learning rate at batch size 8: 0.1
    (70.0 %); at batch size 128: 0.01 (90.0 %)>
    """
    maps = {title: np.asarray(table, float) for title, table in maps.items()}  # (rows, columns)
    words = []
    for title, table in maps.items():
        best = [
            f"at {column_name} {column}: {rows[table[:, j].argmax()]} ({table[:, j].max():.1%})"
            for j, column in enumerate(columns)
        ]
        said = f"{title}: accuracy from {100 * table.min():.1f} to {table.max():.1%}. "
        words.append(f"{said}Best {row_name} {'; '.join(best)}".replace("%", " %"))
    width = CELL * len(columns) * len(maps) + 2.2
    figure = DescribedFigure(". ".join(words), max(width, 4), CELL * len(rows) + 1.2)
    axes = figure.panels(1, len(maps), len(maps))
    for ax, (title, table) in zip(axes, maps.items(), strict=True):
        image = ax.imshow(table, cmap="viridis", vmin=least, vmax=1, aspect="auto")
        for (i, j), accuracy in np.ndenumerate(table):
            ink = "white" if accuracy < least + WHITE_BELOW * (1 - least) else "black"
            ax.text(j, i, f"{100 * accuracy:.1f}", ha="center", va="center", color=ink, fontsize=10)
        for j, i in enumerate(table.argmax(axis=0)):
            frame = {"fill": False, "edgecolor": "#D55E00", "linewidth": 3}
            ax.add_patch(Rectangle((j - 0.47, i - 0.46), 0.94, 0.92, **frame))
        ax.set_title(title)
        ax.set_xticks(range(len(columns)), columns)
        ax.set_yticks(range(len(rows)), rows)
        ax.set(xlabel=column_name, ylabel=row_name)
    scale = figure.colorbar(image, ax=axes)
    scale.set_label("accuracy")
    return figure
