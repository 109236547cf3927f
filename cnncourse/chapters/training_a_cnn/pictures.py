"""Drawings that explain, and look the same on every machine."""

import numpy as np

from ... import kernels
from ...losses import Euclidean, SigmoidCrossEntropy, SoftmaxCrossEntropy
from ...plots.boxes import BLUE, GREEN, ORANGE, RED, arrow, box
from ...plots.figure import DescribedFigure

THICK = 1.8  # points: the arrows


def loop():
    """One step of training: forward pass, backward pass, and the optimizer's step.

    >>> loop().alt[:24]
    'One step of training. In'
    """
    figure = DescribedFigure(
        "One step of training. In the forward pass, a batch of images goes through the layers, and "
        "the loss compares their outputs with the labels. In the backward pass, the gradient of "
        "the loss goes through the same layers in reverse order, and each of them notes the "
        "gradients of its own parameters. The optimizer then moves every parameter a little "
        "downhill. Then the next batch comes.",
        9.5,
        3.3,
    )
    ax = figure.subplots()
    ax.set(xlim=(-0.1, 17.5), ylim=(0, 6.1))
    ax.axis("off")
    centres = {"images": 1.3, "layer 1": 5, "layer 2": 8.7, "layer 3": 12.4, "loss": 16.1}
    for name, x in centres.items():
        colour = {"images": "0.85", "loss": ORANGE}.get(name, BLUE)
        box(ax, (x, 4.4), name, colour)
    box(ax, (16.1, 2.2), "labels", "0.85")
    box(ax, (8.7, 0.8), "optimizer", GREEN, width=9.9)
    xs = list(centres.values())
    for left, right in zip(xs[:-1], xs[1:], strict=True):
        arrow(ax, (left + 1.3, 4.75), (right - 1.3, 4.75), BLUE, THICK)
    for left, right in zip(xs[1:-1], xs[2:], strict=True):
        arrow(ax, (right - 1.3, 4.05), (left + 1.3, 4.05), RED, THICK)
    arrow(ax, (16.1, 2.85), (16.1, 3.75), "0.3", THICK)
    for x in xs[1:4]:
        arrow(ax, (x - 0.4, 3.75), (x - 0.4, 1.45), RED, THICK)
        arrow(ax, (x + 0.4, 1.45), (x + 0.4, 3.75), GREEN, THICK)
    note = {"fontsize": 11, "ha": "center", "va": "center"}
    ax.text(6.85, 5.65, "forward: activations", color=BLUE, **note)
    ax.text(13.8, 2.6, "backward:\ngradients", color=RED, **note)
    ax.text(2.3, 2.6, "gradients of the\nparameters", color=RED, **note)
    ax.text(6.85, 2.6, "a step\ndownhill", color=GREEN, **note)
    return figure


def loss_shapes():
    """The three losses and their derivatives, for one output that varies.

    >>> loss_shapes().alt[:42]
    'Three losses, and their derivatives dashed'
    """
    figure = DescribedFigure(
        "Three losses, and their derivatives dashed, for one output. Softmax cross-entropy, ten "
        "classes of which the other nine have logit 0: from a straight fall to nearly 0, the "
        "derivative from -1 to 0. Sigmoid cross-entropy for a yes: the same shape, shifted. "
        "Euclidean loss with target 0: a parabola, its derivative a straight line through 0.",
        10,
        3.2,
    )
    logits = np.linspace(-6, 8, 141)
    ten = np.pad(logits[:, None], ((0, 0), (0, 9)))  # (141, 10): nine logits of 0 beside each
    one = logits[:, None]  # (141, 1)
    cases = {
        "softmax cross-entropy": (SoftmaxCrossEntropy(), ten, 0, "logit of the correct class"),
        "sigmoid cross-entropy": (SigmoidCrossEntropy(), one, 1.0, "logit, where yes is correct"),
        "Euclidean": (Euclidean(), one, 0.0, "output, where 0 is the target"),
    }
    axes = figure.subplots(1, 3, sharey=True)
    for ax, (title, (loss, outputs, target, label)) in zip(axes, cases.items(), strict=True):
        targets = loss.targets([target] * len(logits), outputs.shape)
        values, gradient = loss.losses_and_gradient(outputs, targets, kernels.get("reference"))
        ax.plot(logits, values, color=BLUE, lw=2.2, label="loss")
        # the gradient is that of the mean over all outputs
        ax.plot(logits, len(logits) * gradient[:, 0], "--", color=RED, lw=2, label="derivative")
        ax.axhline(0, color="0.7", lw=0.8)
        ax.set_title(title, fontsize=11)
        ax.set(xlabel=label, ylim=(-3, 9))
        ax.grid(alpha=0.3)
    axes[0].legend()
    return figure
