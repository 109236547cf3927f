"""What one step computes: which images each micro-batch takes, and what is random in it."""

from dataclasses import dataclass

import numpy as np

ORDER, CHANGES, LAYERS = range(3)  # what a generator is for


@dataclass(frozen=True)
class Plan:
    """A batch of one pass over the data, cut into micro-batches.

    Attributes
    ----------
    seed : int
        The pass's: all that is random in it is drawn from this.
    number : int
        Which batch of the pass it is, from 0.
    batch_size, images : int
        How many images the batches before it have, and how many it has itself.
    micro_batches : int
        Into how many a whole batch is cut.
    shuffle : bool
        Whether the pass takes each part of the data in a new order.

    >>> plan = Plan(seed=0, number=2, batch_size=10, images=10, micro_batches=4, shuffle=False)
    >>> plan.sizes, plan.rows(1), plan.rows(3)
    ([3, 3, 2, 2], slice(6, 9, None), slice(4, 6, None))
    """

    seed: int
    number: int
    batch_size: int
    images: int
    micro_batches: int
    shuffle: bool

    @property
    def count(self):
        """How many micro-batches have images: all, but for a last batch of very few."""
        return min(self.micro_batches, self.images)

    @property
    def sizes(self):
        """How many images each micro-batch has."""
        return sizes(self.images, self.micro_batches)

    def rows(self, k):
        """Where in its part of the data, in the order of the pass, micro-batch ``k`` lies."""
        first = self.number * sizes(self.batch_size, self.micro_batches)[k]
        return slice(first, first + self.sizes[k])

    def share(self, k):
        """The share of the batch's images that micro-batch ``k`` has."""
        return self.sizes[k] / self.images

    def order(self, k, count):
        """The order in which the pass takes the ``count`` images of part ``k``."""
        if not self.shuffle:
            return np.arange(count)
        return self._rng(ORDER, k).permutation(count)

    def rng_of_changes(self, k):
        """The generator for random changes to the images of micro-batch ``k``."""
        return self._rng(CHANGES, self.number, k)

    def rng_of_layers(self, k):
        """The generator from which layers draw for micro-batch ``k``, one after the other."""
        return self._rng(LAYERS, self.number, k)

    def _rng(self, *key):
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))


def sizes(count, parts):
    """``count`` things in ``parts`` groups, as equal as can be, the larger ones first.

    >>> sizes(10, 4), sizes(2, 3)
    ([3, 3, 2, 2], [1, 1, 0])
    """
    return [count // parts + (k < count % parts) for k in range(parts)]
