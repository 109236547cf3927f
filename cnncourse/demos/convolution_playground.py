"""A kernel to change, number by number, and what it makes of a photograph."""

import numpy as np
from PIL import Image

from ..filters import KERNELS, correlate2d
from ..kernels.geometry import Geometry
from ..plots.figure import DescribedFigure
from ..plots.grids import draw_frame, draw_grids
from ..plots.sign_colours import SIGNED_MAP
from ..support.checks import finite, numbers
from .demo import Demo
from .examples import photograph
from .shades import in_shades

LARGEST = 96  # pixels along a side
GREY = (0.299, 0.587, 0.114)  # how bright red, green and blue are
DRAWN = "sobel x"  # the picture's kernel
WINDOW = (40, 44)  # the position whose products the picture shows


def convolution_playground(image=None):
    """An image, a kernel whose numbers can be changed, and the result, number by number.

    ``image``: (height, width) or (height, width, 1 or 3), from 0 (black) to 1 (white), shown in
    grey and made smaller where a side has more than 96 pixels; a photograph if left out. The kernel
    slides over it as in a CNN, or is flipped first; stride and padding can be chosen, and those
    that leave a rest, or fit nowhere, are shown as what they are. Raises ``TypeError`` for what is
    no array of numbers, ``ValueError`` for other shapes.

    >>> convolution_playground([[0, 1], [1, 0]])
    <Demo: Change a kernel, and see the convolution, number by number; live in JupyterLab with the
    extra "live": pip install -e ".[live]">
    """
    return ConvolutionPlayground(image)


class ConvolutionPlayground(Demo):
    """What `convolution_playground` gives."""

    title = "Change a kernel, and see the convolution, number by number"
    script = "convolution_playground.js"

    def __init__(self, image):
        self.image = photograph(LARGEST, LARGEST) @ GREY if image is None else _in_grey(image)

    def convolve(self, kernel, stride, padding):
        """The cross-correlation with ``kernel`` (rows, columns), and the window's geometry.

        ``padding``: a whole number, or ``"same"``. Raises ``ValueError`` where it does not fit.
        """
        padding = padding if padding == "same" else (padding, padding)
        geometry = Geometry.of(self.image.shape, kernel.shape, (stride, stride), padding)
        covered = _covered(self.image, geometry)
        return correlate2d(covered, kernel)[::stride, ::stride], geometry

    # Messages

    def on_start(self, message, buffers):
        """→ the image, and the kernels that have names."""
        named = {name: kernel.tolist() for name, kernel in KERNELS.items()}
        return {"kernels": named} | self._described(), self._image_arrays()

    def on_picture(self, message, buffers):
        """Another image: bytes (rows, columns) → the image."""
        pixels = np.frombuffer(buffers[0], np.uint8)
        self.image = pixels.reshape(message["rows"], message["columns"]) / 255
        return self._described(), self._image_arrays()

    def on_convolve(self, message, buffers):
        """A kernel, a stride and a padding → the result, or why there is none."""
        kernel = np.array(message["kernel"], float)
        if message["flipped"]:
            kernel = kernel[::-1, ::-1]
        stride, padding = message["stride"], message["padding"]
        try:
            out, geometry = self.convolve(kernel, stride, padding)
        except ValueError as error:
            return {"impossible": f"Impossible: {error}."}, []
        rests = [rest(*side, padding) for side in _sides(geometry)]
        reply = {
            "rows": out.shape[0],
            "columns": out.shape[1],
            "before": geometry.before,
            "laid": kernel.tolist(),  # as it lies on the image
            "signed": bool(out.min() < 0),
            "formulas": _formulas(geometry, padding),
            "rest": rests,
        }
        return reply, [out.astype(np.float64), in_shades(out)]

    def _described(self):
        return {"rows": self.image.shape[0], "columns": self.image.shape[1]}

    def _image_arrays(self):
        return [self.image.astype(np.float64), in_shades(self.image)]

    def draw(self):
        kernel = KERNELS[DRAWN]
        same = min(self.image.shape) < max(kernel.shape)
        out, geometry = self.convolve(kernel, 1, "same" if same else 0)
        row, column = (min(at, size - 1) for at, size in zip(WINDOW, out.shape, strict=True))
        window = _covered(self.image, geometry)[row : row + 3, column : column + 3]
        alt = (
            f"An image, the kernel {DRAWN}, and their cross-correlation, orange above zero and "
            "purple below; below, one window, the kernel, and their products, which are added up"
        )
        figure = DescribedFigure(alt, 8, 6)
        above, below = figure.subfigures(2, 1, height_ratios=(1.4, 1))
        image, result = above.subplots(1, 2)
        image.imshow(self.image, cmap="gray", vmin=0)
        top, left = (at - before for at, before in zip((row, column), geometry.before, strict=True))
        draw_frame(image, left - 0.5, top - 0.5, 3, 3)
        largest = np.abs(out).max() or 1
        result.imshow(out, cmap=SIGNED_MAP, vmin=-largest, vmax=largest)
        draw_frame(result, column - 0.5, row - 0.5, 1, 1)
        for ax, title in (image, "image"), (result, f"after the kernel {DRAWN}"):
            ax.set(xticks=[], yticks=[])
            ax.set_title(title, fontsize=11)
        products = window * kernel
        tables = {"window": window, "kernel": kernel, "products": products}
        draw_grids(below.subplots(), tables | {"sum": products.sum(keepdims=True)}, {})
        return figure


def rest(size, cells, stride, before, positions, padding):
    """How many pixels of a side, padding included, no window reaches.

    >>> rest(size=6, cells=3, stride=2, before=0, positions=2, padding=0)
    1
    """
    added = before if padding == "same" else 2 * padding
    return max(size + added - ((positions - 1) * stride + cells), 0)


def _sides(geometry):
    """(pixels, cells, stride, zeros before, positions) of the height and of the width."""
    return zip(
        geometry.image,
        geometry.window,
        geometry.strides,
        geometry.before,
        geometry.output,
        strict=True,
    )


def _formulas(geometry, padding):
    """The size of the result, worked out for each side."""
    texts = []
    for name, (size, cells, stride, _, positions) in zip(
        ("rows", "columns"), _sides(geometry), strict=True
    ):
        if padding == "same":
            texts.append(f"{name}: ⌈{size} / {stride}⌉ = {positions}")
            continue
        exact = (size - cells + 2 * padding) / stride + 1
        rounded = "" if exact == positions else f", rounded down {positions}"
        sum_ = f"({size} − {cells} + 2·{padding}) / {stride} + 1 = {exact:.4g}"
        texts.append(f"{name}: {sum_}{rounded}")
    return texts


def _covered(image, geometry):
    """The image with its padding, as far as windows reach: (rows, columns)."""
    sides = list(_sides(geometry))
    covered = np.zeros(
        [(positions - 1) * stride + cells for _, cells, stride, _, positions in sides]
    )
    (top, height), (left, width) = (
        (before, min(size, length - before))
        for (size, _, _, before, _), length in zip(sides, covered.shape, strict=True)
    )
    covered[top : top + height, left : left + width] = image[:height, :width]
    return covered


def _in_grey(image):
    """An image given as an argument, in grey and small enough: (rows, columns) float64."""
    image = finite(numbers(image, "image"), "image").astype(np.float64)
    if image.ndim == 3 and image.shape[2] == 3:
        image = image @ GREY
    elif image.ndim == 3 and image.shape[2] == 1:
        image = image[..., 0]
    if image.ndim != 2 or image.size == 0:
        raise ValueError(
            f"image: expected (height, width) or (height, width, 1 or 3), got {image.shape}; take "
            "one of them: images[0]"
        )
    scale = LARGEST / max(image.shape)
    if scale >= 1:
        return image
    height, width = (max(1, round(scale * side)) for side in image.shape)
    small = Image.fromarray(image.astype(np.float32)).resize((width, height), Image.Resampling.BOX)
    return np.asarray(small, np.float64)
