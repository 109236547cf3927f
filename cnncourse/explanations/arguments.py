"""What the explanations take, checked. Each error names the argument and says what to do."""

import numpy as np

from ..layers import Layer
from ..layers.convolution import ConvolutionLayer
from ..model import Sequential
from ..support import checks
from ..support.arguments import described
from ..support.checks import numbers, whole_number
from .passes import row_to


def require_model(model):
    """``model`` if it is a `Sequential` with layers and shapes; an error otherwise.

    Raises ``TypeError`` for anything else, ``ValueError`` for a model without layers, or with
    shapes that are not known yet: it has no weights that one could look into.
    """
    if not isinstance(model, Sequential):
        raise TypeError(f"model must be a Sequential, got {described(model)}")
    if not model.layers:
        raise ValueError("the model has no layers yet: add some, as in model.add(layers.…)")
    if not model.input_shape:
        raise ValueError(
            "model: expected one with known shapes; give Sequential its input_shape, or fit it "
            "first"
        )
    return model


def checked_images(model, images):
    """A batch as an array of the model's number type, of the size that the model was built for."""
    require_model(model)
    images = checks.images(images, model.input_shape, str(model.layers[0]))
    return model.backend.to_numpy(model.backend.asarray(images))


def classifier_images(model, images):
    """The same for a model that gives a row of numbers for each image, as classifiers do."""
    images = checked_images(model, images)
    if len(model.output_shape) != 1:
        raise ValueError(
            "model: expected one that gives a row for each image, a number for each class, got "
            f"outputs of the shape {model.output_shape}"
        )
    return images


def class_of_each(classes, outputs):
    """The class to explain for each image, (images,) int64.

    ``classes``: ``None`` for the predicted ones, one number for all images, or one for each;
    ``outputs``: (images, classes), what the model gave.
    """
    count, most = outputs.shape
    if classes is None:
        return outputs.argmax(axis=1)
    array = numbers(classes, "classes")
    if array.ndim == 0:
        array = np.full(count, array)
    if array.shape != (count,) or array.dtype.kind not in "iu":
        raise ValueError(
            f"classes: expected None, a class number, or one for each of {count} images, got "
            f"{described(classes)}"
        )
    if not 0 <= array.min() <= array.max() < most:
        raise ValueError(
            f"classes: expected numbers from 0 to {most - 1}, as the model gives {most} numbers "
            f"for an image, got {array.min()} to {array.max()}"
        )
    return array.astype(np.int64)


def layer_of_maps(model, layer):
    """A layer of the model, or inside of one, that gives feature maps.

    ``layer``: its name, the layer itself, or ``None`` for the last convolution, or the residual
    block that it is in. Raises ``ValueError`` for one that the model does not have or that gives no
    maps, ``TypeError`` for what is no layer; and what `require_model` does.
    """
    require_model(model)
    giving = [part for part in model.parts if len(maps_of(model, part)) == 3]
    names = ", ".join(at.name for at in giving) or "none"
    if layer is None:
        convolutions = [
            at
            for at in giving
            if at in model.layers and any(isinstance(part, ConvolutionLayer) for part in at.parts)
        ]
        if not convolutions:
            raise ValueError(f"layer: the model has no convolution; layers that give maps: {names}")
        return convolutions[-1]
    if not isinstance(layer, (str, Layer)):
        raise TypeError(f"layer must be a layer's name, or a layer, got {described(layer)}")
    chosen = [at for at in giving if layer is at or layer == at.name]
    if not chosen:
        raise ValueError(
            f"layer must be one of this model's that give feature maps ({names}), got "
            f"{described(layer)}"
        )
    return chosen[0]


def maps_of(model, layer):
    """The shape of a layer's maps of one image: (rows, columns, filters)."""
    shape = model.input_shape
    for at in row_to(model.layers, layer):
        shape = at.output_shape(shape)
    return shape


def filter_numbers(filters, count):
    """Which of a layer's ``count`` filters: a list of ints; ``None`` stands for all of them."""
    if filters is None:
        return list(range(count))
    several = isinstance(filters, (list, tuple, range, np.ndarray))
    if not several or getattr(filters, "shape", None) == ():  # an array of no axes is a number
        filters = [filters]
    if len(filters) == 0:
        raise ValueError("filters: expected at least one number, got none")
    numbers_ = [whole_number(number, "filters: each", least=0) for number in list(filters)]
    if max(numbers_) >= count:
        raise ValueError(
            f"filters: expected numbers from 0 to {count - 1}, as the layer has {count} filters, "
            f"got {max(numbers_)}"
        )
    return numbers_
