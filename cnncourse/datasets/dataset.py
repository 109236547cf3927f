"""What ``load`` gives: a data set in two parts, one to learn from and one to be tested on."""

from dataclasses import dataclass, replace

import numpy as np

from ..support import checks
from ..support.arguments import described
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

        Raises ``TypeError`` for anything else.

        >>> Split.from_bytes(np.zeros((3, 28, 28), np.uint8), np.zeros(3, np.uint8))
        Split: 3 images of 28×28×1
        """
        for name, array, axes in ("pixels", pixels, 3), ("labels", labels, 1):
            whole = isinstance(array, np.ndarray) and array.dtype.kind in "iu"
            if not whole or array.ndim != axes:
                raise TypeError(
                    f"{name} must be an array of whole numbers with {axes} axes, got "
                    f"{described(array)}"
                )
        images = np.divide(pixels[..., np.newaxis], 255, dtype=np.float32)  # (N, height, width, 1)
        labels = labels.astype(np.int64)
        images.flags.writeable = labels.flags.writeable = False
        return cls(images, labels)

    def part(self, chosen):
        """The images that ``chosen`` picks: a slice, or indices (M,)."""
        if not isinstance(chosen, slice):
            chosen = checks.numbers(chosen, "chosen")
            if chosen.dtype.kind not in "iub" or chosen.ndim != 1:
                raise TypeError(
                    "chosen must be a slice, a list of positions or of True and False, got "
                    f"{chosen.dtype} {chosen.shape}"
                )
            if chosen.dtype == bool and len(chosen) != len(self):
                raise ValueError(f"chosen: expected {len(self)} of them, got {len(chosen)}")
            if (
                chosen.dtype != bool
                and len(chosen)
                and not (-len(self) <= chosen.min() and chosen.max() < len(self))
            ):
                raise ValueError(f"chosen must be positions below {len(self)}, got {chosen.max()}")
        images, labels = self.images[chosen], self.labels[chosen]
        images.flags.writeable = labels.flags.writeable = False
        return Split(images, labels)

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
    validation: Split | None = None  # what `split` held out of the training images
    seed: int | None = None  # that it was drawn with
    originals: np.ndarray | None = None  # (training images,): which are variations of one image

    def split(self, count, seed=0):
        """The same data set with ``count`` training images moved to ``validation``.

        They are drawn at random by ``seed``, as many of each class as its share, and come in the
        order in which they were; so do those that stay. Variations of one image, as the digits have
        them, stay together: then ``count`` is met as nearly as that allows.

        Raises ``TypeError`` or ``ValueError`` for a count that leaves a class without an image on
        either side, and for a data set that was split already.

        >>> from cnncourse import datasets
        >>> datasets.load("digits").split(5000, seed=1)  # doctest: +NORMALIZE_WHITESPACE
        Dataset 'digits': 14,989 training, 5,011 validation (seed 1) and 450 test images of
        28×28×1, 10 classes
        """
        from sklearn.model_selection import train_test_split  # takes a second: only when wanted

        count = checks.positive_int(count, "count")
        seed = checks.whole_number(seed, "seed", least=0)
        if self.validation is not None:
            raise ValueError(f"{self!r} was split already: split what load gives")
        groups = np.arange(len(self.train)) if self.originals is None else self.originals
        _, first, group = np.unique(groups, return_index=True, return_inverse=True)
        labels = self.train.labels[first]  # (groups,), as all images of a group have one class
        held_out = round(count / len(self.train) * len(first))
        fewest, classes = np.bincount(labels)[np.unique(labels)].min(), len(np.unique(labels))
        if fewest < 2 or not classes <= held_out <= len(first) - classes:
            raise ValueError(
                f"count={count}: of {len(self.train):,} images in {classes} classes, it must leave "
                "some of each class on both sides"
            )
        _, chosen = train_test_split(
            np.arange(len(first)), test_size=held_out, stratify=labels, random_state=seed
        )
        held_out = np.isin(group, chosen)  # (N,)
        return replace(
            self,
            train=self.train.part(np.flatnonzero(~held_out)),
            validation=self.train.part(np.flatnonzero(held_out)),
            seed=seed,
            originals=None if self.originals is None else self.originals[~held_out],
        )

    def __repr__(self):
        parts = f"{len(self.train):,} training and {len(self.test):,} test"
        if self.validation is not None:
            parts = (
                f"{len(self.train):,} training, {len(self.validation):,} validation "
                f"(seed {self.seed}) and {len(self.test):,} test"
            )
        return (
            f"Dataset {self.name!r}: {parts} images of {size_text(self.train.images.shape[1:])}, "
            f"{len(self.class_names)} classes"
        )
