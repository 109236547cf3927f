"""A training as a picture: where there is no live view, this is what the demo shows."""

import numpy as np

from ..plots.figure import COLOURS, DescribedFigure
from ..plots.sign_colours import SIGNED_MAP
from .shades import in_colours


def draw_training(losses, evaluations, kernels, images, titles):
    """Losses and accuracies over the steps, kernels, and the surest mistakes.

    ``losses``: of each step's batch; ``evaluations``: as in `LiveTraining`; ``kernels``: (filters,
    rows, columns); ``images``: (N, height, width, channels), with a title each.
    """
    alt = (
        f"Loss and accuracy over {len(losses)} steps of training, the kernels of the first "
        "convolution, and the surest wrong predictions"
    )
    figure = DescribedFigure(alt, 10, 5)
    left, right = figure.subfigures(1, 2)
    _draw_curves(*left.subplots(2, 1, sharex=True), losses, evaluations)
    above, below = right.subfigures(2, 1)
    columns = 4 if len(kernels) <= 8 else 8
    largest = np.abs(kernels).max(initial=0) or 1
    for ax, kernel in zip(_cells(above, columns, len(kernels)), kernels, strict=False):
        ax.imshow(kernel, cmap=SIGNED_MAP, vmin=-largest, vmax=largest)
    for ax, image, title in zip(_cells(below, 4, len(images)), in_colours(images), titles,
                                strict=False):  # fmt: skip
        ax.imshow(image)
        ax.set_title(title.replace(" / ", "\n").replace("predicted ", "as "), fontsize=7)
    return figure


def _cells(figure, columns, count):
    """Axes without lines, in so many columns, at least two rows of them."""
    axes = figure.subplots(max(-(-count // columns), 2), columns)
    for ax in axes.flat:
        ax.axis("off")
    return axes.flat


def _draw_curves(loss, accuracy, losses, evaluations):
    """Training and validation, as far as there are figures; the loss of each batch in grey."""
    at = [figures["step"] for figures in evaluations]
    loss.plot(range(1, len(losses) + 1), losses, color="0.75", lw=1, label="each batch")
    for prefix, colour, name in ("", COLOURS[0], "training"), ("val_", COLOURS[1], "validation"):
        for ax, figure_name in (loss, f"{prefix}loss"), (accuracy, f"{prefix}accuracy"):
            if figure_name in evaluations[0]:
                values = [figures[figure_name] for figures in evaluations]
                ax.plot(at, values, "o-", ms=3, color=colour, label=name)
    loss.set(ylabel="loss", ylim=0)
    loss.legend(frameon=False)
    accuracy.set(ylabel="accuracy", xlabel="step", ylim=(0, 1))
