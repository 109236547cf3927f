"""Where a model takes its batches from: arrays in memory, or a source that makes them as it goes.

`Batches` is what the model asks of any source. `ArrayBatches` splits arrays into batches;
`image_folder` reads files while the model works on those before.
"""

import numpy as np

from ..support import checks


class Batches:
    """Base class of sources of batches (images, labels), for data that memory could not hold.

    To write one of your own, set the attributes and override all that raises here.

    Attributes
    ----------
    image_shape : tuple of int
        Height, width and channels of every image.
    all_labels : array
        Each label that can occur, once, as the batches give them: checked before training starts.
    max_value : float
        No pixel is larger.
    class_names : tuple of str, or None
        What the class numbers mean, if they have names.
    advice : str
        What a person can do whose model takes other images or labels.
    """

    image_shape = all_labels = max_value = class_names = None
    advice = "The model and the source of batches must fit each other"

    def __iter__(self):
        """The next epoch: all images once, in batches (images, labels) of arrays."""
        raise NotImplementedError(f"{type(self).__name__} has no __iter__")

    def __len__(self):
        """How many batches an epoch has."""
        raise NotImplementedError(f"{type(self).__name__} has no __len__")

    def ordered(self, steps=None):
        """The images as they are and in their own order, in batches: to evaluate and predict on.

        With ``steps``, so many batches, of images taken evenly from all of them.
        """
        raise NotImplementedError(f"{type(self).__name__} has no ordered")

    def bookmark(self):
        """What `go_to` needs to give the next epoch again later, as JSON can hold it.

        A source that does not override both begins anew when training is resumed.
        """
        return {}

    def go_to(self, bookmark):
        """Let the next epoch be the one that came after ``bookmark``, which `bookmark` gave."""

    def dummy_images(self):
        """Black images, one for each of ``all_labels``: a first batch to check shapes on."""
        return np.broadcast_to(np.float32(0), (len(self.all_labels), *self.image_shape))


class ArrayBatches(Batches):
    """Arrays in memory, split along their first axis, all in the same way.

    ``rng`` is a ``numpy.random.Generator`` that draws a new order for each epoch; without it, each
    goes through the arrays in order.

    >>> list(ArrayBatches([np.arange(5)], batch_size=2))
    [(array([0, 1]),), (array([2, 3]),), (array([4]),)]
    """

    def __init__(self, arrays, batch_size, rng=None):
        self.arrays = arrays
        self.rng = rng
        self.batch_size = checks.positive_int(batch_size, "batch_size")

    def __len__(self):
        return -(-len(self.arrays[0]) // self.batch_size)

    def dummy_images(self):
        return self.arrays[0][:1]

    @property
    def max_value(self):
        return max(abs(float(self.arrays[0].min())), float(self.arrays[0].max()))

    def bookmark(self):
        return {"order": self.rng and self.rng.bit_generator.state}

    def go_to(self, bookmark):
        if self.rng is not None and bookmark["order"] is not None:
            self.rng.bit_generator.state = bookmark["order"]

    def __iter__(self):
        if self.rng is None:
            yield from self.ordered()
        else:
            order = self.rng.permutation(len(self.arrays[0]))
            for part in batch_slices(len(order), self.batch_size):
                yield tuple(array[order[part]] for array in self.arrays)

    def ordered(self, steps=None):
        count = len(self.arrays[0])
        if steps is None:
            for part in batch_slices(count, self.batch_size):
                yield tuple(array[part] for array in self.arrays)
        else:
            for chosen in np.split(evenly_spaced(count, steps * self.batch_size), steps):
                yield tuple(array[chosen] for array in self.arrays)


class AugmentedBatches(ArrayBatches):
    """The same, with images that ``augment(images, rng)`` changes anew in each epoch.

    ``augment_rng`` is a ``numpy.random.Generator`` from which each epoch draws a seed; each batch
    has a generator of its own from that, so its changes do not depend on the batches before.
    """

    def __init__(self, arrays, batch_size, rng, augment, augment_rng):
        super().__init__(arrays, batch_size, rng)
        if not callable(augment):
            raise TypeError(
                "augment must be a function of images and a random generator, such as "
                f"augmentation.Augmentation(shift=2), got {augment!r}"
            )
        self.augment = augment
        self.augment_rng = augment_rng

    def bookmark(self):
        return super().bookmark() | {"augment": self.augment_rng.bit_generator.state}

    def go_to(self, bookmark):
        super().go_to(bookmark)
        if "augment" in bookmark:
            self.augment_rng.bit_generator.state = bookmark["augment"]

    def __iter__(self):
        seed = int(self.augment_rng.integers(2**63))
        for number, (images, *others) in enumerate(super().__iter__()):
            rng = np.random.default_rng([seed, number])
            yield (augmented(images, self.augment, rng), *others)


def augmented(images, augment, rng):
    """What ``augment(images, rng)`` gives, if it has the shape of ``images``; else a ValueError."""
    changed = np.asarray(augment(images, rng))
    if changed.shape != images.shape:
        raise ValueError(
            f"augment: expected images {images.shape}, as it was given them, got {changed.shape}"
        )
    return changed


def batch_slices(count, size):
    """``range(count)`` in slices of ``size``; the last one holds what is left."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def evenly_spaced(count, wanted):
    """``wanted`` of the indices below ``count``, in order and evenly spaced.

    >>> evenly_spaced(10, 4), evenly_spaced(2, 4)
    (array([0, 2, 5, 7]), array([0, 0, 1, 1]))
    """
    return np.arange(wanted) * count // wanted
