"""How numbers are spread."""

import numpy as np

from .figure import COLOURS, DescribedFigure


def histograms(values, xlabel, alt=None, bins=50):
    """How often numbers occur, in a picture for each name, on one scale.

    ``values``: name → array of any shape; ``alt``: what the picture shows; ``bins``: bars in a
    picture.

    >>> histograms({"small": [0, 0, 1], "large": [5, 6]}, "activation")
    <Figure: How often each activation occurs. small: from 0 to 1; large: from 5 to 6>
    """
    values = {name: np.ravel(numbers) for name, numbers in values.items()}
    if alt is None:
        parts = [f"{name}: from {v.min():.3g} to {v.max():.3g}" for name, v in values.items()]
        alt = f"How often each {xlabel} occurs. {'; '.join(parts)}"
    figure = DescribedFigure(alt, min(3.2 * len(values), 11), 2.6)
    axes = figure.subplots(1, len(values), squeeze=False, sharey=True)[0]
    ends = min(v.min() for v in values.values()), max(v.max() for v in values.values())
    for ax, (name, v) in zip(axes, values.items(), strict=True):
        # shares, so that arrays of different sizes can be compared
        ax.hist(v, bins, range=ends, weights=np.full(v.size, 1 / v.size), color=COLOURS[0])
        ax.set(xlabel=xlabel, title=name)
        ax.yaxis.set_major_formatter("{x:.0%}")
    axes[0].set_ylabel("share")
    return figure
