"""How large activations become in a deep forward pass, and gradients in the backward pass."""

from dataclasses import dataclass

import numpy as np

from ... import layers
from ...model.sequential import Sequential


@dataclass(frozen=True)
class Magnitudes:
    """Root mean squares, from those of the input to those of the last layer's output."""

    forward: np.ndarray  # (depth + 1,), of the activations
    backward: np.ndarray  # (depth + 1,), of d loss / d those activations


def magnitudes(initializer, depth=12, width=128, activation="relu"):
    """Send random inputs of size 1 through ``depth`` dense layers, and a gradient of size 1 back.

    ``initializer``: of all kernels; ``width``: units in a layer; ``activation``: of all layers.
    Computed in float64, with a fixed seed. The last forward size is that of the last layer's
    output; the last backward size is 1, where the backward pass begins.

    >>> bool(magnitudes("he_normal").forward[-1] > magnitudes("glorot_uniform").forward[-1])
    True
    """
    rng = np.random.default_rng(0)
    chain = [
        layers.Dense(width, activation=activation, kernel_initializer=initializer)
        for _ in range(depth)
    ]
    model = Sequential(chain, input_shape=(width,), seed=0, device="reference")
    x = rng.standard_normal((width, width))
    forward = [_size(x)]
    for layer in chain:
        x = layer(x)
        forward.append(_size(x))
    gradient = rng.standard_normal(x.shape)
    backward = [_size(gradient)]
    for operation in reversed(model.operations):
        gradient = operation.backward(gradient)
        if isinstance(operation, layers.Dense):
            backward.append(_size(gradient))
    return Magnitudes(np.array(forward), np.array(backward[::-1]))


def _size(x):
    return float(np.sqrt(np.mean(x**2)))
