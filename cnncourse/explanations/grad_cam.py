"""Where in the image a layer's maps speak for a class.

Source: Selvaraju et al., *Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization*, 2017.
"""

import numpy as np

from ..layers.base import parts_of
from .arguments import class_of_each, classifier_images, layer_of_maps
from .passes import Pass, batches, logit_operations, operations_of


def grad_cam(model, images, classes=None, layer=None):
    """The sum of a layer's feature maps, each weighted by how much it raises the logit of a class.

    The weight of a map is the mean, over its positions, of d logit / d value. What is negative in
    the sum speaks against the class and is set to 0.

    Parameters
    ----------
    model : Sequential
        A classifier. Of a softmax or sigmoid at its end, what goes into it is explained.
    images : array (images, height, width, channels)
    classes : None, int or array (images,)
        The class to explain: the predicted one if left out, one for all, or one for each image.
    layer : str or Layer
        The layer, or its name; the last convolution if left out, or the residual block that it is
        in. Its activation counts as part of it.

    Returns
    -------
    array (images, rows, columns)
        As many rows and columns as the layer's maps have.

    Raises ``ValueError`` or ``TypeError``, which names the argument.
    """
    images = classifier_images(model, images)
    layer = layer_of_maps(model, layer)
    classes = class_of_each(classes, model.predict(images))
    operations = logit_operations(model)
    parts = []
    for part, own in zip(batches(images), batches(classes), strict=True):
        run = Pass(operations, part, model.backend)
        maps, gradient = _at(layer, model.layers, run, run.one_hot(own))  # (N, I, J, C)
        weights = gradient.mean(axis=(1, 2), keepdims=True)
        parts.append(np.maximum((weights * maps).sum(axis=3), 0))  # (N, I, J)
    return np.concatenate(parts)


def _at(wanted, layers, run, of_result):
    """What the layer ``wanted`` gives, and d number / d it.

    ``run``: a `Pass` through ``layers`` in a row; ``of_result``: d number / d its result.
    """
    outer = next(layer for layer in layers if wanted in layer.parts)
    before = len(operations_of(layers[: layers.index(outer)]))
    if outer is wanted:
        behind = before + len(outer.operations)
        return run.backend.to_numpy(run.outputs[behind]), run.gradient(of_result, behind)
    gradient = run.gradient(of_result, before + 1)  # that of the block's sum, and of both branches
    branch = next(row for row in (outer.layers, outer.shortcut) if wanted in parts_of(row))
    inner = Pass(operations_of(branch), run.outputs[before], run.backend)
    return _at(wanted, branch, inner, gradient)
