"""The network that the pieces train."""

import numpy as np

from .convolution_pass import convolution, convolution_backward
from .softmax_loss import loss


class Network:
    """A small network in NumPy: convolution, ReLU, dense layer, with a loss of your own.

    For images (N, 8, 8, 1) and ten classes. ``parameters``: name → array, which a step may replace.
    ``loss`` and ``convolution_backward``: as `check_loss` and `check_convolution` ask for.
    """

    def __init__(self, loss=loss, convolution_backward=convolution_backward, seed=0):
        rng = np.random.default_rng(seed)
        self.loss = loss
        self.convolution_backward = convolution_backward
        self.parameters = {
            "kernel": rng.normal(0, np.sqrt(2 / 9), (3, 3, 1, 8)),
            "weights": rng.normal(0, np.sqrt(2 / 288), (288, 10)),
            "bias": np.zeros(10),
        }

    def predict(self, images):
        """The class of each image, (N,)."""
        return self._forward(images)[1].argmax(axis=1)

    def _forward(self, images):
        features = np.maximum(convolution(images, self.parameters["kernel"]), 0)  # (N, 6, 6, 8)
        flat = features.reshape(len(images), -1)  # (N, 288)
        return features, flat @ self.parameters["weights"] + self.parameters["bias"]

    def gradients(self, images, labels):
        """The loss of a batch, and name → gradient for each of `parameters`."""
        features, logits = self._forward(images)
        loss, g = self.loss(logits, labels)
        back = (g @ self.parameters["weights"].T).reshape(features.shape) * (features > 0)
        by_kernel, _ = self.convolution_backward(images, self.parameters["kernel"], back)
        flat = features.reshape(len(images), -1)
        return loss, {"kernel": by_kernel, "weights": flat.T @ g, "bias": g.sum(axis=0)}
