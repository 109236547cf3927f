"""A model as a row of boxes: what flows between its layers, drawn to scale."""

from math import hypot

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from ..layers import Dense, ReLU, Residual, Sigmoid, Softmax, Tanh
from ..layers.convolution import ConvolutionLayer
from ..layers.weighted import WeightedLayer
from ..layers.windows import WindowLayer
from ..model.summary import layer_shapes
from ..support.text import size_text
from .figure import COLOURS, DescribedFigure

BLUE, ORANGE, GREEN, PINK, RED = COLOURS[:5]
ROW = 11.0  # inches: wider models go on in another row
SIDE, DEPTH, LINE = 1.35, 0.6, 0.19  # inches: the largest image, the most channels, a line of text
LETTER, GAP = 0.081, 0.18  # inches
THIN, LEAST = 0.12, 0.06  # inches: a vector across, and the least side of a box
SEEN = 0.09  # inches: the least side of a red window, where its own scale would hide it
ACROSS, UP = 0.72, 0.28  # where the red window is on a box, as shares of the room it has
BOLD = 1.45  # how much wider the letters of a shape are
SLANT = (0.75, 0.45)  # where a box goes from front to back, for a depth of 1
ACTIVATIONS = {ReLU: "ReLU", Sigmoid: "sigmoid", Tanh: "tanh", Softmax: "softmax"}


def architecture(model):
    """The model's layers as boxes: height and width are those of one image, depth its channels.

    Heights and widths share one scale. Depths, and the lengths of vectors, grow with the square
    root of their sizes: on one scale, one channel beside 512 would be invisible. A layer that
    changes neither shape nor position (an activation, dropout, batch normalisation) is named under
    the box that it works on. A residual block is one box, with its layers under it, and behind "+"
    its shortcut. A red window is drawn where the next layer slides one (larger than it is, where it
    would be too small to see), with lines to the value that it makes. A model that is too wide for
    one row goes on below.

    Raises ``TypeError`` for what is no model, ``ValueError`` for a model without shapes yet.

    >>> from cnncourse import Sequential, layers
    >>> chain = [layers.Conv2D(8, 5, activation="relu"), layers.Flatten(), layers.Dense(10)]
    >>> architecture(Sequential(chain, input_shape=(28, 28, 1)))
    <Figure: A model of 3 layers. input: 28×28×1; conv2d_1, 5×5, ReLU: 24×24×8; flatten_1: 4608;
    dense_1: 10>
    """
    boxes = _boxes(model)
    described = "; ".join(f"{', '.join(box.lines)}: {size_text(box.shape)}" for box in boxes)
    alt = f"A model of {len(model.layers)} layers. {described}"
    scales = _Scales(boxes)
    rows = _rows(boxes, scales)
    heights = [_row_height(row, scales) for row in rows]
    width = GAP / 2 + max(sum(scales.slot(box) for box in row) for row in rows)
    figure = DescribedFigure(alt, width, sum(heights))
    figure.set_layout_engine("none")  # the axes are the whole figure, in inches
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, sum(heights)))
    ax.axis("off")
    top = sum(heights)
    before = None
    for row, height in zip(rows, heights, strict=True):
        left = GAP / 2
        middle = top - GAP / 2 - (height - GAP - _text_height(row)) / 2
        for box in row:
            box.corner = _corner(box, scales, left, middle)
            _draw(ax, box, scales, bottom=top - height + _text_height(row))
            if before is not None and box is not row[0]:
                _draw_window(ax, before, box)
            left += scales.slot(box)
            before = box
        top -= height
    return figure


class _Box:
    """What one layer gives, and the lines of text under it."""

    def __init__(self, shape, lines, layer=None):
        self.shape = shape
        self.lines = lines
        self.layer = layer
        self.corner = None  # (x, y) of its front, lower left, once it is drawn
        self.size = None  # (width, height) of its front


def _boxes(model):
    shapes = layer_shapes(model)
    boxes = [_Box(tuple(model.input_shape), ["input"])]
    for layer, before, after in shapes:
        if before == after and not isinstance(layer, WeightedLayer | WindowLayer | Residual):
            boxes[-1].lines.append(layer.name)
        else:
            boxes.append(_Box(after, [layer.name, *_details(layer)], layer))
    return boxes


def _details(layer):
    """Window, stride and activation, as far as the layer has them; of a block, its layers."""
    if isinstance(layer, Residual):
        for inner in layer.layers:
            yield from _lines(inner)
        past = [line for inner in layer.shortcut for line in _lines(inner)]
        yield from [f"+ {line}" for line in past or ["its input"]]
    if _slides(layer):
        yield size_text(layer.window)
        usual = (1, 1) if isinstance(layer, ConvolutionLayer) else layer.window
        if layer.strides != usual:
            yield f"stride {size_text(layer.strides)}"
    activation = getattr(layer, "activation", None)
    if activation is not None:
        yield ACTIVATIONS.get(type(activation), type(activation).__name__)


def _lines(layer):
    """A layer's name and details in one line; a block's name, and its details below it."""
    if isinstance(layer, Residual):
        return [layer.name, *_details(layer)]
    return [", ".join([layer.name, *_details(layer)])]


def _slides(layer):
    """Whether the layer has a window that slides; that of global pooling is the whole image."""
    return isinstance(layer, WindowLayer) and layer.receptive_field is not None


class _Scales:
    """Inches for pixels, channels and vectors, such that the largest of each fits."""

    def __init__(self, boxes):
        images = [box.shape for box in boxes if len(box.shape) == 3]
        self.pixel = SIDE / max((max(shape[:2]) for shape in images), default=1)
        self.most_channels = max((shape[2] for shape in images), default=1)
        self.longest = max((box.shape[0] for box in boxes if len(box.shape) != 3), default=1)

    def size(self, box):
        """Width, height and depth of a box."""
        if len(box.shape) != 3:
            length = THIN + (SIDE - THIN) * (box.shape[0] / self.longest) ** 0.5
            return THIN, length, THIN
        height, width, channels = box.shape
        depth = max(LEAST, DEPTH * (channels / self.most_channels) ** 0.5)
        return max(LEAST, width * self.pixel), max(LEAST, height * self.pixel), depth

    def slot(self, box):
        """The width that a box takes with its text, and the gap behind it."""
        width, _, depth = self.size(box)
        text = max(BOLD * len(size_text(box.shape)), *map(len, box.lines)) * LETTER
        return max(width + SLANT[0] * depth, text) + GAP


def _rows(boxes, scales):
    """The boxes in as few rows as it takes, which are about equally long."""
    fewest = len(_filled(boxes, scales, ROW))
    widest = max(scales.slot(box) for box in boxes)
    for limit in np.linspace(min(widest, ROW), ROW, 50):
        rows = _filled(boxes, scales, limit)
        if len(rows) == fewest:
            return rows


def _filled(boxes, scales, limit):
    """The boxes in rows of at most ``limit`` inches."""
    rows = [[]]
    width = 0
    for box in boxes:
        if rows[-1] and width + scales.slot(box) > limit:
            rows.append([])
            width = 0
        rows[-1].append(box)
        width += scales.slot(box)
    return rows


def _text_height(row):
    return LINE * (1 + max(len(box.lines) for box in row)) + GAP / 2


def _row_height(row, scales):
    sizes = [scales.size(box) for box in row]
    return max(height + SLANT[1] * depth for _, height, depth in sizes) + GAP + _text_height(row)


def _corner(box, scales, left, middle):
    """Left and lower edge of a box's front, in the middle of its slot."""
    width, height, depth = scales.size(box)
    room = scales.slot(box) - GAP - width - SLANT[0] * depth
    return left + room / 2, middle - (height + SLANT[1] * depth) / 2


def _draw(ax, box, scales, bottom):
    (x, y), (width, height, depth) = box.corner, scales.size(box)
    box.size = width, height
    right, up = SLANT[0] * depth, SLANT[1] * depth
    colour = _colour(box.layer)
    roof = [(x, y + height), (x + right, y + height + up),
            (x + width + right, y + height + up), (x + width, y + height)]  # fmt: skip
    side = [(x + width, y), (x + width + right, y + up),
            (x + width + right, y + height + up), (x + width, y + height)]  # fmt: skip
    edge = {"ec": "0.25", "lw": 0.8, "joinstyle": "round"}
    for corners, alpha in (roof, 0.35), (side, 0.75):
        ax.add_patch(Polygon(corners, fc="white", **edge))
        ax.add_patch(Polygon(corners, fc=colour, alpha=alpha, lw=0))
    ax.add_patch(Rectangle((x, y), width, height, fc="white", **edge))
    ax.add_patch(Rectangle((x, y), width, height, fc=colour, alpha=0.55, lw=0))
    centre = x + (width + right) / 2
    text = {"ha": "center", "va": "top"}
    ax.text(centre, bottom - 0.05, size_text(box.shape), fontsize=11.5, weight="bold", **text)
    for k, line in enumerate(box.lines):
        ax.text(centre, bottom - 0.07 - LINE * (k + 1), line, fontsize=10.4, **text)


def _colour(layer):
    if isinstance(layer, ConvolutionLayer):
        return BLUE
    if isinstance(layer, WindowLayer):
        return ORANGE
    if isinstance(layer, Dense):
        return GREEN
    if isinstance(layer, Residual):
        return PINK
    return "0.6"


def _draw_window(ax, before, box):
    """The window of ``box`` on the box before it, and lines to the value it makes."""
    if not _slides(box.layer):
        return
    (x, y), (width, height) = before.corner, before.size
    rows, columns = box.layer.window
    tall = min(height, max(SEEN, height * rows / before.shape[0]))
    wide = min(width, max(SEEN, width * columns / before.shape[1]))
    left, low = x + ACROSS * (width - wide), y + UP * (height - tall)
    (end_x, end_y), (end_width, end_height) = box.corner, box.size
    target = (end_x + ACROSS * end_width, end_y + UP * end_height)
    for corner in (left + wide, low), (left + wide, low + tall):
        if hypot(target[0] - corner[0], target[1] - corner[1]) > LEAST:
            ax.plot(*zip(corner, target, strict=True), color=RED, lw=0.9)
    ax.add_patch(Rectangle((left, low), wide, tall, fill=False, ec=RED, lw=1.6))
    ax.plot(*target, "s", color=RED, ms=3)
