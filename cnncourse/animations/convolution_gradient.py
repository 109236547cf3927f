"""The backward pass of a convolution: a gradient for each output becomes two gradients.

Each output was a sum of products, pixel · weight. So its gradient, times the weight, goes back to
the pixel; and times the pixel, to the weight. Many outputs share both, so what comes is added up.
"""

import numpy as np

from ..plots.figure import DescribedFigure
from ..plots.grids import draw_grids, in_words, short, size
from ..support.checks import finite, numbers
from ..support.text import size_text
from .movie import Movie

LINES, WIDTH = 0.75, 9  # inches: two lines below the cells, and the least width for them


def convolution_gradient(image, kernel, gradient):
    """One gradient going back through a convolution: a picture for each position of the window.

    ``image``: (height, width); ``kernel``: (cells down, cells across); ``gradient``: d loss / d
    output, of the size of the output, (height − cells down + 1, width − cells across + 1), as the
    layer behind gave it. Raises ``ValueError`` for other shapes or more than 100 positions,
    ``TypeError`` for what is no array.

    >>> movie = convolution_gradient([[1, 2, 3]], [[1, 10]], [[1, -1]])
    >>> movie
    <Movie of 2 pictures: Backward pass of a convolution of an image of 1×3 with a kernel of 1×2. At
    each of 2 positions, the output's gradient times the pixels is added to the kernel's gradient, \
times the weights to the image's. Image: 1 2 3. Kernel: 1 10. Gradient of the output: 1 -1. \
Gradient of the kernel: -1 -1. Gradient of the image: 1 9 -10>
    """
    image, kernel, gradient = (
        finite(numbers(array, name), name).astype(float)
        for array, name in ((image, "image"), (kernel, "kernel"), (gradient, "gradient"))
    )
    if image.ndim != 2 or kernel.ndim != 2 or not image.size or not kernel.size:
        raise ValueError(
            "image and kernel: expected (height, width) and (cells down, cells across), got "
            f"{image.shape} and {kernel.shape}"
        )
    fits = tuple(side - cells + 1 for side, cells in zip(image.shape, kernel.shape, strict=True))
    if min(fits) < 1:
        raise ValueError(f"a kernel of {size_text(kernel.shape)} fits nowhere on an image of "
                         f"{size_text(image.shape)} pixels; take a smaller kernel")  # fmt: skip
    if gradient.shape != fits:
        raise ValueError(f"gradient: expected the output's size, {fits}, got {gradient.shape}")
    steps = [_State(np.zeros(kernel.shape), np.zeros(image.shape), None)]
    for position in np.ndindex(fits):
        steps.append(steps[-1].after(image, kernel, gradient, position))
    last = steps[-1]
    alt = (
        f"Backward pass of a convolution of an image of {size_text(image.shape)} with a kernel of "
        f"{size_text(kernel.shape)}. At each of {gradient.size} positions, the output's gradient "
        "times the pixels is added to the kernel's gradient, times the weights to the image's. "
        f"Image: {in_words(image)}. Kernel: {in_words(kernel)}. Gradient of the output: "
        f"{in_words(gradient)}. Gradient of the kernel: {in_words(last.of_kernel)}. Gradient of "
        f"the image: {in_words(last.of_image)}"
    )
    return Movie(alt, steps[1:], lambda state: _picture(image, kernel, gradient, state))


class _State:
    """Both gradients as far as they are known after one position of the window."""

    def __init__(self, of_kernel, of_image, position):
        self.of_kernel, self.of_image, self.position = of_kernel, of_image, position

    def after(self, image, kernel, gradient, position):
        """The state when the gradient at ``position`` has gone back, too."""
        window = tuple(slice(at, at + n) for at, n in zip(position, kernel.shape, strict=True))
        of_image = self.of_image.copy()
        of_image[window] += gradient[position] * kernel
        of_kernel = self.of_kernel + gradient[position] * image[window]
        return _State(of_kernel, of_image, position)


def _picture(image, kernel, gradient, state):
    position = state.position
    window = (*position, *kernel.shape)
    tables = {
        "image": image,
        "kernel": kernel,
        "gradient of\nthe output": gradient,
        "gradient of\nthe kernel": state.of_kernel,
        "gradient of\nthe image": state.of_image,
    }
    frames = {
        "image": [window],
        "gradient of\nthe output": [(*position, 1, 1)],
        "gradient of\nthe image": [window],
    }
    value = short(gradient[position])
    text = (
        f"position {position}: {value} · the framed pixels are added to the kernel's gradient,\n"
        f"{value} · the kernel to the framed part of the image's gradient"
    )
    width, height = size(tables)
    height += 0.2  # titles have two lines
    figure = DescribedFigure(text.replace("\n", " "), max(width, WIDTH), height + LINES)
    figure.set_layout_engine(None)  # or the parts would move from picture to picture
    share = LINES / (height + LINES)
    draw_grids(figure.add_axes((0, share, 1, 0.94 - share)), tables, frames)
    figure.text(0.5, share / 2, text, ha="center", va="center", fontsize=11)
    return figure
