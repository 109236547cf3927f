"""Convolution in one dimension: the flipped kernel slides along the signal."""

import numpy as np

from ..filters import conv1d
from ..plots.figure import COLOURS, DescribedFigure
from ..plots.grids import FRAME, as_rows, draw_cells, draw_frame, in_words, product, short
from ..support.checks import finite
from .movie import Movie


def sliding_product(signal, kernel):
    """The full convolution, one picture for each value of the result.

    In each picture the kernel, read backwards, lies below the signal; what stands above each other
    is multiplied, and the products are added up. ``signal``: (samples,), ``kernel``: (cells,).
    Raises ``ValueError`` for other shapes, or for more than 100 values in the result.

    >>> sliding_product([2, 1], [1, 3])
    <Movie of 3 pictures: The kernel 1 3, read backwards, slides along the signal 2 1. At each of
    3 positions, what stands above each other is multiplied and added up: 2 7 3>
    """
    result = conv1d(signal, kernel, mode="full")
    signal = finite(np.asarray(signal, float), "signal")
    kernel = finite(np.asarray(kernel, float), "kernel")
    alt = (
        f"The kernel {in_words(as_rows(kernel, 'kernel'))}, read backwards, slides along the "
        f"signal {in_words(as_rows(signal, 'signal'))}. At each of {len(result)} positions, "
        "what stands above each other is multiplied and added up: "
        f"{in_words(as_rows(result, 'sum'))}"
    )
    return Movie(alt, range(len(result)), lambda t: _picture(signal, kernel, result, t))


def _picture(signal, kernel, result, t):
    """Position t: out[t] = Σ signal[τ] · kernel[t − τ]."""
    cells = len(kernel)
    last = len(result) - 1
    under = {t - k: kernel[k] for k in range(cells)}  # position in the signal → weight
    both = [position for position in sorted(under) if 0 <= position < len(signal)]
    products = {position: signal[position] * under[position] for position in both}
    sum_ = " + ".join(product(signal[p], under[p]) for p in both)
    text = f"position {t}:  {sum_} = {short(result[t])}"

    figure = DescribedFigure(text, 8, 4.6)
    figure.set_layout_engine(None)  # or the parts would move from picture to picture
    above, below = figure.subplots(2, 1, height_ratios=(4.6, 2.4), sharex=True)
    figure.subplots_adjust(0.2, 0.08, 0.99, 0.91, hspace=0.12)
    above.set_title(text, fontsize=12)
    rows = {
        "signal": dict(enumerate(signal)),
        "kernel, backwards": under,
        "products": products,
        "result": dict(enumerate(result[: t + 1])),
    }
    heights = (0, 1.2, 2.4, 3.6)  # of the rows, in cells
    for y, values in zip(heights, rows.values(), strict=True):
        largest = max(map(abs, values.values()), default=1) or 1
        if values:  # at positions that follow each other
            row = [values[position] for position in sorted(values)]
            draw_cells(above, min(values) - 0.5, y, [row], largest)
    draw_frame(above, t - cells + 0.5, heights[1], cells, 1)
    draw_frame(above, t - 0.5, heights[3], 1, 1)
    above.set(xlim=(0.4 - cells, last + 0.6), ylim=(4.7, -0.1))
    above.set_yticks([y + 0.5 for y in heights], list(rows), fontsize=11)
    above.tick_params(length=0, labelbottom=False)
    above.spines[:].set_visible(False)

    shown = np.where(np.arange(last + 1) <= t, result, 0)
    edges = [FRAME if position == t else "none" for position in range(last + 1)]
    below.bar(range(last + 1), shown, width=1, color=COLOURS[5], edgecolor=edges, lw=2)
    low, high = min(result.min(), 0), max(result.max(), 0)
    margin = 0.08 * (high - low) or 1
    below.set(ylim=(low - margin * (low < 0), high + margin), ylabel="result")
    below.set_xticks(range(last + 1))
    below.spines[["top", "right"]].set_visible(False)
    below.axhline(0, color="black", lw=0.8)
    return figure
