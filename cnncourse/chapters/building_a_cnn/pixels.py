"""An image as what it is for a computer: a table of numbers."""

import numpy as np
from matplotlib.patches import Rectangle

from ...plots.figure import COLOURS, DescribedFigure
from ...support.checks import finite, numbers

CELLS = 12  # rows and columns whose values can still be read
BRIGHT = 0.5  # from here on a value is written in black


def pixels(image, top, left):
    """An image with a frame, and the frame's 12×12 pixels with their values, in hundredths.

    ``image``: (height, width) or (height, width, 1), from 0 to 1; ``top``, ``left``: where the
    frame begins. Raises ``ValueError`` for another shape, and for a frame that leaves the image.

    >>> pixels(np.eye(28), 0, 8)
    <Figure: An image of 28×28 pixels. Beside it rows 0 to 11 and columns 8 to 19 with their values,
    from 0 to 100 hundredths. The first of these rows: 0 0 0 0 0 0 0 0 0 0 0 0>
    """
    image = finite(numbers(image, "image"), "image")
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[:, :, 0]
    if image.ndim != 2:
        raise ValueError(f"image: expected one of (height, width) or (…, 1), got {image.shape}")
    part = image[top : top + CELLS, left : left + CELLS]
    if min(top, left) < 0 or part.shape != (CELLS, CELLS):
        raise ValueError(f"{CELLS}×{CELLS} pixels from ({top}, {left}) leave {image.shape}")
    values = np.round(100 * part).astype(int)
    first = " ".join(map(str, values[0]))
    figure = DescribedFigure(
        f"An image of {image.shape[0]}×{image.shape[1]} pixels. Beside it rows {top} to "
        f"{top + CELLS - 1} and columns {left} to {left + CELLS - 1} with their values, from "
        f"{values.min()} to {values.max()} hundredths. The first of these rows: {first}",
        9,
        4.4,
    )
    whole, close = figure.subplots(1, 2)
    for ax, picture, rows, columns in (whole, image, 0, 0), (close, part, top, left):
        height, width = picture.shape
        edges = (columns - 0.5, columns + width - 0.5, rows + height - 0.5, rows - 0.5)
        ax.imshow(picture, cmap="gray", vmin=0, vmax=1, extent=edges)
        ax.set(xlabel="column", ylabel="row")
    frame = Rectangle((left - 0.5, top - 0.5), CELLS, CELLS, fill=False, ec=COLOURS[1], lw=2)
    whole.add_patch(frame)
    for (row, column), value in np.ndenumerate(values):
        ink = "black" if part[row, column] > BRIGHT else "white"
        place = left + column, top + row
        close.text(*place, value, ha="center", va="center", color=ink, fontsize=8)
    whole.set_title("what we see", fontsize=11)
    close.set_title("what the network gets, in hundredths", fontsize=11)
    return figure
