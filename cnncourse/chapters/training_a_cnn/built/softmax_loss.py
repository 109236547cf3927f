"""The first piece: softmax cross-entropy and its gradient."""

import numpy as np

from .hints import is_pair, matching


def check_loss(function):
    """Say whether ``function(z, labels)`` gives the softmax cross-entropy and its gradient.

    ``z`` (N, K), ``labels`` (N,) class numbers: the mean loss of the images, and its gradient
    (N, K). Prints one line; a function that returns None counts as not written yet.

    >>> check_loss(lambda z, labels: None)
    not answered yet
    >>> check_loss(loss)
    right: loss and gradient, for logits of any size
    """
    z = np.random.default_rng(1).normal(size=(4, 3))
    labels = np.array([2, 0, 1, 1])
    result = function(z.copy(), labels.copy())
    if result is None:
        print("not answered yet")
        return
    value, gradient = loss(z, labels)
    t = np.eye(3)[labels]
    if not is_pair(result) or np.ndim(result[0]) or np.shape(result[1]) != z.shape:
        print(f"not yet: return two things, a number and an array {z.shape}")
    elif not np.isclose(result[0], value):
        wrong = {
            4 * value: "that is the sum over the images; the loss is their mean",
            -value: "the loss is −log p, a positive number",
            value / np.log(10): "take the natural logarithm",
            -np.log(_softmax(z)).mean(): "only the probability of the correct class counts",
        }
        print(f"not yet: {_named(result[0], wrong, 'the loss is the mean of −log p[label]')}")
    elif not np.allclose(result[1], gradient):
        wrong = [
            (4 * gradient, "the loss is a mean: divide the gradient by the number of images"),
            (-gradient, "the sign is turned round: prediction minus target"),
            (-4 * gradient, "the sign is turned round: prediction minus target"),
            (_softmax(z) / 4, "that is p / N; subtract the target first"),
            (_softmax(z), "that is p; subtract the target, and divide by N"),
            (t - gradient, "prediction minus target, divided by N"),
        ]
        print(f"not yet: {matching(result[1], wrong, 'the gradient is (p − t) / N')}")
    else:
        with np.errstate(all="ignore"):
            far = function(np.array([[1000.0, 0.0, -1000.0]]), np.array([0]))
        if np.isfinite(far[0]) and np.isfinite(far[1]).all():
            print("right: loss and gradient, for logits of any size")
        else:
            print("not yet: logits of 1,000 give NaN; subtract each row's largest logit first")


def loss(z, labels):
    """A solution: the mean of log Σ exp z − z[label], and (p − t) / N."""
    z = z - z.max(axis=1, keepdims=True)
    images = np.arange(len(z))
    gradient = _softmax(z)
    value = (np.log(np.exp(z).sum(axis=1)) - z[images, labels]).mean()
    gradient[images, labels] -= 1
    return value, gradient / len(z)


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _named(value, wrong, otherwise):
    """The hint of the wrong value that ``value`` is."""
    return next((hint for other, hint in wrong.items() if np.isclose(value, other)), otherwise)
