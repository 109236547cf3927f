"""Augmentation: a training image comes a little different each time, and stays what it is.

`random_shift` and `random_flip` take a batch, or a whole data set, and give new images of the same
shape; `fit` calls such a function anew for each batch:

    model.fit(images, labels, epochs=10, augment=lambda batch, rng: random_shift(batch, 2, rng))

`Augmentation` does more, image by image, in `fit` and while files are read
(`datasets.image_folder`). `shift` moves all images alike, to see what a layer makes of it. All
shifts are in pixels.
"""

from .augmentation import Augmentation
from .random_flip import random_flip
from .random_shift import random_shift
from .shift import shift

__all__ = ["Augmentation", "random_flip", "random_shift", "shift"]
