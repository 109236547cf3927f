"""Receptive fields: what one position of a network's maps depends on."""

from matplotlib.patches import Rectangle

from ..receptive_field import trace, zeros_before
from ..support.checks import finite, numbers
from .figure import COLOURS, DescribedFigure

WIDEST = 1.6  # pixels: a cell, however many pixels lie between two of them
HEIGHT = 0.55  # of a cell, where rows are 1 apart


def receptive_cone(layers, input_shape, position):
    """One position of the last layer's maps, and its receptive field's columns in every layer.

    Arguments as in `receptive_field.trace`. Each layer is a row of cells, the image at the bottom;
    cells outside a row are padding. The numbers on the right count the columns. Layers that enlarge
    images are a ``ValueError``: their rows do not fit under one another.

    >>> from cnncourse import layers
    >>> receptive_cone([layers.Conv2D(8, 3), layers.Conv2D(8, 3)], (7, 7, 1), (1, 1))
    <Figure: Columns that one position depends on: 1 of conv2d, 3 of conv2d, 5 of the image>
    """
    columns = [columns for _, columns in trace(layers, input_shape, position)]
    enlarging = next((layer for layer in layers if hasattr(layer, "sources")), None)
    if enlarging is not None:
        raise ValueError(
            f"{enlarging} enlarges images, and no cone of windows can be drawn through it; take "
            "the layers before it, or receptive_fields"
        )
    shapes = [tuple(input_shape)]
    for layer in layers:
        shapes.append(layer.output_shape(shapes[-1]))
    names = ["the image"] + [layer.name for layer in layers]
    parts = [f"{len(at)} of {name}" for name, at in zip(names, columns, strict=True)]
    figure = DescribedFigure(
        f"Columns that one position depends on: {', '.join(reversed(parts))}",
        10,
        0.6 + 0.75 * len(names),
    )
    ax = figure.subplots()
    spans = _spans(layers, shapes)
    for row, (shape, at, (start, step)) in enumerate(zip(shapes, columns, spans, strict=True)):
        width = shape[1]
        colour = COLOURS[row % 3]
        cell_width = min(step, WIDEST)
        for cell in range(min(0, at.start), max(width, at.stop)):
            inside = 0 <= cell < width
            face = (colour if cell in at else "0.9") if inside else "white"
            style = "-" if inside else "--"
            # a cell stands over the middle of its receptive field
            x = start + cell * step - cell_width / 2
            ax.add_patch(Rectangle((x, row), cell_width, HEIGHT, fc=face, ec="0.4", lw=1, ls=style))
        if row:
            below = columns[row - 1]
            low, gap = spans[row - 1]
            for end, edge, side in (at.start, below.start, -0.5), (at[-1], below[-1], 0.5):
                ends = [
                    start + end * step + side * cell_width,
                    low + edge * gap + side * min(gap, WIDEST),
                ]
                ax.plot(ends, [row, row - 1 + HEIGHT], color="black", lw=1)
    left = min(ax.patches, key=lambda patch: patch.get_x()).get_x()
    right = max(patch.get_x() + patch.get_width() for patch in ax.patches)
    for row, (name, at) in enumerate(zip(names, columns, strict=True)):
        ax.text(left - 0.6, row + HEIGHT / 2, name, ha="right", va="center", fontsize=11)
        ax.text(right + 1.5, row + HEIGHT / 2, len(at), ha="center", va="center", fontsize=11)
    ax.text(right + 1.5, len(names) - 0.35, "columns", ha="center", va="bottom", fontsize=10)
    ax.set(xlim=(left - 7.5, right + 3), ylim=(-0.15, len(names)))
    ax.axis("off")
    return figure


def receptive_fields(image, layers, position):
    """An image, framed by the receptive fields of one position in each layer's maps.

    ``image``: (height, width, channels); ``layers``: as in `receptive_field.trace`; ``position``:
    row and column in the last layer's maps. The frames are the receptive fields of ``position`` and
    of the middle of what it depends on in each layer before. Raises ``ValueError`` for another
    image, and what `receptive_field.trace` does.

    >>> import numpy as np
    >>> from cnncourse import layers
    >>> receptive_fields(np.zeros((8, 8, 1)), [layers.Conv2D(8, 3), layers.MaxPooling2D(2)], (1, 1))
    <Figure: An image of 8×8 with frames: conv2d sees 3×3 pixels, max_pooling2d sees 4×4 pixels>
    """
    image = finite(numbers(image, "image"), "image")
    if image.ndim != 3 or image.shape[2] not in (1, 3) or not image.size:
        raise ValueError(
            f"image: expected one image, (height, width, 1 or 3), got {image.shape}; take one of "
            "them: images[0]"
        )
    levels = trace(layers, image.shape, position)
    frames = []
    for count, layer in enumerate(layers, 1):
        rows, columns = levels[count]
        middle = rows[len(rows) // 2], columns[len(columns) // 2]
        frames.append((layer.name, *trace(layers[:count], image.shape, middle)[0]))
    parts = [f"{name} sees {len(r)}×{len(c)} pixels" for name, r, c in frames]
    size = f"{image.shape[0]}×{image.shape[1]}"
    figure = DescribedFigure(f"An image of {size} with frames: {', '.join(parts)}", 7, 4.2)
    ax = figure.subplots()
    ax.imshow(image, cmap="gray")
    styles = ("-", "--", "-.", ":")
    colours = (COLOURS[1], COLOURS[5], COLOURS[3], COLOURS[2])  # to be seen on black and on white
    for k, (name, rows, columns) in enumerate(frames):
        label = f"{name}: {len(rows)}×{len(columns)}"
        corner = (columns.start - 0.5, rows.start - 0.5)
        look = {"ec": colours[k % 4], "ls": styles[k % 4], "lw": 3, "label": label}
        ax.add_patch(Rectangle(corner, len(columns), len(rows), fill=False, **look))
    frames.append(("image", *map(range, image.shape[:2])))
    _, rows, columns = zip(*frames, strict=True)
    ax.set_xlim(min(at.start for at in columns) - 1, max(at.stop for at in columns))
    ax.set_ylim(max(at.stop for at in rows), min(at.start for at in rows) - 1)
    ax.axis("off")
    figure.legend(loc="outside right center", frameon=False, fontsize=11)
    return figure


def _spans(layers, shapes):
    """For each row of cells: where the middle of cell 0 stands, in pixels, and the step."""
    spans = [(0.5, 1.0)]
    for layer, shape in zip(layers, shapes[:-1], strict=True):
        start, step = spans[-1]
        (_, window), (_, stride) = layer.receptive_field
        _, before = zeros_before(layer, shape)
        spans.append((start + ((window - 1) / 2 - before) * step, step * stride))
    return spans
