"""Activation functions beside their slopes."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure

STYLES = ("-", "--", "-.", ":")


def activations(layers, reach=6.0):
    """Each function, and its slope: what a gradient is multiplied by on its way back.

    ``layers``: activation layers, such as ``[layers.Sigmoid(), layers.ReLU()]``, which are run
    forwards and backwards; ``reach``: the picture goes from −reach to reach.

    >>> from cnncourse.layers import Sigmoid, Tanh
    >>> activations([Sigmoid(), Tanh()])
    <Figure: Activation functions and their slopes from −6 to 6. Sigmoid goes from 0.00 to 1.00, its
    largest slope is 0.25; Tanh goes from -1.00 to 1.00, its largest slope is 1.00>
    """
    x = np.linspace(-reach, reach, 601, dtype=np.float32)[None]  # (1, 601); 0 is among them
    curves = {}
    for layer in layers:
        y = np.array(layer(x))
        slope = np.array(layer.backward(layer.backend.asarray(np.ones_like(x))))
        curves[type(layer).__name__] = y[0], slope[0]
    parts = [
        f"{name} goes from {y.min():.2f} to {y.max():.2f}, its largest slope is {slope.max():.2f}"
        for name, (y, slope) in curves.items()
    ]
    figure = DescribedFigure(
        f"Activation functions and their slopes from −{reach:g} to {reach:g}. {'; '.join(parts)}",
        10,
        3.6,
    )
    left, right = figure.subplots(1, 2)
    for k, (name, (y, slope)) in enumerate(curves.items()):
        look = {"color": COLOURS[k], "ls": STYLES[k % 4], "lw": 2.5, "label": name}
        left.plot(x[0], y, **look)
        right.plot(x[0], slope, **look)
    left.set(ylim=(-1.2, 2.2), xlabel="what comes in", title="the function")
    right.set(ylim=(-0.1, 1.2), xlabel="what comes in", title="its slope")
    for ax in (left, right):
        ax.grid(alpha=0.3)
        ax.axhline(0, color="black", lw=0.8)
    left.legend()
    return figure
