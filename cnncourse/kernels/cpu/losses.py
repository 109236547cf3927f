"""Softmax and the losses: one short row an image, so one thread does it all."""

import math

import numpy as np

from ..compiled_code import jit
from ..contract import contracted
from .exponential import ZERO, power_and_series
from .sigmoid_tanh import sigmoid_of
from .simd.fma import fma

LANES = 64  # sums that grow side by side, so that the compiler computes several at once
FACTORS = 512  # of a product: each is 2 at most, and 2¹⁰²³ is a float64


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


@jit(error_model="numpy")
def _sigmoid_cross_entropy(logits, targets, losses, gradient):
    """Rows may be long, a mask's pixels say, so that logarithms are spared: Σ log = log Π."""
    images, classes = logits.shape
    lanes = min(classes, LANES)
    count = np.float32(logits.size)
    for n in range(images):
        sums = np.zeros(lanes)
        products = np.ones(lanes)
        for start in range(0, classes, lanes):
            for lane in range(min(lanes, classes - start)):
                logit = logits[n, start + lane]
                target = targets[n, start + lane]
                larger = ZERO if logit < ZERO else logit  # this way round, NaN stays
                sums[lane] += np.float64(larger) - np.float64(target) * logit
                power, series = power_and_series(-abs(logit))
                products[lane] *= 1 + np.float64(fma(power, series, power))  # 1 to 2
                gradient[n, start + lane] = (sigmoid_of(logit) - target) / count
            if start // lanes % FACTORS == FACTORS - 1:
                _take_logarithms(products, sums)
        _take_logarithms(products, sums)
        losses[n] = sums.sum() / classes


@jit
def _take_logarithms(products, sums):
    """Add the logarithms of the products to the sums, and begin new ones; both float64."""
    for lane in range(len(sums)):
        sums[lane] += math.log(products[lane])
        products[lane] = 1


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
