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
   ``mnist/`` and ``fashion-mnist/`` with the four IDX files each, compressed or not;
2. among the files of the course, where MNIST lies from the start;
3. on the network: what is missing is downloaded, once. ``python -m cnncourse data`` says where to.

``"digits"`` comes with scikit-learn and is always there. ``CNNCOURSE_DATA=bundled`` means: never
the network, only what comes with the course: MNIST whole, of Fashion-MNIST 12,000 images.
``CNNCOURSE_QUICK=1`` means: of both only the first 10,000 training and 2,000 test images, as suits
a lecture or a test. ``dataset.split`` holds some of the training images out for validation.

Photographs of your own, in one folder for each class, are what `image_folder` is for. `canvases`
draws images with boxes and masks, to detect and to segment.
"""

from .canvases import Canvases, canvases
from .dataset import Dataset, Split
from .idx import read_idx
from .image_file import read_image
from .image_folder import ImageFolder as image_folder
from .loading import load

__all__ = [
    "Canvases",
    "Dataset",
    "Split",
    "canvases",
    "image_folder",
    "load",
    "read_idx",
    "read_image",
]
