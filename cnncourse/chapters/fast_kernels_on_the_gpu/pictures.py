"""Drawings that explain: the same on every machine."""

from ...kernels.cuda.launching import blocks
from ...plots.boxes import BLUE, GREEN, ORANGE, PALE, PURPLE, SKY, arrow, cell, limits
from ...plots.figure import DescribedFigure


def grid(count, threads):
    """A grid of blocks of ``threads`` threads over ``count`` elements; the last ones are idle.

    >>> grid(10, 4)
    <Figure: 10 elements, 3 blocks of 4 threads. Thread k works on element k; the last 2 threads
    have none, and the guard keeps them out>
    """
    number = blocks(count, threads)
    idle = number * threads - count
    end = f"the last {idle} threads have none, and the guard keeps them out"
    figure = DescribedFigure(
        f"{count} elements, {number} blocks of {threads} threads. Thread k works on element k; "
        f"{end if idle else 'none is idle'}",
        9,
        2.6,
    )
    ax = figure.subplots()
    for k in range(number * threads):
        block, thread = divmod(k, threads)
        x = k + 0.6 * block
        colour = (BLUE, GREEN, PURPLE)[block % 3] if k < count else PALE
        cell(ax, x, 2, colour, thread, alpha=0.55)
        if k < count:
            cell(ax, x, 0, ORANGE, k, alpha=0.55)
            arrow(ax, (x + 0.5, 1.95), (x + 0.5, 1.08))
        else:
            ax.text(x + 0.5, 0.5, "–", ha="center", va="center", color="0.5")
        if thread == 0:
            label = f"blockIdx.x = {block}"
            ax.text(x + threads / 2, 3.25, label, ha="center", va="top", fontsize=10)
    left = -0.3
    ax.text(left, 2.5, "threadIdx.x", ha="right", va="center", fontsize=10)
    ax.text(left, 0.5, "element", ha="right", va="center", fontsize=10)
    width = number * threads + 0.6 * (number - 1)
    limits(ax, -3.2, width, 3.9)
    return figure


def interleavings(*traces):
    """The steps of two threads over time, for one or more orders of them, and what memory holds.

    ``traces``: lists of steps, as `interleaving.steps` gives them.

    >>> from .interleaving import steps
    >>> interleavings(steps([0, 0, 1, 1]), steps([0, 1, 0, 1]))
    <Figure: Two threads add 1 to a value in memory. Order 1: thread 0 reads 0, thread 0 writes 1,
    thread 1 reads 1, thread 1 writes 2. Order 2: thread 0 reads 0, thread 1 reads 0, thread 0
    writes 1, thread 1 writes 1>
    """
    texts = [f"Order {k}: {', '.join(map(str, trace))}" for k, trace in enumerate(traces, start=1)]
    figure = DescribedFigure(f"Two threads add 1 to a value in memory. {'. '.join(texts)}", 9, 2.6)
    for ax, trace in zip(figure.subplots(1, len(traces), squeeze=False)[0], traces, strict=True):
        memory = 0
        for turn, step in enumerate(trace):
            writes = step.does == "writes"
            memory = step.number if writes else memory
            y = 0 if step.thread == 0 else 4
            label = f"{step.does}\n{step.number}"
            cell(ax, 2 * turn, y, (BLUE, GREEN)[step.thread], label, 1.8, 1.2, alpha=0.45)
            cell(ax, 2 * turn, 2, ORANGE if writes else PALE, memory, 1.8, 1.2, alpha=0.7)
            here, there = (y + 1.2, 2) if y == 0 else (y, 3.2)
            start, end = (here, there) if writes else (there, here)
            arrow(ax, (2 * turn + 0.9, start), (2 * turn + 0.9, end))
        for y, label in (0, "thread 0"), (2, "memory"), (4, "thread 1"):
            ax.text(-0.2, y + 0.6, label, ha="right", va="center", fontsize=10)
        right = memory == len({step.thread for step in trace})
        title = f"the end: {memory}" + ("" if right else ", an update is lost")
        limits(ax, -2.2, 2 * len(trace), 5.3, title)
    return figure


def tree(numbers):
    """Numbers added in pairs, level by level: what shared memory holds after each barrier.

    ``numbers``: a power of two of them.

    >>> tree([1, 2, 3, 4])
    <Figure: 4 numbers added in pairs. At first 1, 2, 3, 4; then 4, 6; then 10>
    """
    levels = [list(numbers)]
    while len(levels[-1]) > 1:
        half = len(levels[-1]) // 2
        levels.append([levels[-1][k] + levels[-1][k + half] for k in range(half)])
    texts = ["; then ".join(", ".join(f"{n:g}" for n in level) for level in levels)]
    figure = DescribedFigure(
        f"{len(numbers)} numbers added in pairs. At first {texts[0]}", 8, 0.9 + 0.85 * len(levels)
    )
    ax = figure.subplots()
    for row, level in enumerate(levels):
        for k, number in enumerate(level):
            cell(ax, 1.5 * k, 2 * row, (PALE, SKY)[row > 0], f"{number:g}", 1.3, alpha=0.8)
            if row:
                for source in (k, k + len(level)):
                    start = 1.5 * source + 0.65, 2 * row - 0.98
                    arrow(ax, start, (1.5 * k + 0.65, 2 * row - 0.03))
        if row:
            ax.axhline(2 * row - 0.78, color="0.6", ls=":", lw=1)
            end = 1.5 * len(numbers)
            ax.text(end, 2 * row - 0.83, "barrier", ha="left", va="bottom", fontsize=9, color="0.4")
    limits(ax, -0.3, 1.5 * len(numbers) + 1.6, 2 * len(levels) - 0.9)
    return figure


def tiles(rows=12, cells=8, columns=8, tile=4):
    """A convolution as a product of matrices (GEMM), and what a block loads in one step.

    ``rows``: positions; ``cells``: of the window; ``columns``: filters.

    >>> tiles().alt[:37]
    'A convolution as a product of matrice'
    """
    figure = DescribedFigure(
        "A convolution as a product of matrices: what the window sees at each position, a row "
        "each, times the weights, a column for each filter. A block computes a square of "
        f"{tile}×{tile} values of the result; in each step it loads {tile}×{tile} values of "
        "both factors into shared memory, then every thread multiplies a row by a column.",
        9,
        5,
    )
    ax = figure.subplots()
    left, top = cells + 1.5, columns + 1.5  # where the result's corner is
    row0, step0, column0 = tile, tile, tile  # the tile that is drawn
    for l in range(cells):  # noqa: E741
        for m in range(rows):
            loaded = row0 <= m < row0 + tile and step0 <= l < step0 + tile
            done = row0 <= m < row0 + tile and l < step0
            cell(ax, l, cells + 1.5 + m, BLUE if loaded else SKY if done else PALE, alpha=0.7)
        for o in range(columns):
            loaded = column0 <= o < column0 + tile and step0 <= l < step0 + tile
            done = column0 <= o < column0 + tile and l < step0
            cell(ax, left + o, l, ORANGE if loaded else "#F5D59A" if done else PALE, alpha=0.7)
    for m in range(rows):
        for o in range(columns):
            mine = row0 <= m < row0 + tile and column0 <= o < column0 + tile
            cell(ax, left + o, cells + 1.5 + m, GREEN if mine else PALE, alpha=0.6)
    note = {"fontsize": 10, "va": "center"}
    ax.text(left + columns + 0.5, cells / 2, "weights: a row for each cell\nof the window, "
            "a column\nfor each filter", **note)  # fmt: skip
    ax.text(left + columns + 0.5, top + rows / 2, "result: the green square\nis one block's, "
            "each value\none thread's", **note)  # fmt: skip
    ax.text(cells - 0.2, cells / 2, "strong colours: in shared\nmemory in this step;\n"
            "light: in an earlier step", ha="right", **note)  # fmt: skip
    ax.text(cells / 2, cells + 1.3, "what the windows see", ha="center", va="bottom", fontsize=10)
    limits(ax, -3, left + columns + 7, cells + 1.5 + rows, equal=True)
    return figure
