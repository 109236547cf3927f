"""Batch normalisation: forward, with its running averages, and back."""

import numpy as np

from ....building import Piece, changed_outputs
from ....support.cases import case_rng


def batch_norm(x, gamma, beta, mean, variance, training):
    """A solution: in training by the batch, at inference by the running averages.

    ``x``: (N, H, W, C); ``gamma``, ``beta`` and the running averages ``mean`` and ``variance``:
    (C,). Gives the output, (N, H, W, C), and the new running averages.

    >>> x = np.array([1.0, 3.0]).reshape(2, 1, 1, 1)
    >>> zero, one = np.zeros(1), np.ones(1)
    >>> out, mean, variance = batch_norm(x, one, zero, zero, one, training=True)
    >>> out.reshape(-1).round(3), mean.round(3), variance.round(3)
    (array([-1.,  1.]), array([0.2]), array([1.]))
    """
    if training:
        batch_mean, batch_variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))  # (C,)
        mean = 0.9 * mean + 0.1 * batch_mean
        variance = 0.9 * variance + 0.1 * batch_variance
    else:
        batch_mean, batch_variance = mean, variance
    normal = (x - batch_mean) / np.sqrt(batch_variance + 1e-3)
    return gamma * normal + beta, mean, variance


def batch_norm_backward(x, gamma, beta, g):
    """A solution: the rule of section 10, with the means over images and positions.

    ``g``: (N, H, W, C), the gradient of the output in training. Gives the gradients of ``x``,
    ``gamma`` and ``beta``.

    >>> x, g = np.array([1.0, 3.0]).reshape(2, 1, 1, 1), np.array([1.0, 0.0]).reshape(2, 1, 1, 1)
    >>> by_x, by_gamma, by_beta = batch_norm_backward(x, np.ones(1), np.zeros(1), g)
    >>> by_x.reshape(-1).round(3), by_gamma.round(3), by_beta
    (array([ 0., -0.]), array([-1.]), array([1.]))
    """
    deviation = np.sqrt(x.var(axis=(0, 1, 2)) + 1e-3)  # (C,)
    normal = (x - x.mean(axis=(0, 1, 2))) / deviation
    by_gamma, by_beta = (g * normal).sum(axis=(0, 1, 2)), g.sum(axis=(0, 1, 2))
    count = x[..., 0].size
    by_x = gamma / deviation * (g - by_beta / count - normal * by_gamma / count)
    return by_x, by_gamma, by_beta


# The cases

_rng = case_rng(4)
ALL = (0, 1, 2)  # axes: images, rows, columns


def _drawn(size, training=True):
    channels = size[-1]
    x = _rng.normal(2, 3, size)
    gamma, beta, mean = _rng.normal(size=(3, channels))
    return x, gamma, beta, mean, _rng.uniform(0.5, 4, channels), training


FORWARD_STEPS = {
    "one channel, in training": [_drawn((4, 3, 5, 1)), _drawn((2, 1, 6, 1))],
    "several channels": [_drawn((4, 3, 5, 3)), _drawn((3, 5, 2, 2))],
    "at inference": [_drawn((4, 3, 5, 3), training=False), _drawn((1, 2, 2, 2), training=False)],
}
BACKWARD_STEPS = {
    step: [(*arguments[:3], _rng.normal(size=arguments[0].shape)) for arguments in cases]
    for step, cases in FORWARD_STEPS.items()
    if step != "at inference"
}


# The mistakes


def _output(
    axes=ALL, deviation=lambda variance: np.sqrt(variance + 1e-3), scaled=True, always=False
):
    """The output of a batch normalisation with a mistake.

    ``axes``: those that are averaged over; ``deviation``: what is divided by; ``scaled``: whether
    γ and β are used; ``always``: whether the batch is used at inference, too.
    """

    def output(right, x, gamma, beta, mean, variance, training):
        if training or always:
            mean, variance = (f(x, axis=axes, keepdims=True) for f in (np.mean, np.var))
        normal = (x - mean) / deviation(variance)
        return gamma * normal + beta if scaled else normal

    return output


def _one_less(right, x, gamma, beta, mean, variance, training):
    mean, variance = x.mean(axis=ALL), x.var(axis=ALL, ddof=1)
    return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta


def _running(output, new, training_only=True):
    """Output ``output`` of the forward pass: ``new(old, of_the_batch)``."""

    def average(right, x, gamma, beta, mean, variance, training):
        old, of_the_batch = ((mean, x.mean(axis=ALL)), (variance, x.var(axis=ALL)))[output - 1]
        return new(old, of_the_batch) if training or not training_only else old

    return average


def _for_both(new, hint, **options):
    return [(output, _running(output, new, **options), hint) for output in (1, 2)]


def _blended(old, new):
    return 0.9 * old + 0.1 * new


_MEAN_OVER = "average over images, rows and columns; yours averages over {}"
_FORWARD_MISTAKES = (
    (0, _output(axes=(0,)), _MEAN_OVER.format("the images only")),
    (0, _output(axes=(1, 2)), _MEAN_OVER.format("rows and columns only")),
    (0, _output(axes=(0, 1, 2, 3)), "each channel by itself; yours averages over channels, too"),
    (0, _output(axes=(3,)), "that averages over the channels; they are what stays apart"),
    (0, _output(deviation=lambda variance: variance + 1e-3), "divide by the root of the variance"),
    (0, _output(deviation=np.sqrt), "0.001 belongs to the variance, under the root"),
    (
        0,
        _output(deviation=lambda variance: np.sqrt(variance) + 1e-3),
        "0.001 belongs under the root",
    ),
    (0, _output(scaled=False), "γ and β are missing"),
    (0, _one_less, "the variance divides by the number of values, not by one less"),
    (0, _output(always=True), "at inference the running averages are used, not the batch"),
    *_for_both(lambda old, new: 0.1 * old + 0.9 * new, "0.9 of the old one stays, not 0.1"),
    *_for_both(lambda old, new: old, "it stays as it was; in training it moves"),
    *_for_both(lambda old, new: new, "that is the batch's; 0.9 of the old one stays"),
    *_for_both(lambda old, new: 0.9 * old + new, "a mean: 0.1 of the batch's is added"),
    *_for_both(_blended, "at inference it must stay as it is", training_only=False),
    (
        2,
        _running(2, lambda old, new: _blended(old, np.sqrt(new))),
        "that of the variance, not of its root",
    ),
    (2, _running(2, lambda old, new: _blended(old, new + 1e-3)), "0.001 is for the division only"),
)


def _moments(x, axes=ALL):
    """The normalised x, and the deviation that it was divided by."""
    deviation = np.sqrt(x.var(axis=axes, keepdims=True) + 1e-3)
    return (x - x.mean(axis=axes, keepdims=True)) / deviation, deviation


def _by_x(axes=ALL, first=True, second=True, scaled=True):
    """The input's gradient with parts that are missing, or means over other axes."""

    def gradient(right, x, gamma, beta, g):
        normal, deviation = _moments(x)
        taken = first * g.mean(axis=axes, keepdims=True)
        taken = taken + second * normal * (g * normal).mean(axis=axes, keepdims=True)
        return (gamma if scaled else 1) / deviation * (g - taken)

    return gradient


def _summed(right, x, gamma, beta, g):
    """The rule with sums in the place of its two means."""
    normal, deviation = _moments(x)
    taken = g.sum(axis=ALL) + normal * (g * normal).sum(axis=ALL)
    return gamma / deviation * (g - taken)


_BACKWARD_MISTAKES = (
    (0, _by_x(first=False, second=False), "mean and deviation move with x, too: two parts go off"),
    (0, _by_x(second=False), "the part along x̂ is missing: the deviation moves with x, too"),
    (0, _by_x(first=False), "the mean of g is missing: the mean moves with x, too"),
    (0, _by_x(scaled=False), "γ is missing"),
    (0, _summed, "the bars are means over images, rows and columns; yours are sums"),
    (0, _by_x(axes=(0,)), "the means go over images, rows and columns; yours over images only"),
    (
        0,
        lambda right, x, gamma, beta, g: right * _moments(x)[1] ** 2,
        "divide by the deviation; yours multiplies",
    ),
    (1, lambda right, x, gamma, beta, g: (g * x).sum(axis=ALL), "g times x̂, the normalised x"),
    (1, lambda right, x, *_: right / x[..., 0].size, "a sum, not a mean"),
    (1, lambda right, x, gamma, beta, g: g.sum(axis=ALL), "γ is multiplied by x̂: so is g"),
    (2, lambda right, x, *_: right / x[..., 0].size, "a sum, not a mean"),
    (2, lambda right, x, gamma, beta, g: g.sum(axis=0), "add up rows and columns, too"),
    (2, lambda right, x, gamma, beta, g: gamma * right, "β is only added: γ has no part in it"),
)

BATCH_NORM = Piece(
    solution=batch_norm,
    steps=FORWARD_STEPS,
    outputs=("the output", "the running mean", "the running variance"),
    mistakes=changed_outputs(batch_norm, _FORWARD_MISTAKES),
    praise="the batch's moments in training, the running averages at inference",
)
BATCH_NORM_BACKWARD = Piece(
    solution=batch_norm_backward,
    steps=BACKWARD_STEPS,
    outputs=("the gradient of x", "the gradient of gamma", "the gradient of beta"),
    mistakes=changed_outputs(batch_norm_backward, _BACKWARD_MISTAKES),
    praise="all three gradients: that of x has no mean, and no part along x̂",
)


def check_batch_norm(function):
    """Say whether ``function(x, gamma, beta, mean, variance, training)`` is batch normalisation.

    Arguments and results are those of `batch_norm`. A function that returns None counts as not
    written yet.

    >>> check_batch_norm(batch_norm)
    right: the batch's moments in training, the running averages at inference
    """
    return BATCH_NORM.check(function)


def check_batch_norm_backward(function):
    """Say whether ``function(x, gamma, beta, g)`` is the backward pass in training.

    Arguments and results are those of `batch_norm_backward`. A function that returns None counts as
    not written yet.

    >>> check_batch_norm_backward(lambda x, gamma, beta, g: None)
    not answered yet
    """
    return BATCH_NORM_BACKWARD.check(function)
