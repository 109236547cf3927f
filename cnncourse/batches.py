"""Where a model takes its batches from: arrays in memory, or a source that makes them as it goes.

`Batches` is what the model asks of any source. `ArrayBatches` cuts arrays into batches;
`datasets.image_folder` reads files while the model works on those before.
"""

import numpy as np

from . import checks


class Batches:
    """Base class of sources of batches (images, labels), for data that memory could not hold.

    To write one of your own, set the attributes and override all that raises here.

    Attributes
    ----------
    image_shape : tuple of int
        Height, width and channels of every image.
    every_label : array
        Each label that can occur, once, as the batches give them: checked before training starts.
    largest : float
        No pixel is larger.
    class_names : tuple of str, or None
        What the class numbers mean, if they have names.
    advice : str
        What a person can do whose model takes other images or labels.
    """

    image_shape = every_label = largest = class_names = None
    advice = "The model and the source of batches must fit each other"

    def __iter__(self):
        """The next epoch: all images once, in batches (images, labels) of arrays."""
        raise NotImplementedError(f"{type(self).__name__} has no __iter__")

    def __len__(self):
        """How many batches an epoch has."""
        raise NotImplementedError(f"{type(self).__name__} has no __len__")

    def in_order(self, steps=None):
        """The images as they are and in their own order, in batches: to evaluate and predict on.

        With ``steps``, so many batches, of images taken evenly from all of them.
        """
        raise NotImplementedError(f"{type(self).__name__} has no in_order")

    def without_end(self):
        """One epoch after the other."""
        while True:
            yield from self

    def stand_ins(self):
        """Black images for the labels in ``every_label``, to check shapes on."""
        return np.broadcast_to(np.float32(0), (len(self.every_label), *self.image_shape))


class ArrayBatches(Batches):
    """Arrays in memory, cut along their first axis, all in the same way.

    ``rng`` is a ``numpy.random.Generator`` that draws a new order for each epoch; without it, each
    goes through the arrays in order.

    >>> list(ArrayBatches([np.arange(5)], batch_size=2))
    [(array([0, 1]),), (array([2, 3]),), (array([4]),)]
    """

    def __init__(self, arrays, batch_size, rng=None):
        self.arrays, self.rng = arrays, rng
        self.batch_size = checks.positive_int(batch_size, "batch_size")

    def __len__(self):
        return -(-len(self.arrays[0]) // self.batch_size)

    @property
    def largest(self):
        return max(abs(float(self.arrays[0].min())), float(self.arrays[0].max()))

    def __iter__(self):
        if self.rng is None:
            yield from self.in_order()
        else:
            order = self.rng.permutation(len(self.arrays[0]))
            for part in cut(len(order), self.batch_size):
                yield tuple(array[order[part]] for array in self.arrays)

    def in_order(self, steps=None):
        count = len(self.arrays[0])
        if steps is None:
            for part in cut(count, self.batch_size):
                yield tuple(array[part] for array in self.arrays)
        else:
            for chosen in np.split(spread(count, steps * self.batch_size), steps):
                yield tuple(array[chosen] for array in self.arrays)


class WithTargets(Batches):
    """A source's batches, with labels turned into what a loss takes: ``targets(labels, count)``."""

    def __init__(self, source, targets):
        self.source, self.targets = source, targets
        self.largest, self.class_names = source.largest, source.class_names

    def __len__(self):
        return len(self.source)

    def __iter__(self):
        for images, labels in self.source:
            yield images, self.targets(labels, len(images))

    def in_order(self, steps=None):
        for images, labels in self.source.in_order(steps):
            yield images, self.targets(labels, len(images))


def require_alone(source, y, batch_size):
    """Refuse labels or a batch size beside a source that has its own."""
    if y is not None or batch_size is not None:
        raise ValueError(
            f"{source}: it brings its labels and its batch size along; leave out "
            f"{'y' if y is not None else 'batch_size'}"
        )


def require_same_classes(training, validation):
    """Refuse validation data in which a class number has another meaning than in training."""
    ours, theirs = training.class_names, validation.class_names
    if None not in (ours, theirs) and ours != theirs:
        raise ValueError(
            f"validation_data: expected the classes of the training data, {', '.join(ours)}, got "
            f"{', '.join(theirs)}; give both folders the same sub-folders"
        )


def cut(count, size):
    """``range(count)`` in slices of ``size``; the last one holds what is left."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def spread(count, wanted):
    """``wanted`` of the numbers below ``count``, in order and evenly spread over them.

    >>> spread(10, 4), spread(2, 4)
    (array([0, 2, 5, 7]), array([0, 0, 1, 1]))
    """
    return np.arange(wanted) * count // wanted
