"""What a micro-batch contributes to a step; shares are added up."""

from dataclasses import dataclass
from math import isfinite

import numpy as np


@dataclass(frozen=True)
class Share:
    """A micro-batch's part in the loss, the gradients and the statistics of its whole batch.

    Attributes
    ----------
    loss : float
        Its mean loss, times its share of the batch's images.
    images : int
    correct : int, float or None
        How many of them were predicted correctly, if the loss counts that.
    gradients : dict
        (number of the layer, name) → the gradient of its mean loss, times its share.
    statistics : dict
        The same keys → by how much it moves what a layer keeps, times its share; float64.

    Where a loss is not finite there are no gradients, and no step is taken.
    """

    loss: float
    images: int
    correct: float
    gradients: dict
    statistics: dict

    def __add__(self, other):
        loss = self.loss + other.loss
        return Share(
            loss,
            self.images + other.images,
            None if self.correct is None else self.correct + other.correct,
            _added(self.gradients, other.gradients) if isfinite(loss) else {},
            _added(self.statistics, other.statistics),
        )


def share_of(model, batch, share):
    """Compute a micro-batch's `Share`.

    ``batch``: images, targets and perhaps weights; ``share``: how much of the whole batch it is.
    The model's statistics are as before then.
    """
    before = _statistics(model)
    try:
        loss, images, correct = model._gradients(*batch)
        moved = {key: (array - before[key]) * share for key, array in _statistics(model).items()}
    finally:
        _set_statistics(model, before)
    gradients = {}
    if isfinite(loss):
        for key, gradient in _gradients(model):
            gradients[key] = gradient * gradient.dtype.type(share)
    return Share(loss * share, images, correct, gradients, moved)


def hand_over(share, model):
    """Let the model's layers have the gradients and the statistics of a whole batch's `Share`."""
    parts = model.parts
    for (number, name), gradient in share.gradients.items():
        parts[number].gradients[name] = gradient
    before = _statistics(model)
    _set_statistics(model, {key: before[key] + moved for key, moved in share.statistics.items()})


def _added(one, other):
    return {key: array + other[key] for key, array in one.items()}


def _gradients(model):
    for number, part in enumerate(model.parts):
        if part.trainable:
            for name, gradient in part.gradients.items():
                yield (number, name), part.backend.to_numpy(gradient)


def _statistics(model):
    """Copies of what the layers keep beside their parameters, in float64."""
    return {
        (number, name): np.array(part.backend.to_numpy(array), np.float64)
        for number, part in enumerate(model.parts)
        for name, array in part.statistics.items()
    }


def _set_statistics(model, statistics):
    parts = model.parts
    for (number, name), array in statistics.items():
        part = parts[number]
        part.statistics[name][...] = part.backend.asarray(array)
