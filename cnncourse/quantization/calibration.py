"""Calibration: how large each step's output gets on some images, and so its scale."""

from dataclasses import dataclass

import numpy as np

from ..inference import forward, steps
from .tensor import signed, unsigned, wide

SLICE = 50  # images at a time, for memory
# inputs beyond which a function hardly moves any more: less than half a step of its output
SATURATED = {"tanh": 3.5, "sigmoid": 6.5}


@dataclass
class Range:
    """The smallest and the largest value of an array."""

    low: float = np.inf
    high: float = -np.inf

    def widen(self, values):
        self.low = min(self.low, float(values.min()))
        self.high = max(self.high, float(values.max()))

    @property
    def size(self):
        return max(abs(self.low), abs(self.high))


def tensors(network, images):
    """The `Tensor` of the images, and that of each step's output, in a list.

    ``images``: (N, …), of the kind that the network will see.
    """
    seen, ranges = Range(), [Range() for _ in network.steps]
    for start in range(0, len(images), SLICE):
        part = images[start : start + SLICE]
        seen.widen(part)
        for each, output in zip(ranges, forward.outputs(network, part), strict=True):
            each.widen(output)
    found = [unsigned(seen.size) if seen.low >= 0 else signed(seen.size)]
    following = [*network.steps[1:], None]
    for step, after, each in zip(network.steps, following, ranges, strict=True):
        found.append(_tensor(step, after, each, found[-1]))
    return found


def _tensor(step, after, seen, before):
    """The `Tensor` of a step's output; ``before``: that of its input, ``after``: the next step."""
    if isinstance(step, steps.MaxPooling):
        return before
    if isinstance(step, steps.Softmax) or getattr(step, "function", None) == "sigmoid":
        return unsigned(1)
    if isinstance(step, steps.Weighted) and after is None:
        return wide(seen.size, step.relu)
    size = seen.size
    if isinstance(step, steps.Weighted) and isinstance(after, steps.Activation):
        size = min(size, SATURATED.get(after.function, size))
    if getattr(step, "function", None) == "tanh":
        return signed(1)
    never_negative = step.non_negative
    if never_negative is None:
        never_negative = before.zero == 0
    return unsigned(size) if never_negative else signed(size)
