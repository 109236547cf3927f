"""Explore a network of your own: from a map to a unit, and on to the sum that made its value."""

from dataclasses import asdict

import numpy as np
from matplotlib.patches import Rectangle

from ..explanations.arguments import require_model
from ..layers import Flatten
from ..plots.figure import COLOURS, DescribedFigure
from ..plots.sign_colours import SIGNED_MAP
from ..receptive_field import trace
from ..support import checks
from ..support.text import size_text
from .activations import VALUE_BY_VALUE, activations
from .demo import Demo
from .examples import example_image
from .shades import in_colours, in_shades
from .sums import sum_of, unit_name

MOST_THUMBNAILS, THUMBNAIL = 12, 32  # how many of an operation, and pixels along a side
ROW = 16  # cells: a longer row is folded
DRAWN_MAPS = 4


def explorer(model, images=None):
    """A network, layer by layer, for an image: click a map, then a unit, and see its sum.

    ``model``: a `Sequential` that takes images (height, width, channels); ``images``: one or
    several of them, (images, height, width, channels), of which one is shown at a time. Left out,
    a drawn two, or a photograph. A unit's value is worked out in numbers from the layer before, and
    its receptive field is framed on the image. Raises ``TypeError`` for what is no model, or no
    images, ``ValueError`` for a model that takes no images, and for images of another shape.

    >>> from cnncourse import networks
    >>> explorer(networks.tutorial())
    <Demo: Explore a network, from its maps to the sum behind each value; live in JupyterLab with
    the extra "live": pip install -e ".[live]">
    """
    return Explorer(model, images)


class Explorer(Demo):
    """What `explorer` gives."""

    title = "Explore a network, from its maps to the sum behind each value"
    script = "explorer.js"

    def __init__(self, model, images):
        self.model = require_model(model)
        shape = model.input_shape
        if len(shape) != 3:
            raise ValueError(
                "model: expected one that takes images (height, width, channels), got one that "
                f"takes {shape}"
            )
        if images is None:
            images = example_image(shape)[None]
        self.images = checks.images(images, shape, str(model.layers[0]))
        self.look_at(self.images[0])

    def look_at(self, image):
        """Take another image (height, width, channels), and compute all activations for it."""
        self.image = image
        self.outputs = activations(self.model, image)

    def input_of(self, number):
        """What the operation of that number gets."""
        return self.outputs[number - 1] if number else self.image

    def sum_of(self, number, unit, channel=None):
        """The `Sum` behind the unit of the operation of that number."""
        operations = self.model.operations
        name = "input {}".format
        if number and isinstance(operations[number - 1], Flatten):
            shape = self.input_of(number - 1).shape

            def name(k):
                return unit_name(tuple(map(int, np.unravel_index(k, shape)))).removeprefix("of ")

        return sum_of(operations[number], self.input_of(number), unit, channel, name)

    def receptive_field(self, number, unit):
        """Rows and columns of the image that a unit depends on, as ranges; may reach outside it."""
        operations = self.model.operations
        while len(unit) == 1 and isinstance(operations[number], (Flatten, *VALUE_BY_VALUE)):
            unit = tuple(map(int, np.unravel_index(unit[0], self.input_of(number).shape)))
            number -= 1
            if number < 0:  # a pixel
                return range(unit[0], unit[0] + 1), range(unit[1], unit[1] + 1)
        if len(unit) == 1:
            return tuple(map(range, self.image.shape[:2]))
        return trace(operations[: number + 1], self.image.shape, unit[:2])[0]

    # Messages

    def on_image(self, message, buffers):
        """An image by its index, or its bytes (height, width, 3) → all operations, in small."""
        if buffers:
            height, width, channels = self.model.input_shape
            colours = np.frombuffer(buffers[0], np.uint8).reshape(height, width, 3) / 255
            if channels == 1:
                colours = colours @ [[0.299], [0.587], [0.114]]  # (height, width, 1)
            self.look_at(_of_channels(colours, channels))
        else:
            self.look_at(self.images[message["index"]])
        operations, arrays = [], [in_colours(self.image)]
        for operation, output in zip(self.model.operations, self.outputs, strict=True):
            maps = as_maps(output)
            thumbnails = _thumbnails(maps)
            operations.append(
                {
                    "name": operation.name,
                    "kind": type(operation).__name__,
                    "shape": size_text(output.shape),
                    "maps": maps.shape[2],
                    "thumbnails": thumbnails.shape,
                }
            )
            arrays.append(in_shades(thumbnails))
        reply = {"size": self.image.shape[:2], "images": len(self.images), "operations": operations}
        return reply, arrays

    def on_map(self, message, buffers):
        """A map by the numbers of its operation and its own → its values, and as shades."""
        output = self.outputs[message["operation"]]
        maps = as_maps(output)
        values = maps[..., message["map"]]
        units = output.size if output.ndim == 1 else values.size
        largest = np.nanmax(np.abs(maps)) or 1.0  # all maps of an operation have one scale
        shades = np.rint(127 / largest * np.nan_to_num(values)).astype(np.int8)
        reply = {"rows": values.shape[0], "columns": values.shape[1], "units": units}
        return reply, [values.astype(np.float32), shades]

    def on_unit(self, message, buffers):
        """A unit → its sum and its receptive field."""
        number = message["operation"]
        output = self.outputs[number]
        unit = message["row"], message["column"], message["map"]
        if output.ndim == 1:
            width = as_maps(output).shape[1]
            unit = (unit[0] * width + unit[1],)
        found = self.sum_of(number, unit, message.get("channel"))
        rows, columns = self.receptive_field(number, unit)
        grids = {name: _or_none(grid) for name, grid in found.grids.items()}
        reply = asdict(found) | {
            "grids": grids,
            "value": _or_none(found.value),
            "output": float(output[unit]),
            "unit": unit_name(unit),
            "field": [rows.start, columns.start, len(rows), len(columns)],
        }
        return reply, []

    def draw(self):
        """The image, and the first maps of each operation, with one unit's receptive field."""
        operations = self.model.operations
        columns = len(operations) + 1
        alt = (
            "An image, and the first feature maps of "
            f"{', '.join(operation.name for operation in operations)}, one column each; the frame "
            "is the receptive field of the middle unit of the last map"
        )
        figure = DescribedFigure(alt, max(1.25 * columns, 6), 4.4)
        axes = figure.subplots(DRAWN_MAPS, columns, squeeze=False)
        for ax in axes.flat:
            ax.axis("off")
        axes[0, 0].imshow(in_colours(self.image))
        axes[0, 0].set_title("image", fontsize=9)
        for (top, *others), operation, output in zip(
            axes[:, 1:].T, operations, self.outputs, strict=True
        ):
            maps = as_maps(output)
            largest = np.nanmax(np.abs(maps)) or 1.0
            for ax, values in zip((top, *others), np.moveaxis(maps, -1, 0), strict=False):
                ax.imshow(values, cmap=SIGNED_MAP, vmin=-largest, vmax=largest)
            top.set_title(operation.name.replace("_", "\n"), fontsize=9)
        rows, cells = self.receptive_field(*self._middle())
        corner = (cells.start - 0.5, rows.start - 0.5)
        frame = {"fill": False, "ec": COLOURS[1], "lw": 2}
        axes[0, 0].add_patch(Rectangle(corner, len(cells), len(rows), **frame))
        return figure

    def _middle(self):
        """The number of the last operation that gives maps, and the unit in the middle of them."""
        maps = [k for k, output in enumerate(self.outputs) if output.ndim == 3]
        if not maps:
            return 0, (0,)
        height, width, _ = self.outputs[maps[-1]].shape
        return maps[-1], (height // 2, width // 2, 0)


def as_maps(output):
    """An operation's output as maps (height, width, count); a row is folded into one map.

    A row of up to 16 values stands upright, a longer one has 16 in a line, and NaN behind its end.
    """
    if output.ndim == 3:
        return output
    width = 1 if output.size <= ROW else ROW
    height = -(-output.size // width)
    cells = np.full(height * width, np.nan)
    cells[: output.size] = output.ravel()
    return cells.reshape(height, width, 1)


def _thumbnails(maps):
    """The first maps, every so many-th pixel of them: (count, height, width)."""
    step = -(-max(maps.shape[:2]) // THUMBNAIL)
    return np.moveaxis(np.nan_to_num(maps[::step, ::step, :MOST_THUMBNAILS]), -1, 0)


def _of_channels(image, channels):
    """An image (height, width, 1 or 3) with as many channels as the model takes."""
    if image.shape[2] == channels:
        return image
    raise ValueError(
        f"the model takes images of {channels} channels, and a picture has 1 or 3; give explorer "
        "its images"
    )


def _or_none(values):
    """Numbers as JSON can hold them: ``None`` for NaN."""
    return np.where(np.isnan(values), None, values).tolist()
