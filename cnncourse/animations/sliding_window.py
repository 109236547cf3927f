"""Convolution in two dimensions, as CNNs compute it: a window slides over the image."""

import numpy as np

from ..filters import correlate2d
from ..plots.figure import DescribedFigure
from ..plots.grids import draw_grids, in_words, product, short, size
from .movie import Movie


def sliding_window(image, kernel):
    """The cross-correlation, without padding: one picture for each place of the window.

    ``image``: (height, width), ``kernel``: (cells down, cells across). Raises ``ValueError`` for
    other shapes, a kernel that does not fit, or more than 100 places.

    >>> sliding_window([[1, 0, 2]], [[1, 10]])
    <Movie of 2 pictures: A window of 1×2 slides over an image of 1×3 numbers, to 2 places. At each
    of them, the numbers under it are multiplied by the kernel's and added up. Kernel: 1 10. Image:
    1 0 2. Result: 1 20>
    """
    result = correlate2d(image, kernel)
    if result.ndim == 3:
        raise ValueError(f"sliding_window: expected one channel, got an image {np.shape(image)}")
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    sizes = ["×".join(map(str, array.shape)) for array in (kernel, image)]
    alt = (
        f"A window of {sizes[0]} slides over an image of {sizes[1]} numbers, to {result.size} "
        "places. At each of them, the numbers under it are multiplied by the kernel's and added "
        f"up. Kernel: {in_words(kernel)}. Image: {in_words(image)}. Result: {in_words(result)}"
    )
    places = list(np.ndindex(result.shape))
    return Movie(alt, places, lambda place: _picture(image, kernel, result, place))


def _picture(image, kernel, result, place):
    """The window at (i, j), and the result as far as it is known then."""
    i, j = place
    rows, columns = kernel.shape
    seen = image[i : i + rows, j : j + columns]
    sum_ = " + ".join(product(p, w) for p, w in zip(seen.flat, kernel.flat, strict=True))
    known = np.arange(result.size).reshape(result.shape) <= i * result.shape[1] + j
    tables = {"image": image, "kernel": kernel, "result": np.where(known, result, np.nan)}
    frames = {"image": [(i, j, rows, columns)], "result": [(i, j, 1, 1)]}
    width, height = size(tables)
    below = 0.45  # inches, for the sum
    figure = DescribedFigure(f"{sum_} = {short(result[place])}", max(width, 7), height + below)
    figure.set_layout_engine(None)  # or the parts would move from picture to picture
    share = below / (height + below)
    draw_grids(figure.add_axes((0, share, 1, 1 - share)), tables, frames)
    figure.text(0.5, share / 2, figure.alt, ha="center", va="center", fontsize=11)
    return figure
