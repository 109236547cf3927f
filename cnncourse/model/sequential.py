"""The model: a chain of layers, trained and used as a whole."""

from copy import copy
from math import isfinite

import numpy as np

from .. import losses, optimizers
from ..datasets.batches import ArrayBatches, Batches
from ..support import arguments, checks
from ..support.elsewhere import advising
from ..support.interrupts import defer_interrupt
from . import few_images, saving
from .chain import Chain
from .fitting import Fitting
from .fully_convolutional import fully_convolutional
from .history import History
from .loss_inputs import loss_inputs
from .names_elsewhere import ARGUMENTS
from .run import Run
from .sources import source_of
from .targets import require_alone
from .totals import Totals


class Sequential(Chain):
    """A chain of layers, each of which takes what the one before it gives, and how to train it.

    Parameters
    ----------
    layers : list of Layer
    input_shape : tuple of int
        One image's shape: (height, width, channels), or (features,). Left out, it is that of the
        first images the model sees.
    seed : int
        Fixes the initial weights, the order of the images in `fit`, and what dropout drops: same
        seed, same machine, same bits. Left out, they differ in each run.
    device : str
        ``"cpu"``, ``"cuda"`` (an NVIDIA GPU), ``"auto"`` (the GPU if there is one) or
        ``"reference"`` (NumPy in float64); the one chosen with ``use_device`` if left out. Or a
        backend with functions of your own, from `kernels.variant`.
    fuse : bool
        Whether the CPU may do several layers in one step, with the same results up to rounding.
        With ``False``, every layer runs as its file in ``cnncourse/layers`` is written.

    >>> from cnncourse import Sequential, layers
    >>> model = Sequential([layers.Flatten(), layers.Dense(10)], input_shape=(28, 28, 1), seed=0)
    >>> model.count_params()
    7850
    """

    @advising(ARGUMENTS)
    def __init__(self, layers=(), input_shape=None, seed=None, device=None, fuse=True):
        super().__init__(layers, input_shape, seed, device, fuse)
        self.optimizer = self.loss = None
        self.history = History()
        self.run = Run()
        self.stop_training = False

    # Training

    def compile(self, optimizer="sgd", loss="softmax_cross_entropy", metrics=("accuracy",)):
        """Choose how to train: an optimizer and a loss, or their names.

        ``metrics`` is there for Keras's calls: accuracy is the only one, and always computed.

        The model keeps a copy of the loss, and tells it whether its outputs are logits or
        probabilities. Raises ``ValueError`` for a loss that does not fit the last layer.
        """
        if metrics is not None:
            names = [] if isinstance(metrics, str) else arguments.texts(metrics, "metrics")
            if isinstance(metrics, str) or not set(names) <= {"accuracy", "acc"}:
                raise ValueError(
                    "metrics: accuracy is all that fit and evaluate give, as in ['accuracy'], got "
                    f"{metrics!r}; for more, take cnncourse.metrics on what predict gives"
                )
        optimizer = optimizers.get(optimizer)
        loss = copy(losses.get(loss))
        if self.layers:
            loss_inputs(self.operations, loss)
        self.optimizer = optimizer
        self.loss = loss

    def _move(self, backend):
        """Move the optimizer's state, too."""
        before = self.backend
        super()._move(backend)
        if self.optimizer is not None:
            self.optimizer.to(self.layers, before, backend)

    def scores(self, x, training=False):
        """What the loss takes: logits, or the probabilities where the model gives no logits.

        In a loop of your own, the loss and `backward` are stable on them for scores of any size.
        """
        training = arguments.flag(training, "training")
        return self._run(self._before_loss(), self._images(x), training)

    def train_on_batch(self, x, y, sample_weight=None, class_weight=None):
        """One step of the optimizer on the images ``x`` with the labels ``y``; gives the loss.

        ``sample_weight``, ``class_weight``: as in `fit`. Bad input is a ``ValueError`` or
        ``TypeError`` before any weight is changed.
        """
        if isinstance(x, Batches):
            raise TypeError(f"x must be an array, the images of one batch, got {x!r}")
        source = source_of(self, x, y, None, checks.MOST, None, sample_weight, class_weight)
        self._build_for(source.dummy_images())
        self._require_trainable()
        (batch,) = source.ordered()
        return self._step(*batch)

    def fit(
        self,
        x,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=(),
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        augment=None,
        resume=False,
    ):
        """Train on the images ``x`` with the labels ``y``, or on the images in a folder.

        Parameters
        ----------
        x : array (images, *input_shape), or Batches
            Arrays of any number type; computed in the backend's. Another height and width than the
            model was built for will do where all layers take it. Or a source of batches, such as
            ``datasets.image_folder(…)``, which has the labels, a batch size and an order of its
            own: leave out ``y`` and ``batch_size``; ``shuffle`` counts for arrays only.
        y : array (images,) of class numbers, or (images, classes) one-hot
        batch_size : int
            Images a step, 32 by default; the last step of an epoch takes those that are left.
        epochs : int
            The epoch to train to: how many times to go through all images, if none was done yet.
        verbose : "auto", 0, 1 or 2
            Nothing (0, or ``False``), a progress bar for each epoch (1, ``True`` or ``"auto"``), or
            a line for each (2).
        callbacks : list
            What to call while training: see ``cnncourse.callbacks``. A plain function is called
            after each epoch with its number, from 0, and a dict of its figures.
        validation_split : float
            The share of the images, the last ones, to evaluate on and not to train on; for arrays.
        validation_data : pair (x, y), triple (x, y, sample_weight), or Batches
            Evaluated after each epoch, never trained on.
        shuffle : bool
            Whether each epoch takes the images in a new order.
        class_weight : dict, or "balanced"
            How much the images of a class count in the training loss, by class number; 1 for those
            left out. ``"balanced"``: images / (classes · images of the class), so that all classes
            together count alike.
        sample_weight : array (images,)
            How much each image counts in the training loss. With weights, the loss of a batch is
            the sum of weight · loss, divided by the number of its images, as in Keras.
        initial_epoch : int
            The number of the first epoch, from 0, for what goes by it: callbacks and titles.
        steps_per_epoch : int
            How many batches make an epoch; those of all images if left out. The next epoch goes on
            where this one ended, and after the last image the first ones come again.
        validation_steps : int
            How many batches of the validation data to evaluate, always the same, of images taken
            evenly from all; all images if left out.
        augment : function
            Changes the images of each batch anew before they are trained on: called with images
            (N, height, width, channels) and a ``numpy.random.Generator``, it gives images of the
            same shape. An ``augmentation.Augmentation`` is one. For arrays.
        resume : bool
            Whether to go on with the training that Ctrl-C, or the end of the process, has stopped,
            where the model (or its file) stands: same weights, bit for bit, as without a stop, if
            the images and arguments are the same. ``history`` goes on, too. A model that was never
            trained just begins.

        Returns
        -------
        History
            A dict: ``"loss"`` and ``"accuracy"``, a list with a number an epoch, the mean over its
            steps as they were taken, so before the epoch was over; with validation data also
            ``"val_loss"`` and ``"val_accuracy"``; and ``"learning_rate"``, that of the epoch's end.
            A loss without an accuracy leaves it out. As in Keras, ``.history`` is the dict itself,
            and ``.epoch`` the epochs' numbers. The same dict is ``model.history``: after Ctrl-C it
            holds the epochs that were finished, the model is whole, and another `fit` goes on from
            there.

        A loss that is not finite ends training, with a line that says why and what to do: more
        epochs would not bring it back. Raises ``ValueError`` or ``TypeError`` for bad input, before
        any weight is changed.
        """
        return Fitting(
            self,
            x,
            y,
            batch_size,
            epochs,
            verbose,
            callbacks,
            validation_split,
            validation_data,
            shuffle,
            class_weight,
            sample_weight,
            initial_epoch,
            steps_per_epoch,
            validation_steps,
            augment,
            resume,
        ).train()

    def evaluate(self, x, y=None, batch_size=None, verbose=0, sample_weight=None):
        """Mean loss and accuracy on the images ``x`` with the labels ``y``.

        ``x`` may be a source of batches, as in `fit`; ``batch_size``: 100 by default;
        ``sample_weight``: as in `fit`, for the loss. The accuracy is from 0 to 1, or ``None`` for a
        loss that has none. ``verbose`` is there for Keras's calls: no bar is shown.
        """
        source = source_of(self, x, y, batch_size, 100, sample_weight=sample_weight)
        self._build_for(source.dummy_images())
        figures = self._evaluate(source)
        return figures["loss"], figures.get("accuracy")

    def predict(self, x, batch_size=None, verbose=0):
        """What the last layer gives for each image: a NumPy array (images, *output_shape).

        ``x`` may be of another height and width, as in `forward`, or a source of batches, as in
        `fit`; a folder's images are taken in the order of its ``files``. ``batch_size``: 100 by
        default. ``verbose`` is there for Keras's calls: no bar is shown.
        """
        if batch_size is not None:
            batch_size = checks.positive_int(batch_size, "batch_size")
        if isinstance(x, Batches):
            require_alone(x, batch_size=batch_size)
            self._images(x.dummy_images())
        else:
            outputs = few_images.predict(self, x)
            if outputs is None:
                x = self._images(x)
                outputs = few_images.predict(self, few_images.prepared(self, x))
            if outputs is not None:
                return outputs
            x = ArrayBatches([x], 100 if batch_size is None else batch_size)
        parts = []
        for images, *_ in x.ordered():
            parts.append(self.backend.to_numpy(self._infer(self.operations, images)))
        return np.concatenate(parts)

    def fully_convolutional(self):
        """The same network for images of any size, from the model's own up: a new model.

        Each `Flatten` is gone, and each `Dense` is a `Conv2D` with the same weights; behind a
        `Flatten` its window is as large as the map was. A global pooling slides a window of that
        size. For images of the model's size, the new model gives (images, 1, 1, classes), the same
        numbers up to rounding; for larger ones a map (images, rows, columns, classes), in which
        each position is what the model gives for one part of the image. Neighbouring parts lie as
        many pixels apart as all strides in a row make up, and what they share is computed once.

        Where layers pad, a part has zeros around it only at the image's edge, and its neighbours'
        pixels elsewhere: there the numbers are close, and the same only without padding.

        The weights are copies; the new model is not compiled. Raises ``ValueError`` for a model
        without shapes, or one of features, or with a layer that needs all values of a map at once
        and is no `Dense`.

        >>> from cnncourse import Sequential, layers
        >>> chain = [layers.Conv2D(4, 3), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(2)]
        >>> model = Sequential(chain, input_shape=(8, 8, 1), seed=0)
        >>> model.fully_convolutional().predict(np.zeros((1, 12, 16, 1))).shape
        (1, 3, 5, 2)

        Source: Long, Shelhamer & Darrell, *Fully Convolutional Networks for Semantic
        Segmentation*, 2015.
        """
        layers = fully_convolutional(self.layers, self._known_shape())
        return Sequential(layers, self.input_shape, device=self.backend, fuse=self.fuse)

    # Keeping

    def save(self, path):
        """Write the model to ``path``, a ``.npz`` file.

        It holds architecture, weights, optimizer and its state, loss, and the state of the random
        generators: loaded, the model predicts and goes on training exactly as this one would. Of
        kernels of your own (`kernels.variant`) it holds none, and a printed line says so. The file
        is written beside ``path`` and then takes its place in one step: whatever happens, there is
        a whole file there, the old or the new.

        Raises ``ValueError`` for a model without shapes, ``TypeError`` for one with an argument
        that no file can hold, such as a function, and ``OSError`` where nothing can be written.
        """
        self._known_shape()
        saving.save(self, checks.file_path(path, "path"))

    @classmethod
    def load(cls, path, custom=()):
        """The model that `save` wrote to ``path``, on the device that is in use now.

        ``custom``: classes of your own that it has layers, an optimizer or a loss of. Nothing in
        the file is executed. Raises ``FileNotFoundError``, or ``ValueError`` for a file that is
        damaged, or no model of ours.
        """
        return saving.load(path, cls, custom)

    # Inside

    def _images_and_targets(self, x, y, input_shape=None):
        self._require_compiled()
        images = self._checked_images(x, input_shape)
        output_shape = self._shapes(images.shape[1:])[-1]
        return images, self.loss.targets(y, (len(images), *output_shape))

    def _require_compiled(self):
        if self.loss is None:
            raise RuntimeError("choose an optimizer and a loss first: model.compile(…)")

    def _before_loss(self):
        """The operations whose outputs the loss takes, after it was told what they are."""
        self._require_compiled()
        operations, from_logits = loss_inputs(self.operations, self.loss)
        if from_logits is not None:
            self.loss.from_logits = from_logits
        return operations

    def _step(self, *batch, done=None):
        """One step of the optimizer on images, targets and perhaps weights; the loss before it.

        No step is taken where the loss is not finite: its gradient would spoil every weight.
        ``done`` is called with what `_gradients` gives; Ctrl-C does not come between the step and
        it.
        """
        loss, images, correct = self._gradients(*batch)
        with defer_interrupt():
            if isfinite(loss):
                self.optimizer.step(self.layers)
            if done is not None:
                done(loss, images, correct)
        return loss

    def _gradients(self, x, targets, *weights):
        """The mean loss of a batch, how many images it has and how many were correct, or ``None``.

        Fills each layer's ``gradients``, unless the loss is not finite.
        """
        outputs = self._run(self._before_loss(), x, training=True)
        loss = self.loss.value(outputs, targets, self.backend, *weights)
        # before the backward pass, for which a GPU's numbers would have to wait
        correct = self.loss.count_correct(self.backend.to_numpy(outputs), targets)
        if isfinite(loss):
            self._go_back(self.loss.gradient(), need_input_gradient=False)
        return loss, len(outputs), correct

    def _evaluate(self, source, steps=None):
        """The figures of all batches. It has a loss of its own: another thread may be training."""
        totals = Totals()
        operations = self._before_loss()
        loss = copy(self.loss)
        for x, targets, *weights in source.ordered(steps):
            outputs = self._infer(operations, x)
            value = loss.value(outputs, targets, self.backend, *weights)
            correct = loss.count_correct(self.backend.to_numpy(outputs), targets)
            totals.add(value, len(outputs), correct)
        return totals.figures()

    def _why_not_finite(self, largest):
        """What a person can do about a loss that is not finite, for inputs up to ``largest``."""
        unscaled = f"the inputs go up to {largest:g}: scale them to about 1; or "
        return (
            "Training stopped: the loss is not finite any more, the weights have grown without "
            f"bounds. What helps: {unscaled if largest > 10 else ''}a smaller learning rate (it is "
            f"{self.optimizer.learning_rate:g}), in a new model."
        )
