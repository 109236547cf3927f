"""Drawings that explain, and look the same on every machine."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from ... import kernels
from ...losses import Euclidean, SigmoidCrossEntropy, SoftmaxCrossEntropy
from ...plots.figure import COLOURS, DescribedFigure

BLUE, ORANGE, GREEN, _, RED = COLOURS[:5]


def loop():
    """One step of training: forward to the loss, backward to the slopes, a step.

    >>> loop().alt[:24]
    'One step of training. On'
    """
    figure = DescribedFigure(
        "One step of training. On the way forward, a batch of images goes through the layers, and "
        "the loss compares their outputs with the labels. On the way back, the slope of the loss "
        "goes through the same layers in reverse order, and each of them notes the slopes of its "
        "own parameters. The optimizer then moves every parameter a little downhill. Then the next "
        "batch comes.",
        9.5,
        3.3,
    )
    ax = figure.subplots()
    ax.set(xlim=(-0.1, 17.5), ylim=(0, 6.1))
    ax.axis("off")
    places = {"images": 1.3, "layer 1": 5, "layer 2": 8.7, "layer 3": 12.4, "loss": 16.1}
    for name, x in places.items():
        colour = {"images": "0.85", "loss": ORANGE}.get(name, BLUE)
        _box(ax, (x, 4.4), name, colour)
    _box(ax, (16.1, 2.2), "labels", "0.85")
    _box(ax, (8.7, 0.8), "optimizer", GREEN, width=9.9)
    xs = list(places.values())
    for left, right in zip(xs[:-1], xs[1:], strict=True):
        _arrow(ax, (left + 1.3, 4.75), (right - 1.3, 4.75), BLUE)
    for left, right in zip(xs[1:-1], xs[2:], strict=True):
        _arrow(ax, (right - 1.3, 4.05), (left + 1.3, 4.05), RED)
    _arrow(ax, (16.1, 2.85), (16.1, 3.75), "0.3")
    for x in xs[1:4]:
        _arrow(ax, (x - 0.4, 3.75), (x - 0.4, 1.45), RED)
        _arrow(ax, (x + 0.4, 1.45), (x + 0.4, 3.75), GREEN)
    note = {"fontsize": 11, "ha": "center", "va": "center"}
    ax.text(6.85, 5.65, "forward: numbers", color=BLUE, **note)
    ax.text(14.25, 3.45, "back: slopes", color=RED, **note)
    ax.text(2.3, 2.6, "slopes of the\nparameters", color=RED, **note)
    ax.text(6.85, 2.6, "a step\ndownhill", color=GREEN, **note)
    return figure


def loss_shapes():
    """The three losses and their slopes, for one output that varies.

    >>> loss_shapes().alt[:37]
    'Three losses, and their slopes dashed'
    """
    figure = DescribedFigure(
        "Three losses, and their slopes dashed, for one output. Softmax cross-entropy, ten classes "
        "of which the other nine have score 0: from a straight fall to nearly 0, the slope from "
        "-1 to 0. Sigmoid cross-entropy for a yes: the same shape, shifted. Euclidean loss with "
        "target 0: a parabola, its slope a straight line through 0.",
        10,
        3.2,
    )
    scores = np.linspace(-6, 8, 141)
    ten = np.pad(scores[:, None], ((0, 0), (0, 9)))  # (141, 10): nine scores of 0 beside each
    one = scores[:, None]  # (141, 1)
    cases = {
        "softmax cross-entropy": (SoftmaxCrossEntropy(), ten, 0, "score of the right class"),
        "sigmoid cross-entropy": (SigmoidCrossEntropy(), one, 1.0, "score, where yes is right"),
        "Euclidean": (Euclidean(), one, 0.0, "output, where 0 is right"),
    }
    axes = figure.subplots(1, 3, sharey=True)
    for ax, (title, (loss, outputs, target, label)) in zip(axes, cases.items(), strict=True):
        targets = loss.targets([target] * len(scores), outputs.shape)
        values, slopes = loss.losses_and_gradient(outputs, targets, kernels.get("reference"))
        ax.plot(scores, values, color=BLUE, lw=2.2, label="loss")
        # the slopes are those of the mean over all scores
        ax.plot(scores, len(scores) * slopes[:, 0], "--", color=RED, lw=2, label="slope")
        ax.axhline(0, color="0.7", lw=0.8)
        ax.set_title(title, fontsize=11)
        ax.set(xlabel=label, ylim=(-3, 9))
        ax.grid(alpha=0.3)
    axes[0].legend()
    return figure


def histograms(samples, alt):
    """How the numbers of several samples are spread, on one scale.

    ``samples``: name → numbers; ``alt``: what the picture shows.

    >>> histograms({"before": [1, 2], "after": [-1, 1]}, "Two samples")
    <Figure: Two samples. before: mean 1.50, standard deviation 0.50. after: mean 0.00, standard
    deviation 1.00>
    """
    for name, sample in samples.items():
        alt += f". {name}: mean {abs(np.mean(sample)):.2f}, standard deviation {np.std(sample):.2f}"
    figure = DescribedFigure(alt, 4 * len(samples), 2.8)
    edges = np.linspace(min(map(np.min, samples.values())), max(map(np.max, samples.values())), 51)
    axes = figure.subplots(1, len(samples), sharex=True, sharey=True, squeeze=False)[0]
    for ax, (name, sample), colour in zip(axes, samples.items(), COLOURS, strict=False):
        ax.hist(np.ravel(sample), edges, color=colour)
        ax.axvline(np.mean(sample), color="black", lw=1.5, ls="--")
        ax.set_title(name, fontsize=11)
        ax.set(yticks=[])
    return figure


def _box(ax, centre, text, colour, width=2.6, height=1.3):
    x, y = centre[0] - width / 2, centre[1] - height / 2
    style = "round,pad=0,rounding_size=0.2"
    ax.add_patch(FancyBboxPatch((x, y), width, height, style, fc=colour, ec="0.25", alpha=0.6))
    ax.text(*centre, text, ha="center", va="center", fontsize=12)


def _arrow(ax, start, end, colour):
    style = {"arrowstyle": "-|>", "lw": 1.8, "color": colour, "mutation_scale": 14}
    ax.annotate("", end, start, arrowprops=style)
