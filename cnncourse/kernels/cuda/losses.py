"""Softmax and the losses: rows are short, so a thread takes a whole row."""

import math

import numpy as np

from ..contract import contracted
from .compiler import cuda, device, jit
from .launching import launch

ZERO = np.float32(0)
HALF = np.float32(0.5)


@device
def _highest(x, start, stop):
    """The largest of ``x[start:stop]``; NaN if there is one, so that a fault stays visible."""
    highest = x[start]
    for k in range(start + 1, stop):
        # "not (x <= highest)" is also true when x is NaN
        if not (x[k] <= highest) and highest == highest:
            highest = x[k]
    return highest


@contracted
def softmax(x, out):
    """See ``reference.softmax``."""
    launch(_softmax, len(x), x.flat, x.shape[1], out.flat)


@jit
def _softmax(x, classes, out):
    """A thread takes a row of ``x`` and ``out`` (rows, classes), flat."""
    start = cuda.grid(1) * classes
    stop = start + classes
    if start < out.size:
        highest = _highest(x, start, stop)
        total = ZERO
        for k in range(start, stop):
            power = math.exp(x[k] - highest)
            out[k] = power
            total += power
        for k in range(start, stop):
            out[k] /= total


@contracted
def softmax_gradient(gradient, y, out):
    """See ``reference.softmax_gradient``."""
    launch(_softmax_gradient, len(y), gradient.flat, y.flat, y.shape[1], out.flat)


@jit
def _softmax_gradient(gradient, y, classes, out):
    """A thread takes a row of ``gradient``, the probabilities ``y`` and ``out`` (rows, classes)."""
    start = cuda.grid(1) * classes
    if start < out.size:
        mean = ZERO  # of the gradient, weighted with the probabilities
        for k in range(start, start + classes):
            mean += gradient[k] * y[k]
        for k in range(start, start + classes):
            out[k] = y[k] * (gradient[k] - mean)


@contracted
def softmax_cross_entropy(logits, targets, losses, gradient):
    """See ``reference.softmax_cross_entropy``."""
    arrays = logits.flat, targets.flat, np.float32(len(logits)), losses.flat, gradient.flat
    launch(_softmax_cross_entropy, len(logits), *arrays)


@jit
def _softmax_cross_entropy(logits, targets, images, losses, gradient):
    """Thread n takes row n of ``logits`` and ``targets`` (images, classes), flat.

    ``images`` is float32: the divisor. ``losses`` (images,) gets each row's loss, ``gradient``
    (images, classes) that of their mean.
    """
    n = cuda.grid(1)
    if n < losses.size:
        classes = logits.size // losses.size
        start = n * classes
        stop = start + classes
        highest = _highest(logits, start, stop)
        total = ZERO
        for k in range(start, stop):
            total += math.exp(logits[k] - highest)
        log_sum = highest + math.log(total)
        weight = ZERO  # the targets' sum, 1 for probabilities
        loss = ZERO
        for k in range(start, stop):
            weight += targets[k]
            loss += targets[k] * (log_sum - logits[k])
        losses[n] = loss
        for k in range(start, stop):
            probability = math.exp(logits[k] - log_sum)
            gradient[k] = (weight * probability - targets[k]) / images


@contracted
def sigmoid_cross_entropy(logits, targets, losses, gradient):
    """See ``reference.sigmoid_cross_entropy``."""
    counts = np.float32(logits.shape[1]), np.float32(logits.size)
    arrays = logits.flat, targets.flat, *counts, losses.flat, gradient.flat
    launch(_sigmoid_cross_entropy, len(logits), *arrays)


@jit
def _sigmoid_cross_entropy(logits, targets, classes, count, losses, gradient):
    """Thread n takes row n of ``logits`` and ``targets`` (images, classes), flat.

    ``classes``, and ``count`` = images · classes, are float32: divisors. ``losses`` (images,) gets
    each row's mean loss, ``gradient`` (images, classes) that of the mean of all.
    """
    n = cuda.grid(1)
    if n < losses.size:
        width = logits.size // losses.size
        loss = ZERO
        for k in range(n * width, n * width + width):
            logit, target = logits[k], targets[k]
            positive = ZERO if logit < ZERO else logit  # this way round, NaN stays
            loss += positive - target * logit + math.log1p(math.exp(-abs(logit)))
            probability = HALF + HALF * math.tanh(HALF * logit)
            gradient[k] = (probability - target) / count
        losses[n] = loss / classes


@contracted
def squared_error(outputs, targets, losses, gradient):
    """See ``reference.squared_error``."""
    arrays = outputs.flat, targets.flat, np.float32(len(outputs)), losses.flat, gradient.flat
    launch(_squared_error, len(outputs), *arrays)


@jit
def _squared_error(outputs, targets, images, losses, gradient):
    """Thread n takes row n of ``outputs`` and ``targets`` (images, units), flat.

    ``images`` is float32: the divisor. ``losses`` (images,) gets each row's loss, ``gradient``
    (images, units) that of their mean.
    """
    n = cuda.grid(1)
    if n < losses.size:
        width = outputs.size // losses.size
        loss = ZERO
        for k in range(n * width, n * width + width):
            error = outputs[k] - targets[k]
            loss += HALF * error * error
            gradient[k] = error / images
        losses[n] = loss
