"""What every layer gives."""

import numpy as np

from .arguments import checked_images
from .passes import Pass, batches


def activations(model, images):
    """The output of every layer, its activation included: name → array (images, …).

    Of a residual block, it is what the block gives. ``images``: (images, *input_shape). All arrays
    are kept at once: take few images. Raises ``ValueError`` or ``TypeError``, which names the
    argument.

    >>> import numpy as np
    >>> from cnncourse import Sequential, layers
    >>> model = Sequential([layers.Conv2D(4, 3), layers.Flatten()], input_shape=(8, 8, 1))
    >>> {name: maps.shape for name, maps in activations(model, np.zeros((2, 8, 8, 1))).items()}
    {'conv2d_1': (2, 6, 6, 4), 'flatten_1': (2, 144)}
    """
    images = checked_images(model, images)
    model.require_names()
    ends = np.cumsum([len(layer.operations) for layer in model.layers])
    runs = [Pass(model.operations, part, model.backend) for part in batches(images)]
    return {
        layer.name: np.concatenate([model.backend.to_numpy(run.outputs[end]) for run in runs])
        for layer, end in zip(model.layers, ends, strict=True)
    }
