"""Labelled images to train and test on, ready for a network.

>>> from cnncourse import datasets
>>> digits = datasets.load("digits")
>>> digits
Dataset 'digits': 20,000 training and 450 test images of 28×28×1, 10 classes
>>> digits.train.images.shape, digits.train.labels.shape
((20000, 28, 28, 1), (20000,))

``load`` knows ``"mnist"``, ``"fashion-mnist"`` and ``"digits"``. It looks for the files of the
first two

1. in the folder named by the environment variable ``CNNCOURSE_DATA``, which holds sub-folders
   ``mnist/`` and ``fashion-mnist/`` with the four IDX files each, gzipped or not;
2. in the folder ``data/`` of the course;
3. on the network: what is missing is downloaded into ``data/``, once.

``"digits"`` comes with scikit-learn and is always there. ``CNNCOURSE_DATA=bundled`` means: never
the network, always the digits, whichever data set was asked for.

Photographs of your own, in one folder for each class, are what `image_folder` is for.
"""

from .dataset import Dataset, Split
from .image_file import read_image
from .image_folder import ImageFolder as image_folder
from .loading import load

__all__ = [
    "Dataset",
    "Split",
    "image_folder",
    "load",
    "read_image",
]
