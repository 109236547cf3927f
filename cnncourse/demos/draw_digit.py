"""Draw a digit: what a network makes of it, while it is drawn."""

import numpy as np

from ..explanations.arguments import require_model
from ..plots.figure import COLOURS, DescribedFigure
from ..plots.sign_colours import SIGNED_MAP
from .activations import activations, first_maps, probabilities
from .demo import Demo
from .digit_image import SIDE, as_mnist
from .examples import drawn_two
from .shades import in_shades

MOST_MAPS = 16


def draw_digit(model):
    """A canvas to draw on: the network's probabilities and first feature maps follow the pen.

    ``model``: a `Sequential` that takes images of 28×28×1 and gives a value for each class:
    probabilities, or logits, of which the softmax is shown. The drawing is centred and scaled as
    MNIST's digits are. A picture from a file can be dropped on the canvas, or pasted. Raises
    ``TypeError`` for what is no model, ``ValueError`` for one that takes or gives other shapes.

    >>> from cnncourse import networks
    >>> draw_digit(networks.tutorial())
    <Demo: Draw a digit, and see what the network makes of it; live in JupyterLab with the extra
    "live": pip install -e ".[live]">
    """
    return DrawDigit(model)


class DrawDigit(Demo):
    """What `draw_digit` gives."""

    title = "Draw a digit, and see what the network makes of it"
    script = "draw_digit.js"

    def __init__(self, model):
        self.model = require_model(model)
        if model.input_shape != (SIDE, SIDE, 1) or len(model.output_shape) != 1:
            raise ValueError(
                "model: expected one that takes images (28, 28, 1) and gives a row of values, got "
                f"one that takes {model.input_shape} and gives {model.output_shape}"
            )

    def seen(self, pixels):
        """What the network sees in a drawing, what it says, and its first feature maps.

        ``pixels``: (height, width) uint8. Gives the image (28, 28), the probabilities (classes,)
        and the maps (height, width, at most 16), or ``None`` for these.
        """
        image = as_mnist(pixels)
        outputs = activations(self.model, image[..., None])
        number = first_maps(self.model)
        maps = None if number is None else outputs[number][..., :MOST_MAPS]
        return image, probabilities(self.model, outputs[-1]), maps

    def on_draw(self, message, buffers):
        """Pixels (side, side) → probabilities, the image as the network sees it, and its maps."""
        side = message["side"]
        pixels = np.frombuffer(buffers[0], np.uint8).reshape(side, side)
        image, chances, maps = self.seen(pixels)
        reply = {"empty": not image.any(), "probabilities": chances.tolist()}
        arrays = [in_shades(image)]
        if maps is not None:
            reply["maps"] = maps.shape
            arrays.append(in_shades(np.moveaxis(maps, -1, 0)))  # (maps, height, width)
        return reply, arrays

    def draw(self):
        drawing = drawn_two()
        image, chances, maps = self.seen(drawing)
        alt = (
            "A drawing of a two; beside it, how the network gets it, the probability it gives each "
            "class, and, where it has a convolution, its first feature maps"
        )
        figure = DescribedFigure(alt, 9, 3)
        canvas, seen, bars, features = figure.subplots(1, 4, width_ratios=(1, 1, 1.3, 1.3))
        for ax, title, picture in (
            (canvas, "drawn", drawing),
            (seen, "as the network gets it", image),
        ):
            ax.imshow(picture, cmap="gray")
            ax.set_title(title, fontsize=11)
            ax.set(xticks=[], yticks=[])
        bars.barh(range(len(chances)), chances, color=COLOURS[0])
        bars.set(xlim=(0, 1), yticks=range(len(chances)))
        bars.invert_yaxis()
        bars.set_title("probability", fontsize=11)
        features.axis("off")
        if maps is not None:
            largest = float(np.abs(maps).max()) or 1.0
            features.imshow(_side_by_side(maps), cmap=SIGNED_MAP, vmin=-largest, vmax=largest)
            features.set_title("first feature maps", fontsize=11)
        return figure


def _side_by_side(maps):
    """Maps (height, width, count) in four columns, NaN between them: (rows, columns)."""
    height, width, count = maps.shape
    rows = -(-count // 4)
    sheet = np.full((rows, height + 1, 4, width + 1), np.nan)
    for k in range(count):
        sheet[k // 4, :height, k % 4, :width] = maps[..., k]
    return sheet.reshape(rows * (height + 1), 4 * (width + 1))
