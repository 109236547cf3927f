"""What computes micro-batches: it holds their part of the data, and is lent the model."""

from copy import copy

from ..datasets.batches import augmented
from ..model.history import History
from ..model.run import Run
from .share import share_of
from .tree import merged


class Replica:
    """Computes some of the micro-batches of each step, with images that it keeps.

    ``augment``: what changes the images, or ``None``.
    """

    def __init__(self, augment=None):
        self.augment = augment
        self.parts = {}  # number of a micro-batch → images, targets and perhaps weights
        self._orders = {}  # the same number → the seed of a pass, and its order

    def take(self, number, arrays):
        """Keep the images of all micro-batches of that number."""
        self.parts[number] = arrays

    def drop(self, number):
        """Forget them: another one has them now."""
        del self.parts[number]
        self._orders.pop(number, None)

    def compute(self, model, plan, numbers):
        """The `Share`s of these micro-batches, added up as far as the tree allows.

        ``model``: one that nobody else is using meanwhile. Gives what `tree.merged` gives.
        """
        shares = {(0, k): self._share(model, plan, k) for k in numbers}
        return merged(shares, plan.count)

    def _share(self, model, plan, k):
        rng = plan.rng_of_layers(k)
        for part in model.parts:
            part.rng = rng
        images, *others = (array[self._order(plan, k)[plan.rows(k)]] for array in self.parts[k])
        if self.augment is not None:
            images = augmented(images, self.augment, plan.rng_of_changes(k))
        return share_of(model, (images, *others), plan.share(k))

    def _order(self, plan, k):
        """The order of part ``k`` in the pass, drawn once."""
        seed, order = self._orders.get(k, (None, None))
        if seed != plan.seed:
            order = plan.order(k, len(self.parts[k][0]))
            self._orders[k] = plan.seed, order
        return order


def lent(model):
    """A model with the same layers and loss, and without what only training in one place needs."""
    light = copy(model)
    light.optimizer = None
    light.run, light.history = Run(), History()
    return light
