"""How values are distributed."""

import numpy as np

from ..support import arguments
from ..support.checks import finite, numbers, positive_int
from .figure import COLOURS, DescribedFigure

MOST_BINS = 10_000  # more would be thinner than a pixel


def histograms(values, xlabel, alt=None, bins=50):
    """How often values occur, in a picture for each name, on one scale; a dashed line is the mean.

    ``values``: name → array of any shape; ``xlabel``: what the values are; ``alt``: what the
    picture shows; ``bins``: bars in a picture, at most 10,000. Raises ``ValueError`` for arrays
    without values or with some that are not finite, ``TypeError`` for what is no dict of arrays.

    >>> histograms({"small": [0, 0, 1], "large": [5, 6]}, "activation")
    <Figure: How often each activation occurs. small: from 0 to 1, mean 0.33, standard deviation
    0.47; large: from 5 to 6, mean 5.50, standard deviation 0.50>
    """
    arguments.text(xlabel, "xlabel")
    bins = int(arguments.real(positive_int(bins, "bins"), "bins", most=MOST_BINS))
    values = arguments.mapping(values, "values", "array")
    values = {name: _flat(array, f"values, {name}") for name, array in values.items()}
    if alt is None:
        parts = [
            f"{name}: from {v.min():.3g} to {v.max():.3g}, mean {round(v.mean(), 2) + 0:.2f}, "
            f"standard deviation {v.std():.2f}"  # + 0: a mean of −0.00 is 0.00
            for name, v in values.items()
        ]
        alt = f"How often each {xlabel} occurs. {'; '.join(parts)}"
    figure = DescribedFigure(alt, min(3.2 * len(values), 11), 2.6)
    axes = figure.subplots(1, len(values), squeeze=False, sharey=True)[0]
    ends = min(v.min() for v in values.values()), max(v.max() for v in values.values())
    for ax, (name, v) in zip(axes, values.items(), strict=True):
        # shares, so that arrays of different sizes can be compared
        ax.hist(v, bins, range=ends, weights=np.full(v.size, 1 / v.size), color=COLOURS[0])
        ax.axvline(v.mean(), color="black", lw=1.5, ls="--")
        ax.set(xlabel=xlabel, title=name)
        ax.yaxis.set_major_formatter("{x:.0%}")
    axes[0].set_ylabel("share")
    return figure


def _flat(values, name):
    """An array's values in a row, (N,), as float64: differences of small types would not fit."""
    array = finite(numbers(values, name), name)
    if array.size == 0:
        raise ValueError(f"{name}: expected at least one value, got shape {array.shape}")
    return array.astype(np.float64).ravel()
