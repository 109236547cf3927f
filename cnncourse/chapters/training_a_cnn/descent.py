"""Optimizers on a landscape that can be drawn: two parameters, and the loss as the height."""

import numpy as np

from ... import kernels
from ...layers import Layer

STEEPNESS = np.array([1.0, 30.0])  # along the valley, and across it


def valley(position):
    """The height of a long valley at ``position`` (…, 2), and its gradient there (…, 2).

    ``½ x² + 15 y²``: its bottom is at (0, 0), and across it is 30 times as steep as along.

    >>> height, gradient = valley(np.array([-4.0, 1.0]))
    >>> float(height), gradient.tolist()
    (23.0, [-4.0, 30.0])
    """
    gradient = STEEPNESS * position
    return 0.5 * np.sum(position * gradient, axis=-1), gradient


def descend(optimizer, start=(-9.0, 1.0), steps=60):
    """Where ``optimizer`` goes from ``start`` on the `valley`: (steps + 1, 2), float64.

    >>> from cnncourse import optimizers
    >>> descend(optimizers.SGD(0.01), start=(-4.0, 1.0), steps=1).round(2).tolist()
    [[-4.0, 1.0], [-3.96, 0.7]]
    """
    walker = Layer()  # a layer whose only parameter is its position
    walker.backend = kernels.get("reference")
    walker.parameters["position"] = np.array(start, float)
    path = [walker.parameters["position"].copy()]
    for _ in range(steps):
        _, walker.gradients["position"] = valley(walker.parameters["position"])
        optimizer.step([walker])
        path.append(walker.parameters["position"].copy())
    return np.array(path)
