"""What one filter looks for, in an image that is made for it by gradient ascent.

Source: Erhan et al., *Visualizing Higher-Layer Features of a Deep Network*, 2009. As there, the
image is kept at one norm, or else the ascent would only make it brighter and brighter.
"""

import numpy as np

from ..receptive_field import trace
from ..support.checks import whole_number
from .arguments import filter_numbers, layer_of_maps, maps_of, require_model
from .passes import Pass, operations_of, row_to

MIDDLE, CONTRAST = 0.5, 0.2  # mean and standard deviation of each image
STRIDE = 0.5  # of a step, relative to the contrast
MOST_STEPS = 10_000  # far more than it takes, and minutes at most


def preferred_images(model, layer=None, filters=None, steps=60, seed=0):
    """For each filter the image to which it responds most, of all that have the same contrast.

    It begins with noise and takes ``steps`` steps along the gradient of the value in the middle of
    the filter's map, before its activation: a ReLU's gradient is 0 where nothing is found yet.
    After each step the image gets back the mean 0.5 and the standard deviation 0.2. For a first
    layer, this ends in the picture of its weights.

    Parameters
    ----------
    model : Sequential
        One that knows its input_shape.
    layer : str or Layer
        The layer, or its name; the last convolution if left out, or the residual block that it is
        in.
    filters : int or list of int
        Which of the layer's filters, from 0; all if left out.
    steps : int
        At most 10,000.
    seed : int
        Same seed, same images.

    Returns
    -------
    array (filters, height, width, channels) from 0 to 1
        As large as the receptive field of the position in the middle, as far as it lies in the
        image.

    Raises ``ValueError`` or ``TypeError``, which names the argument.
    """
    model = require_model(model)
    layer = layer_of_maps(model, layer)
    steps = whole_number(steps, "steps", least=1, most=MOST_STEPS)
    rng = np.random.default_rng(whole_number(seed, "seed", least=0))
    ours = row_to(model.layers, layer)
    rows, columns, count = maps_of(model, layer)
    filters = filter_numbers(filters, count)
    operations = [*operations_of(ours[:-1]), layer]
    middle = rows // 2, columns // 2
    part = _inside(trace(ours, model.input_shape, middle)[0], model.input_shape)
    images = np.full((len(filters), *model.input_shape), MIDDLE)
    seen = (slice(None), *part)
    images[seen] = _of_one_contrast(rng.standard_normal(images[seen].shape))
    chosen = np.zeros((len(filters), rows, columns, count))
    chosen[np.arange(len(filters)), *middle, filters] = 1
    for _ in range(steps):
        gradient = Pass(operations, images, model.backend).gradient(chosen)[seen]
        size = np.sqrt((gradient**2).mean(axis=(1, 2, 3), keepdims=True))
        step = np.divide(gradient, size, out=np.zeros_like(gradient), where=size > 0)
        images[seen] = _of_one_contrast(images[seen] + STRIDE * CONTRAST * step)
    return np.clip(images[seen], 0, 1)


def _inside(field, shape):
    """Rows and columns of a receptive field as slices, as far as they lie in the image."""
    return tuple(
        slice(max(at.start, 0), min(at.stop, side))
        for at, side in zip(field, shape[:2], strict=True)
    )


def _of_one_contrast(images):
    """Images with the mean and the standard deviation that all have."""
    axes = (1, 2, 3)
    spread = np.maximum(images.std(axis=axes, keepdims=True), 1e-12)  # one pixel has none
    return MIDDLE + CONTRAST * (images - images.mean(axis=axes, keepdims=True)) / spread
