"""Where each step's output lies in memory: buffers that are never needed at once overlap.

A step's output is needed from that step to the next one. In one memory, then, each may lie at the
lowest place that is free all that time. The largest get theirs first: the memory is as large as the
two largest neighbours together, and never larger than a row of them would need.
"""

from dataclasses import dataclass
from math import prod

CALLERS = None  # the place of an array that the caller owns


@dataclass(frozen=True)
class Plan:
    """Where the steps write: ``places[k]`` is step k's, in values from the memory's beginning.

    ``CALLERS`` stands for the array of outputs that the caller gives. ``size``: of the memory, in
    values.
    """

    places: tuple
    size: int


def plan(network, wider_scores=False):
    """The `Plan` for a `Network`. The image lies in an array of the caller's and stays as it is.

    ``wider_scores``: whether the last step's outputs are of a larger type than the others, so that
    no other step can work in the caller's array.

    >>> from cnncourse.inference.network import of_model
    >>> from cnncourse.networks import tutorial
    >>> plan(of_model(tutorial()))
    Plan(places=(0, 4608, None, None), size=5632)
    """
    buffers = _buffers(network.steps, wider_scores)
    placed = []  # pairs of a buffer and its place
    for buffer in sorted(buffers, key=lambda buffer: -buffer.size):
        place = 0
        for other, start in sorted(placed, key=lambda pair: pair[1]):
            if buffer.meets(other) and start < place + buffer.size:
                place = max(place, start + other.size)
        placed.append((buffer, place))
    places = [CALLERS] * len(network.steps)
    for buffer, place in placed:
        for step in buffer.steps:
            places[step] = place
    size = max((place + buffer.size for buffer, place in placed), default=0)
    return Plan(tuple(places), size)


@dataclass
class _Buffer:
    """One array in the memory, with the numbers of the steps that write to it."""

    steps: list
    size: int

    def meets(self, other):
        """Whether both are needed at the same time: each also while the step after it runs."""
        return self.steps[0] <= other.steps[-1] + 1 and other.steps[0] <= self.steps[-1] + 1


def _buffers(steps, wider_scores):
    """The buffers of all steps but those that write to the caller's array of outputs."""
    outward = len(steps) - 1  # the first of the last steps that can work in that array
    while outward > 0 and steps[outward].in_place and not wider_scores:
        outward -= 1
    buffers = []
    for number, step in enumerate(steps[:outward]):
        if step.in_place and buffers:
            buffers[-1].steps.append(number)
        else:
            buffers.append(_Buffer([number], prod(step.output_shape)))
    return buffers
