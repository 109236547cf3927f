"""What ``load`` gives: a data set in two parts, one to learn from and one to be tested on."""

from dataclasses import dataclass

import numpy as np

from ..support.text import size_text


@dataclass(frozen=True, eq=False, repr=False)  # eq would compare arrays, which have no one truth
class Split:
    """Images and their labels, in the same order.

    The arrays are read-only: pixels overwritten in one cell of a notebook would be changed for
    every later one. ``images.copy()`` may be written to.
    """

    images: np.ndarray  # (N, height, width, channels) float32 in [0, 1]
    labels: np.ndarray  # (N,) int64: positions in Dataset.class_names

    @classmethod
    def from_bytes(cls, pixels, labels):
        """The split of grey images ``pixels`` (N, height, width) and ``labels`` (N,), both uint8.

        >>> Split.from_bytes(np.zeros((3, 28, 28), np.uint8), np.zeros(3, np.uint8))
        Split: 3 images of 28×28×1
        """
        images = np.divide(pixels[..., np.newaxis], 255, dtype=np.float32)  # (N, height, width, 1)
        labels = labels.astype(np.int64)
        images.flags.writeable = labels.flags.writeable = False
        return cls(images, labels)

    def __len__(self):
        return len(self.images)

    def __repr__(self):
        return f"Split: {len(self):,} images of {size_text(self.images.shape[1:])}"


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A named data set; ``name`` says what was really loaded, also after a fallback."""

    name: str
    class_names: tuple[str, ...]
    train: Split
    test: Split
    source: str  # who made it, and its licence

    def __repr__(self):
        return (
            f"Dataset {self.name!r}: {len(self.train):,} training and {len(self.test):,} test "
            f"images of {size_text(self.train.images.shape[1:])}, {len(self.class_names)} classes"
        )
