"""Softmax and the losses: one short row an image, so one thread does it all."""

import math

from ..compiled_code import jit
from ..contract import contracted


@contracted
def softmax(x, out):
    """See ``reference.softmax``."""
    softmax_rows(x, out)


@jit
def softmax_rows(x, out):
    """``out[n] = exp(x[n]) / Σ exp(x[n])``: (N, K)."""
    for n in range(len(x)):
        highest = x[n].max()
        total = x.dtype.type(0)
        for k in range(x.shape[1]):
            out[n, k] = math.exp(x[n, k] - highest)
            total += out[n, k]
        for k in range(x.shape[1]):
            out[n, k] /= total


@contracted
def softmax_gradient(gradient, y, out):
    """See ``reference.softmax_gradient``."""
    _softmax_gradient(gradient, y, out)


@jit
def _softmax_gradient(gradient, y, out):
    for n in range(len(y)):
        mean = y.dtype.type(0)  # of the gradient, weighted with the probabilities
        for k in range(y.shape[1]):
            mean += gradient[n, k] * y[n, k]
        for k in range(y.shape[1]):
            out[n, k] = y[n, k] * (gradient[n, k] - mean)


@contracted
def softmax_cross_entropy(logits, targets, losses, gradient):
    """See ``reference.softmax_cross_entropy``."""
    _softmax_cross_entropy(logits, targets, losses, gradient)


@jit
def _softmax_cross_entropy(logits, targets, losses, gradient):
    images, classes = logits.shape
    for n in range(images):
        highest = logits[n].max()
        total = logits.dtype.type(0)
        for k in range(classes):
            total += math.exp(logits[n, k] - highest)
        log_sum = highest + math.log(total)
        weight = logits.dtype.type(0)  # the targets' sum, 1 for probabilities
        losses[n] = 0
        for k in range(classes):
            weight += targets[n, k]
            losses[n] += targets[n, k] * (log_sum - logits[n, k])
        for k in range(classes):
            probability = math.exp(logits[n, k] - log_sum)
            gradient[n, k] = (weight * probability - targets[n, k]) / images


@contracted
def sigmoid_cross_entropy(logits, targets, losses, gradient):
    """See ``reference.sigmoid_cross_entropy``."""
    _sigmoid_cross_entropy(logits, targets, losses, gradient)


@jit
def _sigmoid_cross_entropy(logits, targets, losses, gradient):
    images, classes = logits.shape
    half = logits.dtype.type(0.5)
    for n in range(images):
        losses[n] = 0
        for k in range(classes):
            logit = logits[n, k]
            target = targets[n, k]
            larger = logit if logit > 0 or logit != logit else half * 0  # NaN stays
            losses[n] += larger - target * logit + math.log1p(math.exp(-abs(logit)))
            probability = half + half * math.tanh(half * logit)
            gradient[n, k] = (probability - target) / logits.size
        losses[n] /= classes


@contracted
def squared_error(outputs, targets, losses, gradient):
    """See ``reference.squared_error``."""
    _squared_error(outputs, targets, losses, gradient)


@jit
def _squared_error(outputs, targets, losses, gradient):
    half = outputs.dtype.type(0.5)
    for n in range(len(outputs)):
        losses[n] = 0
        for k in range(outputs.shape[1]):
            error = outputs[n, k] - targets[n, k]
            losses[n] += half * error * error
            gradient[n, k] = error / len(outputs)
