"""The network that the parts make up."""

import numpy as np

from .parts import Parts

FILTERS = 8, 16
FEATURES = 2 * 2 * FILTERS[1]  # where the dense layer begins


class Network:
    """Convolution, ReLU, max pooling; convolution, batch normalisation, ReLU; a dense layer.

    For images (N, 8, 8, 1) and ten classes. ``parts``: a `Parts`, the functions that it calls.
    ``parameters``: name → array, which a step may replace.
    """

    def __init__(self, parts=None, seed=0):
        rng = np.random.default_rng(seed)
        first, second = FILTERS
        self.parts = parts or Parts()
        self.parameters = {
            "kernel 1": rng.normal(0, np.sqrt(2 / 9), (3, 3, 1, first)),
            "bias 1": np.zeros(first),
            "kernel 2": rng.normal(0, np.sqrt(2 / (9 * first)), (3, 3, first, second)),
            "gamma": np.ones(second),
            "beta": np.zeros(second),
            "weights": rng.normal(0, np.sqrt(2 / FEATURES), (FEATURES, 10)),
            "bias 3": np.zeros(10),
        }
        self.moving = np.zeros(second), np.ones(second)  # mean and variance
        self.no_bias = np.zeros(second)  # in front of batch normalisation one would do nothing

    def predict(self, images):
        """The class of each image, (N,)."""
        return self._forward(images, training=False)["logits"].argmax(axis=1)

    def gradients(self, images, labels):
        """The loss of a batch, and name → gradient for each of `parameters`."""
        p, parts = self.parameters, self.parts
        seen = self._forward(images, training=True)
        loss, g = parts.loss(seen["logits"], labels)
        found = {"weights": seen["flat"].T @ g, "bias 3": g.sum(axis=0)}
        g = (g @ p["weights"].T).reshape(seen["features"].shape) * (seen["features"] > 0)
        g, found["gamma"], found["beta"] = parts.batch_norm_backward(
            seen["maps 2"], p["gamma"], p["beta"], g
        )
        g, found["kernel 2"], _ = parts.conv2d_backward(
            seen["pooled"], p["kernel 2"], self.no_bias, 2, 1, g
        )
        g = parts.max_pool_backward(seen["maps 1"], 2, 2, g) * (seen["maps 1"] > 0)
        _, found["kernel 1"], found["bias 1"] = parts.conv2d_backward(
            images, p["kernel 1"], p["bias 1"], 1, 1, g
        )
        return loss, found

    def _forward(self, images, training):
        """What each layer gives, by name; in training the running averages move."""
        p, parts = self.parameters, self.parts
        maps = parts.conv2d(images, p["kernel 1"], p["bias 1"], 1, 1)
        seen = {"maps 1": np.maximum(maps, 0)}  # (N, 8, 8, 8)
        seen["pooled"] = parts.max_pool(seen["maps 1"], 2, 2)  # (N, 4, 4, 8)
        seen["maps 2"] = parts.conv2d(seen["pooled"], p["kernel 2"], self.no_bias, 2, 1)
        normal, *self.moving = parts.batch_norm(
            seen["maps 2"], p["gamma"], p["beta"], *self.moving, training
        )
        seen["features"] = np.maximum(normal, 0)  # (N, 2, 2, 16)
        seen["flat"] = seen["features"].reshape(len(images), -1)  # (N, 64)
        return seen | {"logits": seen["flat"] @ p["weights"] + p["bias 3"]}
