"""Convolution and cross-correlation side by side: one kernel, read backwards and forwards."""

import numpy as np

from ...filters import conv1d, correlate1d
from ...plots.figure import DescribedFigure
from ...plots.grids import FRAME, as_rows, draw_cells, draw_frame, in_words, product, short

ROW = 1.5  # cells from one row to the next
CELL = 0.5  # inches


def flipped_or_not(signal, kernel):
    """The same kernel below the same signal, at each position: for a convolution, and without flip.

    Mode "valid". ``signal``: (samples,), ``kernel``: (cells,). Beside each position stand its
    products and their sum. Raises ``ValueError`` for other shapes, or a kernel that does not fit.

    >>> flipped_or_not([1, 2, 3], [10, 20])
    <Figure: The signal 1 2 3 twice. Convolution: below it lies the kernel, read backwards, 20 10;
    sums 40 70. Cross-correlation: below it lies the kernel, read forwards, 10 20; sums 50 80>
    """
    results = conv1d(signal, kernel), correlate1d(signal, kernel)
    signal, kernel = np.asarray(signal, float), np.asarray(kernel, float)
    readings = {
        "Convolution": ("backwards", kernel[::-1], results[0]),
        "Cross-correlation": ("forwards", kernel, results[1]),
    }
    parts = [
        f"{name}: below it lies the kernel, read {way}, {in_words(as_rows(cells, 'kernel'))}; "
        f"sums {in_words(as_rows(sums, 'sums'))}"
        for name, (way, cells, sums) in readings.items()
    ]
    alt = f"The signal {in_words(as_rows(signal, 'signal'))} twice. {'. '.join(parts)}"
    rows = 1 + len(results[0])
    figure = DescribedFigure(alt, 10, CELL * (1.2 + ROW * rows))
    panels = zip(figure.subplots(1, 2), readings.items(), strict=True)
    for ax, (name, (way, cells, sums)) in panels:
        _half(ax, signal, cells, sums)
        ax.set_title(f"{name}: kernel {way}", fontsize=12, loc="left")
        ax.set(xlim=(-0.1, len(signal) + 4.6), ylim=(ROW * rows - 0.3, -0.1))
        ax.set_aspect("equal", anchor="W")
        ax.axis("off")
    return figure


def _half(ax, signal, cells, sums):
    """The signal, and below it the cells at each position, in the order in which they are read."""
    draw_cells(ax, 0, 0, [signal], np.abs(signal).max() or 1)
    for t, total in enumerate(sums):
        y = ROW * (t + 1)
        draw_cells(ax, t, y, [cells], np.abs(cells).max() or 1)
        draw_frame(ax, t, y, len(cells), 1)
        seen = signal[t : t + len(cells)]
        terms = " + ".join(product(a, b) for a, b in zip(seen, cells, strict=True))
        where = {"ha": "left", "va": "center"}
        ax.text(len(signal) + 0.4, y + 0.5, f"{terms}\n= {short(total)}", color=FRAME, **where)
