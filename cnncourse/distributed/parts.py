"""The training's data in parts, one for each micro-batch number."""

import numpy as np

from ..datasets.batches import Batches, batch_slices
from .plan import Plan, sizes


class Parts(Batches):
    """Arrays, in as many parts as a batch has micro-batches; its batches are plans for a step.

    Image by image in order, a pass over the data takes ``batch_size`` images a step, and cuts them
    into ``micro_batches`` pieces in a row. Part ``k`` is all images that piece ``k`` gets so: with
    shuffling, too, they stay together, and only their order within the part changes. So whoever
    computes micro-batch ``k`` needs no other image, ever.

    ``source`` is an `ArrayBatches`, perhaps with changes to its images; ``rng`` draws the seed of
    each pass.
    """

    def __init__(self, source, micro_batches, rng, shuffle):
        self.source = source
        self.batch_size = source.batch_size
        self.micro_batches = micro_batches
        self.rng = rng
        self.shuffle = shuffle
        self.augment = getattr(source, "augment", None)

    def __len__(self):
        return len(self.source)

    def dummy_images(self):
        return self.source.dummy_images()

    @property
    def max_value(self):
        return self.source.max_value

    def bookmark(self):
        return {"order": self.rng.bit_generator.state, "micro_batches": self.micro_batches}

    def go_to(self, bookmark):
        self.rng.bit_generator.state = bookmark["order"]

    def __iter__(self):
        seed = int(self.rng.integers(2**63))
        for number, part in enumerate(self._batches()):
            images = part.stop - part.start
            cut = images, self.micro_batches, self.shuffle
            yield (Plan(seed, number, self.batch_size, *cut),)

    def part(self, k):
        """Part ``k``: its rows of all arrays, images first."""
        rows = np.concatenate(
            [
                np.arange(batch.start, batch.stop)[sum(cut[:k]) : sum(cut[: k + 1])]
                for batch in self._batches()
                for cut in [sizes(batch.stop - batch.start, self.micro_batches)]
            ]
        )
        return [array[rows] for array in self.source.arrays]

    def _batches(self):
        """The images of each batch of a pass in order, as slices."""
        return batch_slices(len(self.source.arrays[0]), self.batch_size)
