"""How much of an image one value in each layer sees."""

import numpy as np

from ...layers import Conv2D
from ...plots.figure import DescribedFigure
from ...receptive_field import trace
from ...support.checks import numbers

DIM = 0.25  # how bright the image is outside a receptive field


def hierarchy(model, image):
    """The image once for each convolution, bright only where the middle value of its maps looks.

    ``model``: its layers that give maps are used; ``image``: as the model takes one, from 0 to 1.

    >>> from cnncourse import Sequential, layers
    >>> chain = [layers.Conv2D(8, 3), layers.MaxPooling2D(2), layers.Conv2D(8, 3)]
    >>> hierarchy(Sequential(chain, input_shape=(28, 28, 1)), np.ones((28, 28, 1)))
    <Figure: What the middle value of each convolution's maps sees of an image of 28×28 pixels.
    conv2d_1: 3×3; conv2d_2: 8×8>
    """
    image = numbers(image, "image")
    seen = {}
    front = []
    for layer in model.layers:
        if len(layer.output_shape(layer.input_shape)) != 3:
            break  # after it, nothing has a position any more
        front.append(layer)
        if isinstance(layer, Conv2D):
            middle = tuple(side // 2 for side in layer.output_shape(layer.input_shape)[:2])
            seen[layer.name] = trace(front, model.input_shape, middle)[0]
    sizes = {name: f"{len(rows)}×{len(columns)}" for name, (rows, columns) in seen.items()}
    figure = DescribedFigure(
        f"What the middle value of each convolution's maps sees of an image of {image.shape[0]}×"
        f"{image.shape[1]} pixels. " + "; ".join(f"{name}: {size}" for name, size in sizes.items()),
        2.6 * len(seen),
        2.9,
    )
    axes = figure.panels(1, len(seen), len(seen))
    for ax, (name, (rows, columns)) in zip(axes, seen.items(), strict=True):
        light = np.full(image.shape[:2], DIM)
        light[max(rows[0], 0) : rows[-1] + 1, max(columns[0], 0) : columns[-1] + 1] = 1
        ax.imshow((0.35 + 0.65 * image[:, :, 0]) * light, cmap="gray", vmin=0, vmax=1)
        ax.set_title(f"{name}: {sizes[name]}", fontsize=11)
        ax.axis("off")
    return figure
