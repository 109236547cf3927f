"""Optimizers on a landscape that can be drawn: two parameters, and the loss as the height."""

import numpy as np

from ... import kernels
from ...layers import Layer

STEEPNESS = np.array([1.0, 30.0])  # along the valley, and across it


def valley(place):
    """The height of a long valley at ``place`` (…, 2), and its slope there (…, 2).

    ``½ x² + 15 y²``: its bottom is at (0, 0), and across it is 30 times as steep as along.

    >>> height, slope = valley(np.array([-4.0, 1.0]))
    >>> float(height), slope.tolist()
    (23.0, [-4.0, 30.0])
    """
    slope = STEEPNESS * place
    return 0.5 * np.sum(place * slope, axis=-1), slope


def descend(optimizer, start=(-9.0, 1.0), steps=60):
    """Where ``optimizer`` goes from ``start`` on the `valley`: (steps + 1, 2), float64.

    >>> from cnncourse import optimizers
    >>> descend(optimizers.SGD(0.01), start=(-4.0, 1.0), steps=1).round(2).tolist()
    [[-4.0, 1.0], [-3.96, 0.7]]
    """
    walker = Layer()  # a layer with a place for its only parameter, and nothing else
    walker.backend = kernels.get("reference")
    walker.parameters["place"] = np.array(start, float)
    path = [walker.parameters["place"].copy()]
    for _ in range(steps):
        _, walker.gradients["place"] = valley(walker.parameters["place"])
        optimizer.step([walker])
        path.append(walker.parameters["place"].copy())
    return np.array(path)
