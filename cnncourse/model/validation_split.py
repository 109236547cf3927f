"""A share of the images held out for validation."""

import numpy as np

from ..datasets.batches import Batches
from ..support import arguments, checks


def split_off(x, y, sample_weight, share, validation_data):
    """The arrays to train on, and the last ``share`` of them to validate on, as in Keras.

    Gives x, y and sample_weight without that share, and the share as validation data: a pair, or a
    triple with its weights. Prints a line where the images lie in the order of their classes: then
    those held out are of the last ones only.

    Raises ``ValueError`` for a share that leaves no images on one side, or a second kind of
    validation data; ``TypeError`` for what cannot be split.
    """
    if isinstance(x, Batches):
        raise TypeError(
            "validation_split: expected arrays, got a source of batches; give validation_data"
        )
    share = arguments.real(share, "validation_split", above=0, below=1)
    if validation_data is not None:
        raise ValueError("give validation_split or validation_data, not both")
    x, y = checks.numbers(x, "images"), checks.numbers(y, "labels")
    if sample_weight is not None:
        sample_weight = checks.numbers(sample_weight, "sample_weight")
    for name, each in {"images": x, "labels": y, "sample_weight": sample_weight}.items():
        if each is not None and (each.ndim == 0 or len(each) != len(x)):
            raise ValueError(
                f"validation_split: expected images (images, …) and as many labels and weights, "
                f"got {name} of the shape {each.shape} for images of the shape {x.shape}"
            )
    count = int(len(x) * (1 - share))
    if count == 0 or count == len(x):
        raise ValueError(
            f"validation_split={share!r} leaves {count} of {len(x)} images to train on and "
            f"{len(x) - count} to validate on; at least one is needed on each side"
        )
    if _in_order(y):
        print(
            "validation_split holds out the last images, and these lie in the order of their "
            "classes: shuffle them first"
        )
    held_out = (x[count:], y[count:])
    if sample_weight is not None:
        held_out += (sample_weight[count:],)
        sample_weight = sample_weight[:count]
    return x[:count], y[:count], sample_weight, held_out


def _in_order(labels):
    """Whether labels, class numbers or one-hot rows, are sorted by class."""
    if labels.ndim > 1 and labels.shape[1] > 1:
        labels = labels.argmax(axis=1)  # (N, K) → (N,)
    steps = np.diff(labels.ravel().astype(np.float64))
    return len(steps) > 1 and steps.min() >= 0 and steps.max() > 0
