"""Why an image got its prediction: each image, and under it how much each part counted."""

import numpy as np

from .. import explanations
from ..explanations.arguments import checked_images, class_of_each, layer_of_maps
from ..explanations.passes import row_to
from ..layers.rows import seen_through
from ..receptive_field import trace
from ..support import arguments
from .figure import DescribedFigure, rows_and_columns
from .images import as_picture
from .sign_colours import NEGATIVE_WORD, POSITIVE_WORD, SIGNED_MAP

SIDE, TITLE = 1.5, 0.45  # inches: a picture, and the lines above it
STRONGEST = 0.995  # the quantile of the pixels that has the fullest colour
BRIGHT = 1.7  # times the strongest value has the darkest shade, which nobody sees on black
COLOURS_MEAN = f"{POSITIVE_WORD} speaks for it, {NEGATIVE_WORD} against it"


def saliency(model, images, classes=None, method="gradient × input", class_names=None, columns=6,
             **options):  # fmt: skip
    """Images, and under each the pixels that its prediction depends on, by the gradient.

    ``model``, ``images``, ``classes``, ``method`` and the ``options`` ``samples``, ``noise`` and
    ``seed`` are those of `explanations.saliency`, whose channels are added up. ``class_names``: a
    text for each class, their numbers if left out; ``columns``: images in a row. Each map has the
    fullest colour at its own strongest pixels. Raises what `explanations.saliency` does.

    >>> from cnncourse import Sequential, layers
    >>> model = Sequential([layers.Flatten(), layers.Dense(2)], input_shape=(1, 2, 1))
    >>> model.layers[1].set_weights([[[3, 0], [-1, 0]], [0, 0]])
    >>> saliency(model, [[[[1.0], [2.0]]]])
    <Figure: Saliency, gradient × input, of 1 image: 0 (strongest at row 0, column 0); orange speaks
    for it, purple against it>
    """
    maps = explanations.saliency(model, images, classes, method, **options).sum(axis=3)  # (N, H, W)
    return _figure(f"Saliency, {method}", model, images, maps, classes, class_names, columns)


def occlusion(model, images, classes=None, size=None, stride=None, fill=0.0, class_names=None,
              columns=6):  # fmt: skip
    """Images, and under each by how much the output drops where a part is covered.

    ``model`` to ``fill`` are those of `explanations.occlusion`, ``class_names`` and ``columns``
    those of `saliency`. Raises what `explanations.occlusion` does.
    """
    maps = explanations.occlusion(model, images, classes, size, stride, fill)  # (N, H, W)
    return _figure("Occlusion", model, images, maps, classes, class_names, columns)


def grad_cam(model, images, classes=None, layer=None, class_names=None, columns=6):
    """Images, and under each where the maps of a layer speak for the class, over the image.

    ``model`` to ``layer`` are those of `explanations.grad_cam`, ``class_names`` and ``columns``
    those of `saliency`. Each value of the map lies over the middle of its receptive field. Raises
    what `explanations.grad_cam` does.
    """
    maps = explanations.grad_cam(model, images, classes, layer)  # (N, I, J)
    layer = layer_of_maps(model, layer)
    extent = _extent(model, layer, maps.shape[1:])
    title = f"Grad-CAM of {layer.name}"
    return _figure(title, model, images, maps, classes, class_names, columns, extent)


def _figure(title, model, images, maps, classes, class_names, columns, extent=None):
    """Pairs of an image and its map, the map below; over the image where it has an ``extent``."""
    images = checked_images(model, images)
    outputs = model.predict(images)  # (N, classes)
    classes = class_of_each(classes, outputs)
    names = range(outputs.shape[1]) if class_names is None else class_names
    names = arguments.texts(names, "class_names", outputs.shape[1])
    said = [names[k] for k in classes]
    places = [np.unravel_index(abs(one).argmax(), one.shape) for one in maps]
    parts = [
        f"{name} ({f'strongest at row {row}, column {column}' if one.any() else 'nowhere'})"
        for name, one, (row, column) in zip(said, maps, places, strict=True)
    ]
    number = f"{len(images)} image{'s' if len(images) > 1 else ''}"
    alt = f"{title}, of {number}: {', '.join(parts)}; {COLOURS_MEAN}"
    rows, columns = rows_and_columns(len(images), columns)
    figure = DescribedFigure(alt, columns * SIDE, rows * (2 * SIDE + TITLE))
    axes = figure.subplots(2 * rows, columns, squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for k, (image, one, name) in enumerate(zip(images, maps, said, strict=True)):
        above, below = axes[2 * (k // columns) : 2 * (k // columns) + 2, k % columns]
        above.imshow(as_picture(image), cmap="gray")
        above.set_title(f"{name}\n{_percent(outputs[k, classes[k]])}", fontsize=10)
        limit = np.quantile(abs(one), STRONGEST) or abs(one).max() or 1
        style = {"cmap": SIGNED_MAP, "vmin": -limit, "vmax": limit}
        if extent is not None:
            below.imshow(as_picture(image), cmap="gray")
            opacity = np.clip(one / limit, 0, 1)
            style |= {"alpha": 0.8 * opacity, "extent": extent, "interpolation": "bilinear",
                      "vmin": -BRIGHT * limit, "vmax": BRIGHT * limit}  # fmt: skip
        below.imshow(one, **style)
        below.set(xlim=(-0.5, image.shape[1] - 0.5), ylim=(image.shape[0] - 0.5, -0.5))
    return figure


def _percent(output):
    """A probability as people write it; another output is a number."""
    return f"{100 * output:.0f} %" if 0 <= output <= 1 else f"{output:.2f}"


def _extent(model, layer, size):
    """Left, right, lower and upper edge of a layer's maps on the image, in pixels.

    A value stands over the middle of its receptive field: without padding, maps end before the
    image does.
    """
    chain = row_to(model.layers, layer)
    field = trace(chain, model.input_shape, (0, 0))[0]
    _, strides = seen_through(chain)
    ends = []
    for axis in 1, 0:  # columns, then rows
        middle = (field[axis].start + field[axis][-1]) / 2
        jump = float(strides[axis]) if size[axis] > 1 else len(field[axis])
        ends.append((middle - jump / 2, middle + (size[axis] - 0.5) * jump))
    (left, right), (top, bottom) = ends
    return left, right, bottom, top
