"""The model: a chain of layers, trained and used as a whole."""

from contextlib import closing
from copy import copy
from itertools import islice
from math import isfinite

import numpy as np

from .. import losses, optimizers
from ..datasets.batches import ArrayBatches, Batches
from ..support import checks
from ..support.interrupts import defer_interrupt
from ..support.progress import progress
from . import saving
from .chain import Chain
from .loss_inputs import loss_inputs
from .targets import WithTargets, require_alone, require_same_classes


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

    def __init__(self, layers=(), input_shape=None, seed=None, device=None, fuse=True):
        super().__init__(layers, input_shape, seed, device, fuse)
        self.optimizer = self.loss = None
        self.history = History()

    # Training

    def compile(self, optimizer="sgd", loss="softmax_cross_entropy", metrics=("accuracy",)):
        """Choose how to train: an optimizer and a loss, or their names.

        ``metrics`` is there for Keras's calls: accuracy is the only one, and always computed.

        The model keeps a copy of the loss, and tells it whether its outputs are logits or
        probabilities. Raises ``ValueError`` for a loss that does not fit the last layer.
        """
        if not set(metrics or ()) <= {"accuracy", "acc"}:
            raise ValueError(
                f"metrics: accuracy is all that fit and evaluate give, got {metrics!r}; for more, "
                "take cnncourse.metrics on what predict gives"
            )
        optimizer = optimizers.get(optimizer)
        loss = copy(losses.get(loss))
        if self.layers:
            loss_inputs(self.operations, loss)
        self.optimizer = optimizer
        self.loss = loss

    def to(self, device):
        """Move the model to another device, the optimizer's state included; gives the model."""
        before = self.backend
        super().to(device)
        if self.optimizer is not None:
            self.optimizer.to(self.layers, before, self.backend)
        return self

    def scores(self, x, training=False):
        """What the loss takes: logits, or the probabilities where the model gives no logits.

        In a loop of your own, the loss and `backward` are stable on them for scores of any size.
        """
        return self._run(self._before_loss(), self._images(x), training)

    def train_on_batch(self, x, y):
        """One step of the optimizer on the images ``x`` with the labels ``y``; gives the loss.

        Bad input is a ``ValueError`` or ``TypeError`` before any weight is changed.
        """
        images, targets = self._images_and_targets(x, y)
        self._build_for(images)
        return self._step(images, targets)[0]

    def fit(
        self,
        x,
        y=None,
        batch_size=None,
        epochs=1,
        validation_data=None,
        shuffle=True,
        verbose=True,
        steps_per_epoch=None,
        validation_steps=None,
    ):
        """Train on the images ``x`` with the labels ``y``, or on the images in a folder.

        Parameters
        ----------
        x : array (images, *input_shape), or Batches
            Arrays of any number type; computed in the backend's. Or a source of batches, such as
            ``datasets.image_folder(…)``, which has the labels, a batch size and an order of its
            own: leave out ``y`` and ``batch_size``; ``shuffle`` counts for arrays only.
        y : array (images,) of class numbers, or (images, classes) one-hot
        batch_size : int
            Images a step, 32 by default; the last step of an epoch takes those that are left.
        epochs : int
            How many times to go through all images.
        validation_data : pair (x, y), or Batches
            Evaluated after each epoch, never trained on.
        shuffle : bool
            Whether each epoch takes the images in a new order.
        verbose : bool
            Whether to show a progress bar for each epoch.
        steps_per_epoch : int
            How many batches make an epoch; those of all images if left out. The next epoch goes on
            where this one ended, and after the last image the first ones come again.
        validation_steps : int
            How many batches of the validation data to evaluate, always the same, of images taken
            evenly from all; all images if left out.

        Returns
        -------
        dict
            ``"loss"`` and ``"accuracy"``: a list with a number an epoch, the mean over its steps
            as they were taken, so before the epoch was over; with validation data also
            ``"val_loss"`` and ``"val_accuracy"``. A loss without an accuracy leaves it out. As in
            Keras, ``.history`` is the dict itself, and ``.epoch`` the epochs' numbers. The same
            dict is ``model.history``: after Ctrl-C it holds the epochs that were finished,
            the model is whole, and another `fit` goes on from there.

        A loss that is not finite ends training, with a line that says why and what to do: more
        epochs would not bring it back. Raises ``ValueError`` or ``TypeError`` for bad input, before
        any weight is changed.
        """
        epochs = checks.positive_int(epochs, "epochs")
        steps_per_epoch = _steps(steps_per_epoch, "steps_per_epoch")
        validation_steps = _steps(validation_steps, "validation_steps")
        source = self._source(x, y, batch_size, 32, self._order_rng if shuffle else None)
        validation = self._validation(validation_data, batch_size, source)
        self._build_for(source.dummy_images())
        self.history = history = History()
        with closing(source.endless()) as stream:
            for epoch in range(epochs):
                steps = steps_per_epoch or len(source)
                title = f"epoch {epoch + 1}/{epochs}"
                with progress(desc=title, total=steps, disable=not verbose) as bar:
                    figures = self._epoch(islice(stream, steps), bar)
                    if validation is not None:
                        after = self._evaluate(validation, validation_steps)
                        figures |= {f"val_{name}": figure for name, figure in after.items()}
                        bar.set_postfix_str(_in_words(figures))
                for name, figure in figures.items():
                    history.setdefault(name, []).append(figure)
                if not isfinite(figures["loss"]):
                    print(self._why_not_finite(source.max_value))
                    break
        return history

    def evaluate(self, x, y=None, batch_size=None, verbose=0):
        """Mean loss and accuracy on the images ``x`` with the labels ``y``.

        ``x`` may be a source of batches, as in `fit`; ``batch_size``: 100 by default. The accuracy
        is from 0 to 1, or ``None`` for a loss that has none. ``verbose`` is there for Keras's
        calls: no bar is shown.
        """
        source = self._source(x, y, batch_size, 100)
        self._build_for(source.dummy_images())
        figures = self._evaluate(source)
        return figures["loss"], figures.get("accuracy")

    def predict(self, x, batch_size=None, verbose=0):
        """What the last layer gives for each image: a NumPy array (images, *output_shape).

        ``x`` may be a source of batches, as in `fit`; a folder's images are taken in the order of
        its ``files``. ``batch_size``: 100 by default. ``verbose`` is there for Keras's calls: no
        bar is shown.
        """
        if isinstance(x, Batches):
            require_alone(x, None, batch_size)
            self._images(x.dummy_images())
        else:
            x = ArrayBatches([self._images(x)], 100 if batch_size is None else batch_size)
        parts = []
        for images, *_ in x.ordered():
            parts.append(self.backend.to_numpy(self._infer(self.operations, images)))
        return np.concatenate(parts)

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
        saving.save(self, path)

    @classmethod
    def load(cls, path, custom=()):
        """The model that `save` wrote to ``path``, on the device that is in use now.

        ``custom``: classes of your own that it has layers, an optimizer or a loss of. Nothing in
        the file is executed. Raises ``FileNotFoundError``, or ``ValueError`` for a file that is
        damaged, or no model of ours.
        """
        return saving.load(path, cls, custom)

    # Inside

    def _source(self, x, y, batch_size, usual_size, rng=None, input_shape=None):
        """Batches of images and targets, checked as far as that goes before they are made.

        Nothing is built yet; ``input_shape`` is what a model without one is about to be built for.
        """
        if not isinstance(x, Batches):
            batch_size = usual_size if batch_size is None else batch_size
            return ArrayBatches(self._images_and_targets(x, y, input_shape), batch_size, rng)
        require_alone(x, y, batch_size)
        try:
            self._images_and_targets(x.dummy_images(), x.all_labels, input_shape)
        except ValueError as error:
            raise ValueError(f"{error}. {x.advice}") from None
        return WithTargets(x, self._targets)

    def _validation(self, data, batch_size, training):
        """The source of the validation data, a pair or a source, or ``None``."""
        if data is None:
            return None
        shape = training.dummy_images().shape[1:]
        if isinstance(data, Batches):
            source = self._source(data, None, None, 32, input_shape=shape)
            require_same_classes(training, source)
            return source
        if not isinstance(data, (tuple, list)) or len(data) != 2:
            kind = f"{type(data).__name__} of {len(data)}" if hasattr(data, "__len__") else data
            raise ValueError(
                f"validation_data must be a pair (x, y), or a source of batches, got {kind}"
            )
        try:
            return self._source(*data, batch_size, 32, input_shape=shape)
        except (ValueError, TypeError) as error:
            raise type(error)(f"validation_data: {error}") from None

    def _images_and_targets(self, x, y, input_shape=None):
        self._require_compiled()
        images = self._checked_images(x, input_shape)
        output_shape = self._shapes(images.shape[1:])[-1]
        return images, self.loss.targets(y, (len(images), *output_shape))

    def _targets(self, y, count):
        return self.loss.targets(y, (count, *self.output_shape))

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

    def _step(self, x, targets):
        """One step of the optimizer; the loss and the outputs before it.

        No step is taken where the loss is not finite: its gradient would spoil every weight.
        """
        outputs = self._run(self._before_loss(), x, training=True)
        loss = self.loss.value(outputs, targets, self.backend)
        if isfinite(loss):
            self.backward(self.loss.gradient(), need_input_gradient=False)
            with defer_interrupt():
                self.optimizer.step(self.layers)
        return loss, outputs

    def _epoch(self, batches, bar):
        """A step for each batch, or until the loss is not finite; their mean figures."""
        totals = _Totals()
        for x, targets in batches:
            loss, outputs = self._step(x, targets)
            totals.add(loss, self.backend.to_numpy(outputs), targets, self.loss)
            bar.set_postfix_str(_in_words(totals.figures()), refresh=False)
            bar.update()
            if not isfinite(loss):
                break
        return totals.figures()

    def _evaluate(self, source, steps=None):
        """The figures of all batches. It has a loss of its own: another thread may be training."""
        totals = _Totals()
        operations = self._before_loss()
        loss = copy(self.loss)
        for x, targets in source.ordered(steps):
            outputs = self._infer(operations, x)
            value = loss.value(outputs, targets, self.backend)
            totals.add(value, self.backend.to_numpy(outputs), targets, loss)
        return totals.figures()

    def _why_not_finite(self, largest):
        """What a person can do about a loss that is not finite, for inputs up to ``largest``."""
        unscaled = f"the inputs go up to {largest:g}: scale them to about 1; or "
        return (
            "Training stopped: the loss is not finite any more, the weights have grown without "
            f"bounds. What helps: {unscaled if largest > 10 else ''}a smaller learning rate (it is "
            f"{self.optimizer.learning_rate:g}), in a new model."
        )


class History(dict):
    """What `fit` gives: figures by name, a list with a number for each epoch."""

    @property
    def history(self):
        return self

    @property
    def epoch(self):
        return list(range(len(self.get("loss", ()))))


def _steps(steps, name):
    """A number of batches, or ``None`` for those of all images."""
    return None if steps is None else checks.positive_int(steps, name)


class _Totals:
    """Losses and correct predictions, added up batch by batch."""

    def __init__(self):
        self.loss = 0.0
        self.correct = 0
        self.images = 0

    def add(self, mean_loss, outputs, targets, loss):
        """Add a batch: its mean loss, and what ``loss`` counts as correct, if it counts at all."""
        self.loss += mean_loss * len(outputs)
        self.images += len(outputs)
        correct = loss.count_correct(outputs, targets)
        self.correct = None if correct is None else self.correct + correct

    def figures(self):
        """The means by name; the accuracy only if there is one."""
        figures = {"loss": self.loss / self.images}
        if self.correct is not None:
            figures["accuracy"] = self.correct / self.images
        return figures


def _in_words(figures):
    """``loss 0.0827 (val 0.0691), accuracy 97.61% (val 98.06%)`` for the progress bar."""
    words = []
    for name, form in {"loss": "{:.4f}", "accuracy": "{:.2%}"}.items():
        if name in figures:
            validation = figures.get(f"val_{name}")
            beside = "" if validation is None else f" (val {form.format(validation)})"
            words.append(f"{name} {form.format(figures[name])}{beside}")
    return ", ".join(words)
