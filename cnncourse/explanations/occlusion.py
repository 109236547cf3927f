"""Which parts of an image a prediction depends on, by covering them.

Source: Zeiler & Fergus, *Visualizing and Understanding Convolutional Networks*, 2014.
"""

import numpy as np

from ..support import arguments
from ..support.checks import positive_int
from .arguments import class_of_each, classifier_images


def occlusion(model, images, classes=None, size=None, stride=None, fill=0.0):
    """By how much the output for a class drops when a part of the image is covered.

    A square slides over the image and is filled with one value; the model predicts each time. It
    needs no gradient, so any model can be explained so, and a prediction for each place of the
    square.

    Parameters
    ----------
    model : Sequential
        A classifier.
    images : array (images, height, width, channels)
    classes : None, int or array (images,)
        The class to explain: the predicted one if left out, one for all, or one for each image.
    size, stride : int
        The side of the square, a quarter of the image's shorter side if left out, and the pixels
        from one place to the next, a third of ``size``.
    fill : float
        What the square is filled with: 0 is black.

    Returns
    -------
    array (images, height, width) float64
        For each pixel the mean drop over all squares that covered it: positive where the image
        speaks for the class, negative where it speaks against it.

    Raises ``ValueError`` or ``TypeError``, which names the argument.
    """
    images = classifier_images(model, images)
    if images.ndim != 4:
        raise ValueError(
            "images: expected (images, height, width, channels), of which parts can be covered, "
            f"got {images.shape}"
        )
    height, width = images.shape[1:3]
    size = max(min(height, width) // 4, 1) if size is None else positive_int(size, "size")
    if size > min(height, width):
        raise ValueError(
            f"size must be at most the image's shorter side, {min(height, width)}, got {size}"
        )
    stride = max(size // 3, 1) if stride is None else positive_int(stride, "stride")
    fill = arguments.real(fill, "fill", least=-1e30, most=1e30)
    outputs = model.predict(images)  # (N, classes)
    classes = class_of_each(classes, outputs)
    own = np.arange(len(images)), classes
    drops = np.zeros(images.shape[:3])  # (N, H, W)
    covers = np.zeros((height, width))
    for top in _starts(height, size, stride):
        for left in _starts(width, size, stride):
            square = slice(top, top + size), slice(left, left + size)
            covered = images.copy()
            covered[:, *square] = fill
            drop = (outputs[own] - model.predict(covered)[own]).astype(np.float64)  # (N,)
            drops[:, *square] += drop[:, None, None]
            covers[square] += 1
    return drops / covers


def _starts(side, size, stride):
    """Where squares begin, so that the last one ends with the image and no pixel is left out."""
    return [*range(0, side - size, min(stride, size)), side - size]
