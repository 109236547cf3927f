"""One neuron and its loss as a computational graph."""

from math import hypot

from matplotlib.patches import Circle

from ...plots.boxes import BLUE, ORANGE, RED, arrow
from ...plots.figure import DescribedFigure

RADIUS, LEAF = 0.62, 0.5
OPERATIONS = {"×": (4.2, 2.6), "+": (7.7, 2.6), "σ": (11.2, 2.6), "−log": (14.7, 2.6)}
LEAVES = {"w": (1, 4.1), "x": (1, 1.1), "b": (7.7, 0.3)}
# each value's edge: from, to, and what it is called beside the numbers
EDGES = {
    "w": (LEAVES["w"], OPERATIONS["×"]),
    "x": (LEAVES["x"], OPERATIONS["×"]),
    "wx": (OPERATIONS["×"], OPERATIONS["+"]),
    "b": (LEAVES["b"], OPERATIONS["+"]),
    "z": (OPERATIONS["+"], OPERATIONS["σ"]),
    "p": (OPERATIONS["σ"], OPERATIONS["−log"]),
    "loss": (OPERATIONS["−log"], (18.0, 2.6)),
}
TEXT = {"ha": "center", "fontsize": 10.5}
TEXT_LEFT = {"ha": "right", "fontsize": 10.5}


def graph(**numbers):
    """The graph of −log sigmoid(w·x + b): on each edge its value, and the loss's gradient by it.

    ``numbers``: for each of w, x, wx, b, z, p and loss a pair (value, gradient). Raises
    ``TypeError`` where one is missing or is no pair.

    >>> graph(w=(-1, 0), x=(2, 0), wx=(-2, 0), b=(3, 0), z=(1, 0), p=(0.73, 0), loss=(0.31, 1))
    <Figure: A computational graph: w times x, plus b, sigmoid, −log. Forward: w = −1.00, x = 2.00,
    wx = −2.00, b = 3.00, z = 1.00, p = 0.73, loss = 0.31. Backward, the gradients: loss 1.00,
    p 0.00, z 0.00, b 0.00, wx 0.00, x 0.00, w 0.00>
    """
    if set(numbers) != set(EDGES):
        raise TypeError(f"graph needs a pair for each of {', '.join(EDGES)}")
    if not all(isinstance(pair, (tuple, list)) and len(pair) == 2 for pair in numbers.values()):
        raise TypeError("graph needs pairs (value, gradient)")
    values = {name: _text(numbers[name][0]) for name in EDGES}
    back = {name: _text(numbers[name][1]) for name in EDGES}
    figure = DescribedFigure(
        "A computational graph: w times x, plus b, sigmoid, −log. Forward: "
        + ", ".join(f"{name} = {value}" for name, value in values.items())
        + ". Backward, the gradients: "
        + ", ".join(f"{name} {back[name]}" for name in reversed(EDGES)),
        10,
        3.3,
    )
    ax = figure.subplots()
    for name, (start, end) in EDGES.items():
        _edge(ax, start, end)
        if name not in LEAVES:
            x = (start[0] + end[0]) / 2 if end in OPERATIONS.values() else end[0] - 1.2
            ax.text(x, 2.8, f"{name} = {values[name]}", color=BLUE, va="bottom", **TEXT)
            ax.text(x, 2.4, back[name], color=RED, va="top", **TEXT)
    for name, (x, y) in LEAVES.items():
        _node(ax, (x, y), name, LEAF, "0.9")
        ax.text(x - 0.7, y + 0.1, f"{name} = {values[name]}", color=BLUE, va="bottom", **TEXT_LEFT)
        ax.text(x - 0.7, y - 0.1, back[name], color=RED, va="top", **TEXT_LEFT)
    for name, centre in OPERATIONS.items():
        _node(ax, centre, name, RADIUS, ORANGE)
    ax.text(14.7, 4.3, "forward: values →", color=BLUE, **TEXT)
    ax.text(14.7, 0.6, "← backward: gradients", color=RED, **TEXT)
    ax.set(xlim=(-2, 18.4), ylim=(-0.4, 4.9))
    ax.set_aspect("equal")
    ax.axis("off")
    return figure


def _text(number):
    return f"{number:.2f}".replace("-", "−")


def _edge(ax, start, end):
    """An arrow from one node's rim to the other's."""
    way = end[0] - start[0], end[1] - start[1]
    length = hypot(*way)
    first = LEAF if start in LEAVES.values() else RADIUS
    last = RADIUS if end in OPERATIONS.values() else 0
    ends = [
        (start[0] + part * way[0] / length, start[1] + part * way[1] / length)
        for part in (first, length - last)
    ]
    arrow(ax, *ends, "0.35", 1.2)


def _node(ax, centre, text, radius, colour):
    ax.add_patch(Circle(centre, radius, fc=colour, ec="0.25", alpha=0.6))
    ax.text(*centre, text, ha="center", va="center", fontsize=13)
