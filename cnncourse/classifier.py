"""The model as a scikit-learn classifier: for pipelines, cross-validation and grid searches."""

from math import isfinite, isqrt, prod

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from . import optimizers
from .layers import Conv2D, Dense, Flatten, MaxPooling2D, Softmax
from .model import Sequential

_SMALLEST_SQUARE = 16  # features from which a row is taken for a square image
_SMALLEST_POOLED = 4  # pixels a side that an image must have to be halved


class CNNClassifier(ClassifierMixin, BaseEstimator):
    """A convolutional network behind scikit-learn's ``fit``, ``predict`` and ``score``.

    The network is a `Sequential` of convolutions with ReLU, each followed by a 2×2 maximum pooling
    while the image is at least 4 pixels high and wide; then dense layers, and a softmax over the
    classes. It is trained on the cross-entropy. Convolutions pad (``"same"``), so any size of image
    will do.

    Parameters
    ----------
    filters : tuple of int
        How many filters each convolutional layer has, from the first to the last; at least one.
    kernel_size : int or pair
        Height and width of all filters.
    dense_units : tuple of int
        How many units each dense layer has that comes before the last one; ``()`` for none.
    make_layers : function
        A network of your own in place of the three arguments above: called with the number of
        classes, it gives the list of layers, new ones each time. The last gives a number for each
        class, with a softmax or without. Write it with ``def``: a lambda cannot be pickled.
    epochs, batch_size : int
        How many times to go through all images, and how many images a step takes.
    learning_rate : float
    optimizer : "adam", "rmsprop" or "sgd"
    device : str
        Where to compute, as in `Sequential`; the device chosen with ``use_device`` if left out.
    random_state : int, RandomState or None
        As everywhere in scikit-learn. An int fixes the initial weights, the order of the images and
        what dropout drops: same int, same machine, same bits.
    verbose : bool
        Whether to show a progress bar for each epoch.

    Images are (images, height, width, channels), or grey without the last axis. Rows (images,
    features), as tables and many of scikit-learn's data sets have them, become images too: square
    ones if the number of features is a square number from 16 on, 64 features an 8×8×1, else a line
    of 1 × features × 1. Neighbours in a row should then be neighbours in the world.

    Inputs are standardised by one mean and one standard deviation for all pixels of the training
    images, so any scale will do; the contrast between pixels is left as it is. For a table whose
    columns differ in scale, put a ``StandardScaler`` before.

    Attributes
    ----------
    classes_ : array (classes,)
        The labels, of any kind that scikit-learn takes, in the order of `predict_proba`'s columns.
    model_ : Sequential
        The trained network. Its inputs are standardised images: see ``mean_`` and ``scale_``.
    history_ : dict
        ``"loss"`` and ``"accuracy"``: a list with a number for each epoch.
    image_shape_ : tuple of int
        Height, width and channels of the images that the network sees.
    n_features_in_ : int
        How many numbers an image has: height · width · channels.
    mean_, scale_ : float
        Mean and standard deviation of all the training images' pixels.

    Raises ``ValueError`` or ``TypeError`` for arguments, images or labels that cannot be used, for
    labels of a single class, and ``ValueError`` where training diverges; all of them in ``fit``,
    as scikit-learn wants it, so that a grid search can go on.

    >>> from sklearn.datasets import load_digits
    >>> images, labels = load_digits(return_X_y=True)  # rows of 64 features: 8×8×1
    >>> classifier = CNNClassifier(filters=(8,), epochs=2, random_state=0)
    >>> classifier.fit(images[:1000], labels[:1000]).score(images[1000:], labels[1000:]) > 0.7
    True

    Source: *CNN – Tutorial with Keras*, 4, for the layers and their order; scikit-learn's
    *Developing scikit-learn estimators*.
    """

    def __init__(
        self,
        filters=(16, 32),
        kernel_size=3,
        dense_units=(64,),
        make_layers=None,
        epochs=20,
        batch_size=32,
        learning_rate=0.003,
        optimizer="adam",
        device=None,
        random_state=None,
        verbose=False,
    ):
        self.filters = filters
        self.kernel_size = kernel_size
        self.dense_units = dense_units
        self.make_layers = make_layers
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.optimizer = optimizer
        self.device = device
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X, y):
        """Train a new network on the images ``X`` with the labels ``y`` (images,); gives itself."""
        image_shape = _image_shape(X)
        X, y = validate_data(self, _as_rows(X), y)  # (N, H·W·C), (N,)
        check_classification_targets(y)
        self.classes_, numbers = np.unique(y, return_inverse=True)  # (classes,), (N,)
        if len(self.classes_) < 2:
            raise ValueError(
                f"y: expected labels of at least 2 classes, got 1 class: {self.classes_[0]!r}; "
                "there is nothing to tell apart. Was the data cut where it is sorted by class?"
            )
        self.image_shape_ = image_shape
        self.mean_ = float(X.mean(dtype=np.float64))
        self.scale_ = float(X.std(dtype=np.float64)) or 1.0  # 1 for images that are all alike
        model = self._new_model(len(self.classes_))
        images = self._standardised(X)  # (N, H, W, C)
        self.history_ = model.fit(images, numbers, self.batch_size, self.epochs, verbose=self.verbose)
        ...
