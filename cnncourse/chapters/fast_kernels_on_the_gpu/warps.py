"""What the threads of a warp do together, drawn: memory accesses, and the sides of an ``if``."""

from ...plots.boxes import BLUE, GREEN, ORANGE, PALE, SKY, arrow, cell, limits
from ...plots.figure import DescribedFigure

SEGMENT = 8  # float32 values in a segment of 32 bytes, the least that memory delivers
DRAWN = 8  # threads of a warp, of 32
STEPS = ("if", "then", "else", "after")


def segments(stride, threads=32):
    """How many segments of 32 bytes hold the values that ``threads`` read, ``stride`` apart.

    >>> segments(1), segments(2), segments(8)
    (4, 8, 32)
    """
    return len({thread * stride // SEGMENT for thread in range(threads)})


def coalescing(strides=(1, 4)):
    """Eight threads that read values ``strides`` apart, and the segments that memory delivers.

    >>> coalescing()
    <Figure: 8 threads read a float32 each. 1 apart: 1 segment of 32 bytes is read, and 8 of its 8
    values are used. 4 apart: 4 segments of 32 bytes are read, and 8 of their 32 values are used>
    """
    texts = []
    for stride in strides:
        found = segments(stride, DRAWN)
        read, whose = ("segment", "its") if found == 1 else ("segments", "their")
        verb = "is" if found == 1 else "are"
        texts.append(
            f"{stride} apart: {found} {read} of 32 bytes {verb} read, and {DRAWN} of {whose} "
            f"{found * SEGMENT} values are used"
        )
    figure = DescribedFigure(f"{DRAWN} threads read a float32 each. {'. '.join(texts)}", 9, 4)
    width = SEGMENT * max(segments(stride, DRAWN) for stride in strides)
    axes = figure.subplots(len(strides), 1, squeeze=False)[:, 0]
    for ax, stride in zip(axes, strides, strict=True):
        used = {thread * stride for thread in range(DRAWN)}
        found = segments(stride, DRAWN)
        for k in range(width):
            loaded = k // SEGMENT < found
            colour = ORANGE if k in used else SKY if loaded else PALE
            cell(ax, k + 0.3 * (k // SEGMENT), 4, colour, alpha=0.8 if loaded else 1)
        for thread in range(DRAWN):
            place = thread * stride
            start = width / 2 - DRAWN + 2 * thread
            cell(ax, start, 0, BLUE, str(thread), 1.8, alpha=0.5)
            arrow(ax, (start + 0.9, 1.05), (place + 0.3 * (place // SEGMENT) + 0.5, 3.95), width=1)
        plural = "segment" if found == 1 else "segments"
        used_of = f"{DRAWN} of {found * SEGMENT} values used"
        limits(ax, -3, width + 1.2, 5, f"{stride} apart: {found} {plural} of 32 bytes, {used_of}")
        for y, label in (0.5, "threads"), (4.5, "memory"):
            ax.text(-0.4, y, label, ha="right", va="center", fontsize=10)
    return figure


def branches(*warps):
    """What the threads of each warp do, step by step, at an ``if``: a list of rows for each warp.

    ``warps``: for each, a list of bools, whether its threads take the ``if``'s first side. A row
    is a step of `STEPS` that the warp has to take, with a bool for each thread that works in it.

    >>> branches([True, False])[0][1:3]
    [('then', [True, False]), ('else', [False, True])]
    >>> [step for step, _ in branches([True, True])[0]]
    ['if', 'then', 'after']
    """
    found = []
    for sides in warps:
        everyone, others = [True] * len(sides), [not side for side in sides]
        rows = zip(STEPS, (everyone, list(sides), others, everyone), strict=True)
        found.append([(step, working) for step, working in rows if any(working)])
    return found


def divergence():
    """Two warps whose threads disagree at an ``if``, and two in which they agree.

    >>> divergence().alt[:58]
    'Two warps of 8 threads at an if, of which half the threads'
    """
    mixed = [[k % 2 == 0 for k in range(DRAWN)]] * 2
    sorted_ = [[True] * DRAWN, [False] * DRAWN]
    titles = ("if k % 2 == 0: each warp diverges", f"if k < {DRAWN}: each warp agrees")
    taken = [sum(len(rows) for rows in branches(*warps)) for warps in (mixed, sorted_)]
    figure = DescribedFigure(
        f"Two warps of {DRAWN} threads at an if, of which half the threads take the first side. "
        "Where every second thread takes it, each warp goes through both sides, and half of its "
        f"threads wait in each: {taken[0]} steps together. Where all threads of a warp agree, it "
        f"goes through one side only: {taken[1]} steps.",
        9,
        3.2,
    )
    colours = dict(zip(STEPS, (PALE, GREEN, ORANGE, PALE), strict=True))
    axes = figure.subplots(1, 2)
    for ax, warps, title in zip(axes, (mixed, sorted_), titles, strict=True):
        for w, rows in enumerate(branches(*warps)):
            left = w * (DRAWN + 1)
            ax.text(left + DRAWN / 2, -0.3, f"warp {w}", ha="center", fontsize=10)
            for y, (step, working) in enumerate(rows):
                for k, works in enumerate(working):
                    colour = colours[step] if works else "white"
                    cell(ax, left + k, y, colour, "" if works else "–", alpha=0.7)
                if w == 0 or step not in [name for name, _ in branches(*warps)[0]][y : y + 1]:
                    x, side = (-0.3, "right") if w == 0 else (left + DRAWN + 0.3, "left")
                    ax.text(x, y + 0.5, step, ha=side, va="center", fontsize=10)
        limits(ax, -2.5, 2 * DRAWN + 3.5, 4.2)
        ax.set_ylim(4.2, -1)
        ax.set_title(title, fontsize=11)
    return figure
