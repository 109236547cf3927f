"""Convolution in two dimensions, as CNNs compute it: a window slides over the image."""

import numpy as np

from ..filters import correlate2d
from ..plots.figure import DescribedFigure
from ..plots.grids import draw_grids, in_words, product, short, size
from ..support.checks import finite
from ..support.text import size_text
from .movie import Movie

SUM = 0.45  # inches, for the line below the cells
WIDTH = 7  # inches, at least, so that the line fits


def sliding_window(image, kernel):
    """The cross-correlation, without padding: one picture for each position of the window.

    ``image``: (height, width), ``kernel``: (cells down, cells across). Raises ``ValueError`` for
    other shapes, a kernel that does not fit, or more than 100 positions.

    >>> sliding_window([[1, 0, 2]], [[1, 10]])
    <Movie of 2 pictures: A window of 1×2 slides over an image of 1×3 pixels, to 2 positions. At
    each of them, the pixels under it are multiplied by the kernel's weights and added up. Kernel: 1
    10. Image: 1 0 2. Result: 1 20>
    """
    result = correlate2d(image, kernel)
    if result.ndim == 3:
        raise ValueError(f"sliding_window: expected one channel, got an image {np.shape(image)}")
    image = finite(np.asarray(image, float), "image")
    kernel = finite(np.asarray(kernel, float), "kernel")
    alt = (
        f"A window of {size_text(kernel.shape)} slides over an image of {size_text(image.shape)} "
        f"pixels, to {result.size} positions. At each of them, the pixels under it are multiplied "
        f"by the kernel's weights and added up. Kernel: {in_words(kernel)}. Image: "
        f"{in_words(image)}. Result: {in_words(result)}"
    )
    positions = list(np.ndindex(result.shape))
    return Movie(alt, positions, lambda position: _picture(image, kernel, result, position))


def _picture(image, kernel, result, position):
    """The window at (i, j), and the result as far as it is known then."""
    i, j = position
    rows, columns = kernel.shape
    seen = image[i : i + rows, j : j + columns]
    sum_ = " + ".join(product(p, w) for p, w in zip(seen.flat, kernel.flat, strict=True))
    known = np.arange(result.size).reshape(result.shape) <= i * result.shape[1] + j
    tables = {"image": image, "kernel": kernel, "result": np.where(known, result, np.nan)}
    frames = {"image": [(i, j, rows, columns)], "result": [(i, j, 1, 1)]}
    width, height = size(tables)
    text = f"{sum_} = {short(result[position])}"
    figure = DescribedFigure(text, max(width, WIDTH), height + SUM)
    figure.set_layout_engine(None)  # or the parts would move from picture to picture
    share = SUM / (height + SUM)
    draw_grids(figure.add_axes((0, share, 1, 1 - share)), tables, frames)
    figure.text(0.5, share / 2, figure.alt, ha="center", va="center", fontsize=11)
    return figure
