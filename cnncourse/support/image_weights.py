"""How much each image counts in the loss."""

import numpy as np

from . import checks


def image_weights(count, sample_weight):
    """The weights (count,) float64 that ``sample_weight`` says, or ``None``.

    Raises ``TypeError`` or ``ValueError`` for anything but ``count`` finite numbers from 0 on.
    """
    if sample_weight is None:
        return None
    weights = checks.finite(checks.numbers(sample_weight, "sample_weight"), "sample_weight")
    if weights.shape == (count, 1):
        weights = weights[:, 0]  # (N, 1) → (N,)
    if weights.shape != (count,):
        raise ValueError(
            f"sample_weight: expected a number for each of the {count} images, ({count},), got "
            f"shape {weights.shape}"
        )
    if count and weights.min() < 0:
        raise ValueError(f"sample_weight: expected numbers from 0 on, got {weights.min():g}")
    return weights.astype(np.float64)
