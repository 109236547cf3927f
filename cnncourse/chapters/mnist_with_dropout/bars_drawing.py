"""A share for each class, for several sets of images side by side."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure

HATCHES = ("", "//", "..")  # so that bars differ without colour, too
WIDTH = 0.8  # of all bars of a class


def bars_by_class(shares, class_names, ylabel):
    """Bars: for each class its share, in percent, in each of several sets of images.

    ``shares``: name → (classes,) from 0 to 1; ``class_names``: a text for each class; ``ylabel``:
    what the shares are of.

    >>> bars_by_class({"training": [0.75, 0.25], "test": [0.5, 0.5]}, ["cat", "dog"], "images")
    <Figure: images, %, by class. training: cat 75.0, dog 25.0. test: cat 50.0, dog 50.0>
    """
    percent = {name: 100 * np.asarray(values, float) for name, values in shares.items()}
    alt = f"{ylabel}, %, by class" + "".join(
        f". {name}: "
        + ", ".join(f"{c} {value:.1f}" for c, value in zip(class_names, values, strict=True))
        for name, values in percent.items()
    )
    figure = DescribedFigure(alt, 8, 3)
    ax = figure.subplots()
    classes = np.arange(len(class_names))
    width = WIDTH / len(percent)
    for k, (name, values) in enumerate(percent.items()):
        ax.bar(
            classes + (k - (len(percent) - 1) / 2) * width,
            values,
            width,
            label=name,
            color=COLOURS[k],
            hatch=HATCHES[k % len(HATCHES)],
            edgecolor="white",
        )
    ax.set_xticks(classes, class_names)
    ax.set(xlabel="class", ylabel=f"{ylabel}, %")
    ax.grid(alpha=0.3, axis="y")
    if len(percent) > 1:
        ax.legend()
    return figure
