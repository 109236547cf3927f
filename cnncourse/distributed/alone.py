"""What computes the micro-batches of a step where there is no cluster."""

from copy import deepcopy
from time import time

from .replica import Replica, lent
from .tree import total


class Alone:
    """This process: it computes all micro-batches itself, one after the other.

    ``source``: the `Parts`.
    """

    def __init__(self, source, timeline):
        self.timeline = timeline
        self.replica = Replica(source.augment)
        for number in range(source.micro_batches):
            self.replica.take(number, source.part(number))

    def compute(self, model, plan):
        """The sum of the `Share`s of all micro-batches."""
        began = time()
        nodes = self.replica.compute(deepcopy(lent(model)), plan, range(plan.count))
        self.timeline.note("this process", "compute", began, time())
        return total(nodes, plan.count)

    def dismiss(self):
        """Nobody was hired."""
