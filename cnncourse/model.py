"""The model: a chain of layers, trained and used as a whole."""

import numpy as np

from . import checks, kernels, losses, optimizers
from .layers import Layer
from .layers.base import snake_case
from .progress import progress
from .summary import table


class Sequential:
    """A chain of layers; each takes what the one before it gives.

    Parameters
    ----------
    layers : list of Layer
    input_shape : tuple of int
        One image's shape: (height, width, channels), or (features,). Left out, it is that of the
        first images the model sees.
    seed : int
        Fixes the initial weights and the order of the images in `fit`: same seed, same machine,
        same bits. Left out, they differ in each run.
    device : str
        ``"cpu"`` or ``"reference"``; the one chosen with ``use_device`` if left out.

    >>> from cnncourse import Sequential, layers
    >>> model = Sequential([layers.Flatten(), layers.Dense(10)], input_shape=(28, 28, 1), seed=0)
    >>> model.count_params()
    7850
    """

    def __init__(self, layers=(), input_shape=None, seed=None, device=None):
        self.layers = []
        self.input_shape = None if input_shape is None else tuple(input_shape)
        self.backend = kernels.get(device)
        self.optimizer = self.loss = None
        weights, order = np.random.SeedSequence(seed).spawn(2)
        self._weights_rng = np.random.default_rng(weights)
        self._order_rng = np.random.default_rng(order)
        for layer in layers:
            self.add(layer)

    def __repr__(self):
        names = ", ".join(layer.name for layer in self.layers)
        return f"Sequential({names}) with {self.count_params():,} parameters"

    # Building

    def add(self, layer):
        """Put ``layer`` at the end of the chain.

        Raises ``TypeError`` for what is no layer, and ``ValueError`` for a layer that cannot take
        what the chain gives, or is in the chain already; the model stays as it was.
        """
        if not isinstance(layer, Layer):
            raise TypeError(f"a model is made of layers, such as layers.Dense(10), got {layer!r}")
        if layer in self.layers:
            raise ValueError(f"{layer} is in this model already; make a second layer")
        if layer.backend is None:
            alike = sum(type(other) is type(layer) for other in self.layers)
            layer.name = f"{snake_case(type(layer).__name__)}_{alike + 1}"
        if self.input_shape is not None:
            self._build(layer, self.output_shape)
        self.layers.append(layer)

    def _build(self, layer, shape):
        """Give ``layer`` its weights, unless it has them, from another model say."""
        if layer.backend is None:
            layer.build(shape, self.backend, self._weights_rng)
        else:
            layer.output_shape(shape)

    def _build_for(self, x):
        """Build all layers for the images ``x``, if no ``input_shape`` was given."""
        if not self.layers:
            raise ValueError("the model has no layers yet: add some, as in model.add(layers.…)")
        if self.input_shape is None:
            shapes = [np.shape(x)[1:]]
            for layer in self.layers:  # all shapes first: an error leaves nothing half-built
                shapes.append(layer.output_shape(shapes[-1]))
            for layer, shape in zip(self.layers, shapes[:-1], strict=True):
                self._build(layer, shape)
            self.input_shape = shapes[0]

    @property
    def operations(self):
        """The chain in single steps: layers, and the activations named in their arguments."""
        return [operation for layer in self.layers for operation in layer.operations]

    @property
    def output_shape(self):
        """The shape of one image's output."""
        shape = self.input_shape
        for layer in self.layers:
            shape = layer.output_shape(shape)
        return shape

    def to(self, device):
        """Move the weights to another device, and go on there; gives the model itself."""
        self.backend = kernels.get(device)
        for operation in self.operations:
            operation.to(self.backend)
        return self

    def count_params(self):
        """How many numbers the model learns."""
        return sum(layer.count_params() for layer in self.layers)

    def summary(self):
        """Print layers, output shapes and parameters as a table."""
        if self.input_shape is None:
            raise ValueError("shapes are unknown: give Sequential its input_shape, or fit it first")
        print(table(self.layers, self.input_shape))

    def get_weights(self):
        """Copies of all layers' parameters in one list, as in Keras."""
        return [weight for layer in self.layers for weight in layer.get_weights()]

    def set_weights(self, weights):
        """Replace all parameters by a list as `get_weights` gives it.

        Raises ``ValueError``, with nothing changed, where number or shapes differ.
        """
        counts = [len(layer.parameters) for layer in self.layers]
        if len(weights) != sum(counts):
            raise ValueError(f"expected {sum(counts)} arrays of weights, got {len(weights)}")
        ends = np.cumsum(counts)
        parts = [weights[end - count : end] for end, count in zip(ends, counts, strict=True)]
        for layer, part in zip(self.layers, parts, strict=True):
            layer.check_weights(part)
        for layer, part in zip(self.layers, parts, strict=True):
            layer.set_weights(part)

    # The two directions

    def forward(self, x, training=False):
        """The outputs for a batch of images, through all layers.

        ``x``: (images, *input_shape), any number type. ``training``: whether layers should behave
        as in training. Gives the backend's array (images, *output_shape).
        """
        x = self._images(x)
        return _forward(self.operations, self.backend.asarray(x), training)

    def backward(self, gradient):
        """From d loss / d outputs to d loss / d images; fills each layer's ``gradients``.

        It goes back through what the last `forward` computed.
        """
        return _backward(self.operations, self.backend.asarray(gradient))

    # Training and use

    def compile(self, optimizer="sgd", loss="softmax_cross_entropy"):
        """Choose how to train: an optimizer and a loss, or their names."""
        optimizer, loss = optimizers.get(optimizer), losses.get(loss)
        self.optimizer, self.loss = optimizer, loss

    def train_on_batch(self, x, y):
        """One step of the optimizer on the images ``x`` with the labels ``y``; gives the loss.

        Bad input is a ``ValueError`` or ``TypeError`` before any weight is changed.
        """
        x, targets = self._images_and_targets(x, y)
        return self._step(x, targets)[0]

    def fit(self, x, y, batch_size=32, epochs=1, validation_data=None, shuffle=True, verbose=True):
        """Train on the images ``x`` with the labels ``y``.

        Parameters
        ----------
        x : array (images, *input_shape)
            Any number type; computed in the backend's.
        y : array (images,) of class numbers, or (images, classes) one-hot
        batch_size : int
            Images a step; the last step of an epoch takes those that are left.
        epochs : int
            How many times to go through all images.
        validation_data : pair (x, y)
            Evaluated after each epoch, never trained on.
        shuffle : bool
            Whether each epoch takes the images in a new order.
        verbose : bool
            Whether to show a progress bar for each epoch.

        Returns
        -------
        dict
            ``"loss"`` and ``"accuracy"``: a list with a number an epoch, the mean over its steps
            as they were taken, so before the epoch was over; with validation data also
            ``"val_loss"`` and ``"val_accuracy"``.

        Raises ``ValueError`` or ``TypeError`` for bad input, before any weight is changed.
        """
        batch_size = checks.positive_int(batch_size, "batch_size")
        epochs = checks.positive_int(epochs, "epochs")
        x, targets = self._images_and_targets(x, y)
        validation = None if validation_data is None else self._images_and_targets(*validation_data)
        history = {}
        for epoch in range(epochs):
            order = self._order_rng.permutation(len(x)) if shuffle else np.arange(len(x))
            bar = progress(
                desc=f"epoch {epoch + 1}/{epochs}",
                total=-(-len(x) // batch_size),
                disable=not verbose,
            )
            with bar:
                figures = self._epoch(x, targets, order, batch_size, bar)
                if validation is not None:
                    loss, accuracy = self._evaluate(*validation, batch_size)
                    figures |= {"val_loss": loss, "val_accuracy": accuracy}
                    bar.set_postfix_str(_in_words(figures))
            for name, figure in figures.items():
                history.setdefault(name, []).append(figure)
        return history

    def evaluate(self, x, y, batch_size=100):
        """Mean loss and accuracy (0 … 1) on the images ``x`` with the labels ``y``."""
        return self._evaluate(*self._images_and_targets(x, y), batch_size)

    def predict(self, x, batch_size=100):
        """What the last layer gives for each image: a NumPy array (images, *output_shape)."""
        x = self._images(x)
        parts = [
            self.backend.to_numpy(_forward(self.operations, self.backend.asarray(x[part])))
            for part in _slices(len(x), batch_size)
        ]
        return np.concatenate(parts)

    # Inside

    def _images(self, x):
        self._build_for(x)
        return checks.images(x, self.input_shape, repr(self.layers[0]))

    def _images_and_targets(self, x, y):
        if self.loss is None:
            raise RuntimeError("choose an optimizer and a loss first: model.compile(…)")
        x = self._images(x)
        return x, self.loss.targets(y, (len(x), *self.output_shape))

    def _before_loss(self):
        """The operations whose outputs the loss takes: a last softmax is computed by the loss."""
        operations = self.operations
        absorbed = self.loss.absorbs is not None and isinstance(operations[-1], self.loss.absorbs)
        return operations[:-1] if absorbed else operations

    def _step(self, x, targets):
        """One step of the optimizer; the loss, and how many images were right, before it."""
        operations = self._before_loss()
        outputs = _forward(operations, self.backend.asarray(x), training=True)
        loss = self.loss.value(outputs, targets)
        _backward(operations, self.loss.gradient(), need_input_gradient=False)
        self.optimizer.step(self.layers)
        return loss, self._count_right(outputs, targets)

    def _epoch(self, x, targets, order, batch_size, bar):
        """One pass over all images; its mean loss and accuracy."""
        total = right = seen = 0
        for part in _slices(len(x), batch_size):
            chosen = order[part]
            loss, count = self._step(x[chosen], targets[chosen])
            total, right, seen = total + loss * len(chosen), right + count, seen + len(chosen)
            figures = {"loss": total / seen, "accuracy": right / seen}
            bar.set_postfix_str(_in_words(figures), refresh=False)
            bar.update()
        return figures

    def _evaluate(self, x, targets, batch_size):
        total = right = 0
        for part in _slices(len(x), batch_size):
            outputs = _forward(self._before_loss(), self.backend.asarray(x[part]))
            total += self.loss.value(outputs, targets[part]) * len(outputs)
            right += self._count_right(outputs, targets[part])
        return total / len(x), right / len(x)

    def _count_right(self, outputs, targets):
        """How many images' largest output is that of their class."""
        outputs = self.backend.to_numpy(outputs)
        return int((outputs.argmax(axis=1) == targets.argmax(axis=1)).sum())


def _forward(operations, x, training=False):
    for operation in operations:
        x = operation.forward(x, training)
    return x


def _backward(operations, gradient, need_input_gradient=True):
    for operation in reversed(operations):
        needed = need_input_gradient or operation is not operations[0]
        gradient = operation.backward(gradient, needed)
    return gradient


def _slices(count, size):
    """``range(count)`` in slices of ``size``; the last one holds what is left."""
    size = checks.positive_int(size, "batch_size")
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def _in_words(figures):
    """``loss 0.0827, accuracy 97.61 %`` for the progress bar."""
    return ", ".join(
        f"{name} {figure:.2%}" if "accuracy" in name else f"{name} {figure:.4f}"
        for name, figure in figures.items()
    )
