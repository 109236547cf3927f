"""Models of drawn layers, with weights of all kinds, and images for them."""

import numpy as np
from drawn_layers import draw, set_weights

from cnncourse import Sequential


def model(seed):
    """A built model, and images for it: (5, H, W, C) float32."""
    rng = np.random.default_rng(seed)
    chain, shape = draw(rng, sides=(4, 14), dropout=0.5, exported=True)
    found = Sequential(chain, shape, seed=seed, device="reference")
    set_weights(found, rng)
    images = rng.random((5, *shape), np.float32) - rng.choice([0, 0.5])
    return found, images.astype(np.float32)
