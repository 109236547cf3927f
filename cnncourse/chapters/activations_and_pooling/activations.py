"""Activation functions beside their derivatives."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure

STYLES = ("-", "--", "-.", ":")
POINTS = 601  # of each curve; 0 is among them


def activations(layers, reach=6.0):
    """Each function, and its derivative: the factor of a gradient in the backward pass.

    ``layers``: activation layers, such as ``[layers.Sigmoid(), layers.ReLU()]``, whose
    forward and backward pass are run; ``reach``: the picture goes from −reach to reach.

    >>> from cnncourse.layers import Sigmoid, Tanh
    >>> activations([Sigmoid(), Tanh()])
    <Figure: Activation functions and their derivatives from −6 to 6. Sigmoid goes from 0.00 to
    1.00, its largest derivative is 0.25; Tanh goes from -1.00 to 1.00, its largest derivative is
    1.00>
    """
    x = np.linspace(-reach, reach, POINTS, dtype=np.float32)[None]  # (1, POINTS)
    curves = {}
    for layer in layers:
        y = np.array(layer(x))
        derivative = np.array(layer.backward(layer.backend.asarray(np.ones_like(x))))
        curves[type(layer).__name__] = y[0], derivative[0]
    parts = [
        f"{name} goes from {y.min():.2f} to {y.max():.2f}, its largest "
        f"derivative is {derivative.max():.2f}"
        for name, (y, derivative) in curves.items()
    ]
    figure = DescribedFigure(
        f"Activation functions and their derivatives from −{reach:g} to {reach:g}. "
        f"{'; '.join(parts)}",
        10,
        3.6,
    )
    left, right = figure.subplots(1, 2)
    for k, (name, (y, derivative)) in enumerate(curves.items()):
        look = {"color": COLOURS[k], "ls": STYLES[k % len(STYLES)], "lw": 2.5, "label": name}
        left.plot(x[0], y, **look)
        right.plot(x[0], derivative, **look)
    left.set(ylim=(-1.2, 2.2), xlabel="input x", title="the function")
    right.set(ylim=(-0.1, 1.2), xlabel="input x", title="its derivative")
    for ax in (left, right):
        ax.grid(alpha=0.3)
        ax.axhline(0, color="black", lw=0.8)
    left.legend()
    return figure
