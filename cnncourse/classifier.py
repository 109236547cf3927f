"""The model as a scikit-learn classifier: for pipelines, cross-validation and grid searches."""

from math import isfinite, isqrt, prod

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from . import kernels, optimizers
from .callbacks import EarlyStopping
from .datasets.batches import batch_slices
from .kernels.worker_threads import worker_threads
from .layers import Conv2D, Dense, Flatten, Layer, MaxPooling2D, Softmax
from .layers.base import parts_of
from .model.sequential import Sequential
from .support import arguments, checks
from .support.text import size_text

_SMALLEST_SQUARE = 16  # features from which a row is taken for a square image
_SMALLEST_POOLED = 4  # pixels a side that an image must have to be halved
ROWS_AT_ONCE = 256  # images that are standardised together


class CNNClassifier(ClassifierMixin, BaseEstimator):
    """A convolutional network behind scikit-learn's ``fit``, ``predict`` and ``score``.

    The network is a `Sequential` of convolutions with ReLU, each followed by a 2×2 maximum pooling
    while the image is at least 4 pixels high and wide; then dense layers, and a softmax over the
    classes. It is trained on the cross-entropy. Convolutions pad (``"same"``), so any size of image
    will do.

    Parameters
    ----------
    filters : tuple of int
        How many filters each convolutional layer has, from the first to the last.
    kernel_size : int or pair
        Height and width of all filters.
    dense_units : tuple of int
        How many units each dense layer has that comes before the last one; ``()`` for none.
    make_layers : function
        A network of your own in place of the three arguments above: called with the number of
        classes, it gives the list of layers, new ones each time. The last gives a logit for each
        class, or with a softmax its probability. Write it with ``def``: a lambda cannot be pickled.
    epochs, batch_size : int
        How many times to go through all images, and how many images a step takes.
    learning_rate : float, or a schedule
        How far a step goes; one of ``cnncourse.schedules`` lets it fade.
    optimizer : "adam", "rmsprop" or "sgd"
    device : str
        Where to compute, as in `Sequential`; the device chosen with ``use_device`` if left out. In
        the processes of ``n_jobs=2``, and in the workers of a Dask cluster, it is that of the
        process that sent the classifier there. (A worker computes with as many threads as Dask has
        given it.)
    random_state : int, RandomState or None
        As everywhere in scikit-learn. An int fixes the initial weights, the order of the images and
        what dropout drops: same int, same machine, same bits.
    verbose : bool
        Whether to show a progress bar for each epoch.
    early_stopping : bool
        Whether to hold out some of the images, and to end training when the accuracy on these grows
        no more; the network is then that of the best epoch.
    validation_fraction : float
        With early stopping, the share of the images that is held out, the same of each class.
    n_iter_no_change : int
        With early stopping, how many epochs without a better accuracy are waited for.
    tol : float
        With early stopping, by how much the accuracy must grow to be a better one.

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
        ``"loss"`` and ``"accuracy"``: a list with a value for each epoch; with early stopping also
        ``"val_loss"`` and ``"val_accuracy"``, on the images held out.
    n_iter_ : int
        How many epochs were done.
    image_shape_ : tuple of int
        Height, width and channels of the images that the network sees.
    n_features_in_ : int
        How many values an image has: height · width · channels.
    mean_, scale_ : float
        Mean and standard deviation of all the training images' pixels.

    Arguments are checked in ``fit``, not before, as scikit-learn wants it: ``ValueError`` or
    ``TypeError`` for those that cannot be used. ``fit`` raises ``ValueError`` also for images that
    are no finite numbers of one shape, for labels of fewer than 2 classes, and for training that
    diverges: in a grid search, such a candidate fails and the others go on. ``predict`` raises
    ``NotFittedError`` before ``fit``, and ``ValueError`` for images of another shape.

    >>> from sklearn.datasets import load_digits
    >>> images, labels = load_digits(return_X_y=True)  # rows of 64 features: 8×8×1
    >>> classifier = CNNClassifier((8,), dense_units=(), learning_rate=0.03, random_state=0)
    >>> classifier = classifier.set_params(epochs=4, batch_size=100)
    >>> classifier.fit(images[:300], labels[:300]).score(images[300:500], labels[300:500]) > 0.6
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
        early_stopping=False,
        validation_fraction=0.1,
        n_iter_no_change=10,
        tol=1e-4,
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
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol

    def fit(self, X, y):
        """Train a new network on the images ``X`` with the labels ``y``.

        ``X``: (images, height, width, channels), (images, height, width) or (images, features);
        ``y``: (images,). Returns the classifier itself. Raises what the class says above.
        """
        random = self._random()
        before, drawn = dict(vars(self)), random.get_state()
        try:
            with worker_threads():
                return self._fit(X, y, random)
        except BaseException:
            self.__dict__ = before  # what a fit before this one has learned stays
            random.set_state(drawn)
            raise

    def _fit(self, X, y, random):
        rows, image_shape = _as_rows(X)
        rows, y = self._validated(rows, y)  # (N, H·W·C), (N,)
        classes, class_numbers = np.unique(y, return_inverse=True)  # (classes,), (N,)
        if len(classes) < 2:
            raise ValueError(
                f"y: expected labels of at least 2 classes, got 1 class: {classes}; there is "
                "nothing to tell apart. Was data that is sorted by class split into parts?"
            )
        image_shape = image_shape or _shape_of_row(self.n_features_in_)
        checks.rounds(self.epochs, "epochs")
        checks.positive_int(self.batch_size, "batch_size")
        model = self._new_model(image_shape, len(classes), random)
        watchers, held_out = [], None
        if self.early_stopping:
            rows, held_out, class_numbers, held_out_numbers = self._hold_out(
                rows, class_numbers, random
            )
            watchers = [self._stopping()]
        mean = float(rows.mean(dtype=np.float64))
        scale = _scale(rows, mean)
        images = _standardised(rows, image_shape, mean, scale)
        if held_out is not None:
            held_out = _standardised(held_out, image_shape, mean, scale), held_out_numbers
        history = model.fit(
            images,
            class_numbers,
            self.batch_size,
            self.epochs,
            verbose=self.verbose,
            callbacks=watchers,
            validation_data=held_out,
        )
        self._require_finite(history["loss"])
        self.model_ = model
        self.history_ = history
        self.n_iter_ = len(history.epoch)
        self.classes_ = classes
        self.image_shape_ = image_shape
        self.mean_ = mean
        self.scale_ = scale
        return self

    def predict_proba(self, X):
        """The probability of each class for each image: (images, classes) float64.

        ``X`` as in `fit`. Rows sum to 1. Raises ``NotFittedError`` or ``ValueError``.
        """
        check_is_fitted(self, "model_")
        rows, image_shape = _as_rows(X)
        if image_shape not in (None, self.image_shape_):
            raise ValueError(
                f"X: expected images of {size_text(self.image_shape_)}, as in fit, got "
                f"{size_text(image_shape)} (height×width×channels); resize them or convert their "
                "channels"
            )
        rows = self._validated(rows)  # (N, H·W·C)
        images = _standardised(rows, self.image_shape_, self.mean_, self.scale_)
        with worker_threads():
            probabilities = self.model_.predict(images).astype(np.float64)  # (N, classes)
        return probabilities / probabilities.sum(axis=1, keepdims=True)

    def predict(self, X):
        """The most probable label of each image: (images,).

        ``X`` as in `fit`. Raises ``NotFittedError`` or ``ValueError``.
        """
        most_probable = self.predict_proba(X).argmax(axis=1)  # (N,)
        return self.classes_[most_probable]

    def __getstate__(self):
        """For copies and pickles: they bring the device in use to processes that do not know it."""
        return super().__getstate__() | {"_device_there": kernels.in_use()}

    def __sklearn_clone__(self):
        twin = super().__sklearn_clone__()
        if hasattr(self, "_device_there"):  # a worker may clone what it was sent
            twin._device_there = self._device_there
        return twin

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True  # there is no tag for four axes
        return tags

    # Inside

    def _validated(self, X, *y):
        """The rows, and in `fit` the labels, after scikit-learn's checks; errors name X or y."""
        checks.unmasked(X, "X")
        for labels in y:
            checks.unmasked(labels, "y")
        try:
            checked = validate_data(self, X, *y, reset=bool(y))
            checks.in_float32(checked[0] if y else checked, "values")
            if y:
                check_classification_targets(checked[1])
        except (ValueError, TypeError) as error:
            where = "X and y" if y else "X"
            raise type(error)(f"{where}: {error}") from None
        return checked

    def _hold_out(self, rows, class_numbers, random):
        """Rows to train on and to validate on, and their classes in the same order."""
        share = arguments.real(self.validation_fraction, "validation_fraction", above=0, below=1)
        if np.bincount(class_numbers).min() < 2:
            raise ValueError(
                "early_stopping holds out images of each class, and of some there is only one in y"
            )
        try:
            return train_test_split(
                rows, class_numbers, test_size=share, stratify=class_numbers, random_state=random
            )
        except ValueError:
            raise ValueError(
                f"validation_fraction={share!r} of {len(rows)} images does not leave one of each "
                f"of the {class_numbers.max() + 1} classes on both sides; take another share, or "
                "more images"
            ) from None

    def _random(self):
        try:
            return check_random_state(self.random_state)
        except ValueError as error:
            raise ValueError(f"random_state: {error}") from None

    def _stopping(self):
        return EarlyStopping(
            "val_accuracy",
            min_delta=checks.limit(self.tol, "tol"),
            patience=checks.positive_int(self.n_iter_no_change, "n_iter_no_change"),
            restore_best_weights=True,
        )

    def _device(self):
        """The device to compute on; ``None`` for the one that is in use in this process."""
        if self.device is None and not kernels.chosen_here() and hasattr(self, "_device_there"):
            return kernels.restored(self._device_there)
        return self.device

    def _new_model(self, image_shape, classes, random):
        """The network, built and ready to train: from standardised images to probabilities."""
        own = self.make_layers is not None
        network = self._own_layers(classes) if own else self._default_layers(image_shape, classes)
        optimizer = self._new_optimizer()
        device = kernels.get(self._device())
        seed = random.randint(np.iinfo(np.int32).max)  # nothing is drawn for what is refused
        model = Sequential(network, image_shape, seed, device)
        if model.output_shape != (classes,):
            raise ValueError(
                f"make_layers: expected layers that give an output for each class, {(classes,)}, "
                f"got {model.output_shape}; end them with layers.Dense(classes)"
            )
        if not isinstance(model.operations[-1], Softmax):
            model.add(Softmax())
        model.compile(optimizer, "softmax_cross_entropy")
        return model

    def _default_layers(self, image_shape, classes):
        network = []
        side = min(image_shape[:2])
        for filters in _tuple(self.filters, "filters", "convolutional"):
            network.append(Conv2D(filters, self.kernel_size, padding="same", activation="relu"))
            if side >= _SMALLEST_POOLED:
                network.append(MaxPooling2D(2))  # (N, H, W, C) → (N, H/2, W/2, C)
                side //= 2
        network.append(Flatten())
        for units in _tuple(self.dense_units, "dense_units", "dense"):
            network.append(Dense(units, activation="relu"))
        return [*network, Dense(classes, activation="softmax")]

    def _own_layers(self, classes):
        try:
            arguments.function(self.make_layers, "make_layers", "classes")
        except TypeError as error:
            raise TypeError(
                "make_layers must be a function that is called with the number of classes and "
                f"gives a list of layers: {error}"
            ) from None
        network = self.make_layers(classes)
        if not isinstance(network, list):
            raise TypeError(f"make_layers must give a list of layers, got {network!r}")
        for layer in parts_of(layer for layer in network if isinstance(layer, Layer)):
            if layer.backend is not None:
                raise ValueError(
                    f"make_layers must give new layers each time it is called, got {layer}, which "
                    "is trained already; make the layers inside the function"
                )
        return network

    def _new_optimizer(self):
        names = sorted(optimizers.BY_NAME)
        if not isinstance(self.optimizer, str) or self.optimizer not in names:
            raise ValueError(f"optimizer must be one of {names}, got {self.optimizer!r}")
        return optimizers.BY_NAME[self.optimizer](self.learning_rate)

    def _require_finite(self, losses):
        if not isfinite(losses[-1]):
            raise ValueError(
                f"training diverged: the loss was {losses[-1]} in epoch {len(losses)}; take a "
                f"learning_rate below {self.learning_rate:g}"
            )


def _as_rows(X):
    """Images as rows, for which scikit-learn's checks are made, and one image's shape.

    What is no image, rows above all, is left to those checks as it is, and has no shape yet.
    """
    if issparse(X):
        return X, None
    try:
        if not hasattr(X, "shape") or not hasattr(X, "__getitem__"):  # a list, say
            X = np.asarray(X)
        shape = X.shape
    except ValueError:
        raise ValueError(
            "X: expected images of one size, got different ones; bring them to one size first"
        ) from None
    if len(shape) < 3:
        return X, None
    if len(shape) > 4:
        raise ValueError(
            "X: expected images (images, height, width, channels), grey ones without channels, or "
            f"rows (images, features), got {len(shape)} axes: {shape}"
        )
    rows = np.reshape(X, (shape[0], prod(shape[1:])))  # (N, H·W·C)
    return rows, (*shape[1:], 1)[:3]


def _scale(rows, mean):
    """The standard deviation of all pixels; 1 for images that are all one colour."""
    squares = sum(float(((rows[part] - mean) ** 2).sum()) for part in _parts(rows))
    return (squares / rows.size) ** 0.5 or 1.0


def _standardised(rows, image_shape, mean, scale):
    """The rows as images (N, H, W, C) float32 of about mean 0 and standard deviation 1.

    Part by part in float64, so that no digits are lost where the mean is large beside the
    differences, and no array of that type holds them all.
    """
    images = np.empty((len(rows), *image_shape), np.float32)
    for part in _parts(rows):
        images[part] = ((rows[part] - mean) / scale).reshape(-1, *image_shape)
    return images


def _parts(rows):
    return batch_slices(len(rows), ROWS_AT_ONCE)


def _shape_of_row(features):
    """The shape of the image that a row of features is taken for."""
    side = isqrt(features)
    square = side * side == features and features >= _SMALLEST_SQUARE
    return (side, side, 1) if square else (1, features, 1)


def _tuple(value, name, kind):
    """The argument ``name`` if it lists one value for each layer of its kind."""
    if not isinstance(value, (tuple, list)):
        raise TypeError(
            f"{name} must be a tuple with a number for each {kind} layer, such as (16, 32) or "
            f"(16,), got {value!r}"
        )
    return value
