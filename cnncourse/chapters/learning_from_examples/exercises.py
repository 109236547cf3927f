"""Chapter 03's exercises: their checks, which say what is wrong, and solutions to read."""

import numpy as np

from ...building import check_loss, check_softmax, loss, softmax

__all__ = [
    "check_loss",
    "check_softmax",
    "check_squared_gradient",
    "check_steps",
    "loss",
    "softmax",
    "squared_gradient",
]

IMAGES, BATCH, EPOCHS = 1_000, 64, 3  # of the training whose steps are to be counted
STEPS = 48  # ⌈1,000 / 64⌉ · 3


def check_steps(count):
    """Say whether ``count`` is how many steps 3 epochs of 1,000 images in batches of 64 take.

    Prints one line; None counts as not answered yet.

    >>> check_steps(45)
    not yet: the images that are left over make a batch, too, a smaller one
    """
    wrong = {
        IMAGES // BATCH * EPOCHS: "the images that are left over make a batch, too, a smaller one",
        STEPS // EPOCHS: "that is one epoch",
        IMAGES * EPOCHS: "that would be a step for each image; a batch makes one step",
        -(-IMAGES * EPOCHS // BATCH): "an epoch ends with its last image, even within a batch",
    }
    if count is None:
        print("not answered yet")
    elif count == STEPS:
        print(f"right: {STEPS // EPOCHS} steps an epoch, the last with 40 images")
    elif count in wrong:
        print(f"not yet: {wrong[count]}")
    else:
        print("not yet: how many batches does one epoch take?")


def check_squared_gradient(function):
    """Say whether ``function(x, t, w, b)`` is the gradient of the mean squared error by ``w``.

    Of one neuron with a sigmoid: ``x`` (N, F), ``t`` (N,), ``w`` (F,), ``b`` a number; the gradient
    is (F,). It is compared with finite differences. Prints one line; a function that returns None
    counts as not written yet.

    >>> check_squared_gradient(lambda x, t, w, b: None)
    not answered yet
    >>> check_squared_gradient(squared_gradient)
    right: the same as nudging each weight
    """
    rng = np.random.default_rng(5)
    case = _Case(rng.normal(size=(6, 4)), np.array([0, 1, 1, 0, 1, 0.0]), rng.normal(size=4), 0.3)
    result = function(case.x.copy(), case.t.copy(), case.w.copy(), case.b)
    if result is None:
        print("not answered yet")
    elif np.shape(result) != case.w.shape:
        print(f"not yet: a derivative for each weight, {case.w.shape}, not {np.shape(result)}")
    elif np.allclose(result, case.by_nudging(), atol=1e-6):
        print("right: the same as nudging each weight")
    else:
        right = squared_gradient(case.x, case.t, case.w, case.b)
        mistakes = (
            (right / 2, "the derivative of a square has a factor 2"),
            (-right, "the sign is turned round: output minus target"),
            (len(case.t) * right, "that is the sum over the images; the loss is their mean"),
            (case.x.T @ (case.p - case.t) / len(case.t), "that is the gradient of −log p"),
            (
                2 * case.x.T @ (case.p - case.t) / len(case.t),
                "the sigmoid's own derivative, p (1 − p), is missing",
            ),
        )
        hints = [hint for wrong, hint in mistakes if np.allclose(result, wrong)]
        print(f"not yet: {hints[0] if hints else 'follow the chain: square, sigmoid, sum'}")


class _Case:
    """Images, targets and parameters to try a gradient on."""

    def __init__(self, x, t, w, b):
        self.x = x
        self.t = t
        self.w = w
        self.b = b

    @property
    def p(self):
        return _neuron(self.x, self.w, self.b)

    def by_nudging(self, step=1e-5):
        """The gradient by finite differences, (F,)."""

        def loss(w):
            return np.mean((_neuron(self.x, w, self.b) - self.t) ** 2)

        nudges = step * np.eye(len(self.w))
        return np.array([loss(self.w + d) - loss(self.w - d) for d in nudges]) / (2 * step)


def squared_gradient(x, t, w, b):
    """A solution: the derivatives of the square, the sigmoid and the weighted sum, multiplied."""
    p = _neuron(x, w, b)  # (N,)
    by_sum = 2 * (p - t) * p * (1 - p)  # (N,): the loss of each image by its z
    return by_sum @ x / len(x)  # (F,)


def _neuron(x, w, b):
    return 1 / (1 + np.exp(-(x @ w + b)))
