"""From a model to its `Network`: what each layer does after training, in as few steps as possible.

- Dropout does nothing any more, and flattening only renames: neither is a step.
- Batch normalisation multiplies each channel by a number and adds another. Behind a convolution or
  a dense layer these go into the weights; elsewhere they are a `Scaling`.
- ReLU becomes part of the step before it, and so does max pooling behind a convolution, unless its
  windows overlap. Where max pooling comes first, ReLU may follow: the largest of some values, and 0
  if it is below, is the same whichever comes first.
"""

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from .. import layers
from ..kernels.geometry import Geometry
from ..layers.activations import Activation
from ..model.summary import layer_shapes
from . import steps

ONE_CELL = (1, 1)
ACTIVATIONS = {layers.ReLU: "relu", layers.Sigmoid: "sigmoid", layers.Tanh: "tanh"}
MAX_POOLINGS = layers.MaxPooling2D, layers.GlobalMaxPooling2D
AVERAGE_POOLINGS = (
    layers.AveragePooling2D,
    layers.GlobalAveragePooling2D,
    layers.WeightedAveragePooling2D,
)
NOTHING_AT_INFERENCE = layers.Dropout, layers.Flatten
KNOWN = (
    *ACTIVATIONS,
    *MAX_POOLINGS,
    *AVERAGE_POOLINGS,
    *NOTHING_AT_INFERENCE,
    layers.BatchNormalization,
    layers.Conv2D,
    layers.Dense,
    layers.LpPooling2D,
    layers.Softmax,
)


@dataclass(frozen=True)
class Network:
    """A trained network, in steps."""

    input_shape: tuple  # one image's, as the model has it: (28, 28, 1), or (784,)
    output_shape: tuple  # (10,)
    steps: tuple

    @property
    def multiply_adds(self):
        """Of one image."""
        return sum(step.multiply_adds for step in self.steps)

    @property
    def logits(self):
        """The same network without the softmax at its end, if there is one."""
        if isinstance(self.steps[-1], steps.Softmax) and len(self.steps) > 1:
            return replace(self, steps=self.steps[:-1])
        return self


def of_model(model):
    """The `Network` of a ``model``, a `Sequential` whose shapes are known.

    Raises ``TypeError`` for anything else, ``ValueError`` for a model with layers or kernels of
    one's own, whose arithmetic nobody here knows, with weights that are not finite, or without a
    layer that computes anything.

    >>> from cnncourse.networks import explained
    >>> print(*[step.name for step in of_model(explained()).steps], sep=", ")
    conv2d_1 + batch_normalization_1 + re_lu_1 + max_pooling2d_1,
    conv2d_2 + batch_normalization_2 + re_lu_2 + max_pooling2d_2, dense_1
    """
    shapes = layer_shapes(model)
    replaced = getattr(model.backend, "replaced", {})
    if replaced:
        raise ValueError(
            f"the model computes with kernels of your own ({', '.join(replaced)}), which cannot be "
            'exported; take it to the course\'s with model.to("cpu") first'
        )
    done = []
    for layer, input_shape, output_shape in shapes:
        for operation in layer.operations:
            _require_known(operation)
            _append(done, operation, input_shape)
            input_shape = output_shape  # an activation in a layer's arguments keeps the shape
    if not done:
        raise ValueError(
            "the model computes nothing at inference, so there is nothing to export; it needs a "
            "layer such as layers.Dense(10)"
        )
    return Network(model.input_shape, model.output_shape, tuple(done))


def image_of(shape):
    """One image's shape as (height, width, channels): features are an image of one pixel.

    >>> image_of((10,)), image_of((28, 28, 1))
    ((1, 1, 10), (28, 28, 1))
    """
    return shape if len(shape) == 3 else (1, 1, prod(shape))


def _require_known(operation):
    """Refuse an operation that no step does."""
    own = [name for name in ("forward", "geometry", "pool", "moments") if name in vars(operation)]
    kind = type(operation)
    if kind is layers.Residual:
        what = "steps go in a row, and its shortcut goes past some"
    elif own:
        what = f"its {own[0]} is your own"
    elif getattr(layers, kind.__name__, None) is kind:
        what = f"no export knows {kind.__name__}"
    else:
        what = "its class is not one of the course's"
    if kind not in KNOWN or own:
        raise ValueError(
            f"{operation} cannot be exported: {what}; train the model with "
            f"{', '.join(sorted(kind.__name__ for kind in KNOWN))}"
        )


def _append(done, operation, input_shape):
    """Put what ``operation`` does at the end of the steps that are ``done``, or into the last."""
    if isinstance(operation, NOTHING_AT_INFERENCE):
        return
    last = done[-1] if done else None
    fused = _fused(last, operation, image_of(input_shape))
    if fused is not None:
        done[-1] = replace(fused, name=f"{last.name} + {operation.name}")
    else:
        done.extend(_step(operation, input_shape))


def _fused(last, operation, shape):
    """The last step with what ``operation`` does to its output; ``None`` if it cannot do that."""
    if not isinstance(last, steps.Weighted):
        return None
    pooled = isinstance(last, steps.Convolution) and last.pooled
    if isinstance(operation, layers.ReLU):
        return replace(last, relu=True)
    if isinstance(operation, layers.BatchNormalization):
        # flattened features have scales of their own, and a convolution's kernel has none of them
        if not last.relu and not pooled and shape == last.output_shape:
            return _normalised(last, operation)
        return None
    if isinstance(operation, MAX_POOLINGS) and isinstance(last, steps.Convolution) and not pooled:
        geometry = operation.geometry(shape)
        if not _overlaps(geometry):
            output_shape = (*geometry.output, shape[-1])
            return replace(last, pooling=geometry, output_shape=output_shape)
    return None


def _overlaps(geometry):
    sides = zip(geometry.window, geometry.strides, geometry.output, strict=True)
    return any(window > stride and count > 1 for window, stride, count in sides)


def _step(operation, input_shape):
    """The step that ``operation`` is by itself, in a list; an empty one if it does nothing."""
    shape = image_of(input_shape)
    common = {
        "name": operation.name,
        "input_shape": shape,
        "output_shape": image_of(operation.output_shape(input_shape)),
    }
    if isinstance(operation, layers.BatchNormalization):
        factor, shift = _factor_and_shift(operation)
        weights = _rounded(operation, factor), _rounded(operation, shift)
        return [steps.Scaling(**common, kernel=weights[0], bias=weights[1], relu=False)]
    if isinstance(operation, layers.Conv2D):
        geometry = operation.geometry(input_shape)
        geometry = replace(geometry, window=geometry.extent, dilation=ONE_CELL)
        pooling = Geometry.of(geometry.output, ONE_CELL, ONE_CELL, "valid")
        extent = {"geometry": geometry, "dilation": operation.dilation_rate, "pooling": pooling}
        return [steps.Convolution(**common, **_weights(operation), **extent)]
    if isinstance(operation, layers.Dense):
        return [steps.Dense(**common, **_weights(operation))]
    if isinstance(operation, Activation):
        if isinstance(operation, layers.Softmax):
            if shape[:2] != ONE_CELL:
                raise ValueError(
                    f"{operation} cannot be exported: it gives probabilities for each of "
                    f"{shape[0]}×{shape[1]} positions, expected one row for each image"
                )
            return [steps.Softmax(**common)]
        return [steps.Activation(**common, function=ACTIVATIONS[type(operation)])]
    geometry = operation.geometry(input_shape)
    common["geometry"] = geometry
    if isinstance(operation, layers.LpPooling2D):
        return [steps.LpPooling(**common, p=float(operation.p))]
    if geometry.window == geometry.strides == ONE_CELL:
        return []
    if isinstance(operation, MAX_POOLINGS):
        return [steps.MaxPooling(**common)]
    cells = np.float32(operation.cell_weights(geometry.window))
    return [steps.AveragePooling(**common, cells=cells)]


# Weights


def _weights(operation):
    kernel, bias = _arrays(operation)
    weights = {"kernel": _rounded(operation, kernel), "bias": _rounded(operation, bias)}
    return weights | {"relu": False}


def _arrays(operation):
    """The kernel and the bias in float64; zeros if there is no bias."""
    kernel = _array(operation, "kernel")
    bias = _array(operation, "bias") if operation.use_bias else np.zeros(kernel.shape[-1])
    return kernel, bias


def _array(operation, name):
    return np.asarray(operation.backend.to_numpy(operation.weights[name]), np.float64)


def _factor_and_shift(norm):
    """What batch normalisation multiplies each channel by, and what it adds: (C,) float64."""
    mean, variance = _array(norm, "moving_mean"), _array(norm, "moving_variance")
    factor = _array(norm, "gamma") / np.sqrt(variance + norm.epsilon)  # (C,)
    return factor, _array(norm, "beta") - mean * factor


def _normalised(step, norm):
    """A convolution or dense step whose filters do a normalisation's multiplying and adding.

    (kernel · x + bias) · factor + shift = (kernel · factor) · x + (bias · factor + shift)
    """
    factor, shift = _factor_and_shift(norm)
    kernel, bias = np.float64(step.kernel) * factor, np.float64(step.bias) * factor + shift
    return replace(step, kernel=_rounded(norm, kernel), bias=_rounded(norm, bias))


def _rounded(operation, values):
    """Weights as float32, if all of them are finite."""
    with np.errstate(over="ignore"):
        rounded = np.float32(values)
    if not np.isfinite(rounded).all():
        raise ValueError(
            f"{operation} cannot be exported: expected finite weights, got NaN or infinite ones; "
            "the training went wrong before, with too large a learning rate perhaps"
        )
    return rounded
