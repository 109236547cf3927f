"""Images from folders: one sub-folder for each class, read batch by batch while a model trains."""

import os
from functools import partial
from math import inf

import numpy as np

from ..augmentation.augmentation import Augmentation
from ..support import arguments, checks
from ..support.labels import to_categorical
from ..support.text import size_text
from . import image_file, image_listing
from .batches import Batches, batch_slices, evenly_spaced
from .image_cache import ImageCache
from .image_reader import ImageReader
from .prefetch import prefetch

CLASS_MODES = ("binary", "categorical", "sparse")
MOST_WORKERS = 4  # by default: more would only wait for the disk
MEGABYTE = 10**6
MOST_RESCALE = 1e30  # a factor whose products float32 holds
WHITE = 255  # the largest value of a pixel in a file


class ImageFolder(Batches):
    """The images in a folder that has one sub-folder for each class, for ``model.fit`` to read.

    Parameters
    ----------
    path : str or pathlib.Path
        ``path/cats/1.jpg`` is an image of the class ``cats``; so is ``path/cats/2019/1.jpg``. JPEG,
        PNG, BMP, GIF, WebP and TIFF, known by the files' endings. Names that begin with a dot are
        passed over.
    target_size : pair of int
        (height, width) to which all images are resized, whatever their proportions.
    batch_size : int
        Images in a batch; an epoch's last batch holds what is left.
    class_mode : "binary", "categorical" or "sparse"
        How labels come: numbers 0 and 1 of two classes; one-hot rows; class numbers. Binary labels
        go with ``Dense(1, activation="sigmoid")`` and ``"binary_crossentropy"``, the others with
        ``Dense(classes, activation="softmax")`` and ``"softmax_cross_entropy"``.
    rescale : float
        Factor for all pixels, which are 0 to 255 in the files.
    color : "rgb" or "grayscale"
        3 channels, or 1.
    shuffle : bool
        Whether each epoch comes in a new order; else in that of ``files``.
    seed : int
        Fixes orders and augmentation: same seed, same batches, whatever the number of workers.
        Left out, they differ in each run.
    augment : Augmentation
        Random changes to each image that is trained on; none if left out.
    workers : int
        Threads that decode in the background; by default one for each core, at most 4.
    cache_megabytes : float
        Megabytes (10⁶ bytes) of decoded images that are cached, as bytes and before they are
        varied, so that later epochs need not decode them again. 64 are enough for 900 images of
        150×150 in colour; what does not fit is decoded in each epoch.

    Attributes
    ----------
    class_names : tuple of str
        The sub-folders' names, sorted: label k means ``class_names[k]``.
    class_indices : dict of str to int
        The same the other way round.
    files : tuple of str
        The images' paths, from ``path`` on, sorted by class and name: those that can be read, as
        far as is known.
    labels : array (files,)
        Their class numbers, int64.
    sizes : array (files, 2)
        Their heights and widths in pixels, before they are resized.

    All of these are known at once, from the files' headers, and so is ``len()``, the number of
    batches in an epoch. Iterating gives one epoch of batches (images, labels): images
    (batch_size, height, width, channels) float32, labels (batch_size,) int64 or, one-hot,
    (batch_size, classes) float32. `fit`, `evaluate` and `predict` take the folder as it is; the
    last two go through the images in the order of ``files``, without augmentation.

    Nothing that is wrong with a file ends an epoch. A file that cannot be used (damaged, empty, no
    image, not permitted, or unpacking to more pixels than Pillow takes for safe) is skipped: a
    printed line names it and says why, and another gives their count. Most are found at once; a
    damage that only decoding can find, when the image is first read: the next images then move up,
    so that batches stay full.

    Raises ``FileNotFoundError``, ``NotADirectoryError`` or ``PermissionError`` where a folder
    cannot be read; ``ValueError`` for fewer than two classes (or not two, if binary), for a class
    without any image, and for arguments out of range.

    Example::

        train = datasets.image_folder("photos/train", seed=0)
        images, labels = next(iter(train))  # (20, 150, 150, 3) float32 in [0, 1], (20,) int64
        model.fit(train, epochs=30, validation_data=datasets.image_folder("photos/validation"))

    Source: *Deep Learning Lecture – Convolution NN*, "Dealing with JPEG images"; the names of the
    arguments are Keras's.
    """

    def __init__(
        self,
        path,
        target_size=(150, 150),
        batch_size=20,
        class_mode="binary",
        rescale=1 / 255,
        color="rgb",
        shuffle=True,
        seed=None,
        augment=None,
        workers=None,
        cache_megabytes=64,
    ):
        _require_one_of("class_mode", class_mode, CLASS_MODES)
        _require_one_of("color", color, tuple(image_file.MODES))
        if not (augment is None or isinstance(augment, Augmentation)):
            raise TypeError(f"augment must be an Augmentation or None, got {augment!r}")
        if workers is None:
            workers = min(os.cpu_count() or 1, MOST_WORKERS)
        self.path = checks.file_path(path, "path")
        self.target_size = checks.size(target_size, "target_size")
        self.batch_size = checks.positive_int(batch_size, "batch_size")
        self.workers = checks.positive_int(workers, "workers")
        self.class_mode = class_mode
        self.rescale = float(
            arguments.real(rescale, "rescale", most=MOST_RESCALE, least=-MOST_RESCALE)
        )
        self.color = color
        self.shuffle = arguments.flag(shuffle, "shuffle")
        self.augment = augment
        room = checks.limit(cache_megabytes, "cache_megabytes") * MEGABYTE
        self._cache = ImageCache(room=int(room))
        if seed is not None:
            seed = checks.whole_number(seed, "seed", least=0, most=inf)
        self._entropy = np.random.SeedSequence(seed).entropy
        self._epochs = 0  # begun so far
        self._all = image_listing.find_images(self.path)
        self._readable = np.ones(len(self._all.files), bool)  # (all files,)
        if class_mode == "binary" and len(self.class_names) != 2:
            raise ValueError(
                f"{self.path}: class_mode='binary' expects two classes, got "
                f"{len(self.class_names)}: {', '.join(self.class_names)}; take 'categorical' or "
                "'sparse'"
            )

    def __repr__(self):
        classes = ", ".join(self.class_names)
        return (
            f"ImageFolder {self.path.name!r}: {len(self.files):,} images ({classes}), "
            f"read as {size_text(self.image_shape)}"
        )

    # What it holds

    @property
    def class_names(self):
        return self._all.class_names

    @property
    def class_indices(self):
        return {name: label for label, name in enumerate(self.class_names)}

    @property
    def files(self):
        return tuple(self._all.files[index] for index in self._indices)

    @property
    def labels(self):
        return self._all.labels[self._indices]

    @property
    def sizes(self):
        return self._all.sizes[self._indices]

    @property
    def image_shape(self):
        return (*self.target_size, 1 if self.color == "grayscale" else 3)

    @property
    def all_labels(self):
        return self._as_wanted(np.arange(len(self.class_names)))

    @property
    def advice(self):
        classes = len(self.class_names)
        return (
            f"These images come from datasets.image_folder('{self.path.name}', "
            f"target_size={self.target_size}, class_mode={self.class_mode!r}). 'binary' goes with "
            "layers.Dense(1, activation='sigmoid') and 'binary_crossentropy', 'sparse' and "
            f"'categorical' with layers.Dense({classes}, activation='softmax') and "
            "'softmax_cross_entropy'"
        )

    @property
    def max_value(self):
        return WHITE * abs(self.rescale)

    @property
    def _indices(self):
        """The images that can be read, as positions in ``image_listing``'s list."""
        return np.flatnonzero(self._readable)

    # Batches

    def __len__(self):
        return -(-int(self._readable.sum()) // self.batch_size)

    def bookmark(self):
        return {"epoch": self._epochs, "entropy": self._entropy}

    def go_to(self, bookmark):
        self._epochs, self._entropy = bookmark["epoch"], bookmark["entropy"]

    def __iter__(self):
        epoch = self._epochs
        self._epochs += 1
        indices = self._indices
        if self.shuffle:
            indices = self._rng(epoch, len(self._all.files)).permutation(indices)
        return self._batches(indices, partial(self._varied, epoch=epoch))

    def ordered(self, steps=None):
        indices = self._indices
        if steps is not None:
            steps = checks.positive_int(steps, "steps")
            indices = indices[evenly_spaced(len(indices), steps * self.batch_size)]
        return self._batches(indices, self._pixels)

    def _batches(self, indices, read):
        """The images at these ``indices`` in batches, each as ``read`` gives it."""
        known = self._readable.sum()
        ready = []
        parts = [indices[part] for part in batch_slices(len(indices), self.batch_size)]
        try:
            for part in prefetch(partial(self._outcome, read), parts, self.workers):
                ready += [(index, pixels) for index, pixels in part if self._usable(index, pixels)]
                if len(ready) >= self.batch_size:
                    yield self._batch(ready[: self.batch_size])
                    del ready[: self.batch_size]
            if ready:
                yield self._batch(ready)
        finally:
            self._say_if_fewer(known)
        self._require_some()

    def _say_if_fewer(self, known):
        """Print how many images are left, if there were more."""
        if self._readable.sum() < known:
            image_listing.say_count(self._readable.sum(), self._all.found)

    def _require_some(self):
        if not self._readable.any():
            raise ValueError(f"{self.path}: none of the images in it could be read")

    def _batch(self, ready):
        indices, pixels = zip(*ready, strict=True)
        images = self.reader.scaled(pixels)  # (batch, height, width, channels)
        return images, self._as_wanted(self._all.labels[list(indices)])

    def _as_wanted(self, labels):
        """Class numbers in the class mode: as they are, or one-hot."""
        if self.class_mode == "categorical":
            return to_categorical(labels, len(self.class_names))
        return labels

    def _usable(self, index, pixels):
        """Whether ``pixels`` are what they should be, or the error that reading them ended with."""
        if not isinstance(pixels, ValueError):
            return True
        if self._readable[index]:
            image_listing.say_skipped(self.path, self._all.files[index], pixels)
            self._readable[index] = False
        return False

    # For who reads the files elsewhere

    @property
    def reader(self):
        """What reads the folder's files, wherever the folder can be seen under the same name."""
        return ImageReader(self.path, self.target_size, self.color, self.rescale)

    def leave_out(self, faults):
        """Skip files that turned out to be damaged. ``faults``: file → the error it ended with."""
        known = self._readable.sum()
        for index in self._indices:
            self._usable(index, faults.get(self._all.files[index]))
        self._say_if_fewer(known)
        self._require_some()

    # One image, in the background

    def _outcome(self, read, index):
        """An image's index, and its pixels or the error that says why there are none."""
        try:
            return index, read(index)
        except ValueError as error:
            return index, error

    def _pixels(self, index):
        return self._cache.get(index, self._decode)

    def _decode(self, index):
        return self.reader.read(self._all.files[index])

    def _varied(self, index, epoch):
        pixels = self._pixels(index)
        if self.augment is None:
            return pixels
        return self.augment(pixels, self._rng(epoch, index))

    def _rng(self, epoch, index):
        """A generator of its own for each image in each epoch, whichever thread reads it."""
        key = np.random.SeedSequence(self._entropy, spawn_key=(epoch, int(index)))
        return np.random.default_rng(key)


def _require_one_of(name, value, choices):
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name}={value!r}: expected one of {', '.join(map(repr, choices))}.")
