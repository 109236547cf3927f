"""Which pixels a prediction depends on, by its gradient.

Sources: Simonyan, Vedaldi & Zisserman, *Deep Inside Convolutional Networks*, 2013, for the
gradient; Shrikumar et al., *Not Just a Black Box*, 2016, for gradient × input; Smilkov et al.,
*SmoothGrad: removing noise by adding noise*, 2017. What such maps cannot show: Adebayo et al.,
*Sanity Checks for Saliency Maps*, 2018.
"""

import numpy as np

from ..support import arguments
from ..support.checks import whole_number
from .arguments import class_of_each, classifier_images
from .passes import Pass, batches, logit_operations

METHODS = ("gradient", "gradient × input", "smoothgrad")
MOST_SAMPLES = 10_000


def saliency(model, images, classes=None, method="gradient × input", samples=25, noise=0.15,
             seed=0):  # fmt: skip
    """How the logit of a class depends on each value of an image.

    Parameters
    ----------
    model : Sequential
        A classifier. Of a softmax or sigmoid at its end, what goes into it is explained.
    images : array (images, height, width, channels)
    classes : None, int or array (images,)
        The class to explain: the predicted one if left out, one for all, or one for each image.
    method : "gradient", "gradient × input" or "smoothgrad"
        - gradient: by how much the logit rises if that value rises by 1;
        - gradient × input: that times the value itself. With linear layers and no biases, all of
          them sum to the logit; a black pixel, 0, is never salient;
        - smoothgrad: the mean gradient of ``samples`` copies of the image with normal noise added,
          whose standard deviation is ``noise`` times the range of the image's values.
    samples, noise, seed
        For smoothgrad, at most 10,000 samples. Same seed, same map.

    Returns
    -------
    array (images, height, width, channels)
        Positive where a larger value raises the logit (with gradient × input: where this value has
        raised it).

    Raises ``ValueError`` or ``TypeError``, which names the argument.

    >>> from cnncourse import Sequential, layers
    >>> model = Sequential([layers.Flatten(), layers.Dense(2)], input_shape=(1, 2, 1))
    >>> model.layers[1].set_weights([[[3, 0], [-1, 0]], [0, 0]])
    >>> saliency(model, [[[[1.0], [2.0]]]], classes=0).ravel()  # 3 · 1 and −1 · 2
    array([ 3., -2.], dtype=float32)
    """
    images = classifier_images(model, images)
    method = arguments.one_of(method, "method", METHODS)
    samples = whole_number(samples, "samples", least=1, most=MOST_SAMPLES)
    noise = float(arguments.real(noise, "noise", least=0))
    seed = whole_number(seed, "seed", least=0)
    classes = class_of_each(classes, model.predict(images))
    if method == "smoothgrad":
        return _smooth(model, images, classes, samples, noise, np.random.default_rng(seed))
    gradients = _gradients(model, images, classes)
    return gradients * images if method == "gradient × input" else gradients


def _smooth(model, images, classes, samples, noise, rng):
    """The mean gradient of noisy copies."""
    axes = tuple(range(1, images.ndim))
    spread = noise * np.ptp(images, axis=axes, keepdims=True)  # (N, 1, 1, 1)
    total = np.zeros(images.shape, np.float64)
    for _ in range(samples):
        noisy = images + spread * rng.standard_normal(images.shape)
        total += _gradients(model, noisy.astype(images.dtype), classes)
    return (total / samples).astype(images.dtype)


def _gradients(model, images, classes):
    """d logit of the class / d image, for each image."""
    parts, operations = [], logit_operations(model)
    for part, own in zip(batches(images), batches(classes), strict=True):
        parts.append(Pass(operations, part, model.backend).gradient_of(own))
    return np.concatenate(parts)
