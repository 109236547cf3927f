"""Train a network while you watch: losses, kernels and mistakes follow the steps.

The browser asks for a moment of training, shows what came of it, and asks again. So the kernel is
free in between: other cells run, and the model is whole whenever they look at it.
"""

from copy import deepcopy
from math import isfinite
from time import perf_counter

import numpy as np

from .. import optimizers
from ..datasets.batches import Batches, evenly_spaced
from ..explanations.arguments import require_model
from ..layers import Conv2D
from ..losses import SoftmaxCrossEntropy
from ..model.sources import source_of
from ..support import arguments, checks
from ..support.text import arguments_of
from .activations import probabilities
from .demo import Demo
from .shades import in_colours, in_shades
from .training_picture import draw_training

EVALUATED = 500  # images, of the training and of the validation data
EVERY = 20  # steps between two evaluations
MOST_KERNELS, MOST_MISTAKES = 32, 8
PICTURE_STEPS = 60
OPTIMIZERS = {
    "SGD": optimizers.SGD,
    "SGD with momentum 0.9": lambda rate: optimizers.SGD(rate, momentum=0.9),
    "RMSprop": optimizers.RMSprop,
    "Adam": optimizers.Adam,
}


def live_training(model, x, y, validation_data=None, batch_size=32, class_names=None, seed=0):
    """A network that trains while you watch; you can pause, go step by step, and change how.

    Parameters
    ----------
    model : Sequential
        Compiled. It is trained itself, so after the demo it is what the demo has made of it.
    x, y : arrays
        Images (images, *input_shape) and labels, as for ``model.fit``.
    validation_data : pair (x, y)
        Images and labels to evaluate on.
    batch_size : int
        Images a step, to begin with.
    class_names : list of str
        A text for each class, their numbers if left out.
    seed : int
        Fixes the order of the images.

    Losses and accuracies are those of up to 500 images of either part, evenly taken. Raises
    ``ValueError`` or ``TypeError`` for bad input, ``RuntimeError`` for a model that is not
    compiled; the model stays as it was.

    Example::

        train, test = mnist.train, mnist.test
        new = test.images, test.labels
        demos.live_training(model, train.images, train.labels, validation_data=new)
    """
    return LiveTraining(model, x, y, validation_data, batch_size, class_names, seed)


class LiveTraining(Demo):
    """What `live_training` gives.

    Attributes
    ----------
    steps : int
        How many steps were taken.
    losses : list of float
        The loss of each step's batch.
    evaluations : list of dict
        ``"step"``, ``"loss"``, ``"accuracy"``, ``"val_loss"`` and ``"val_accuracy"``, as far as
        there are any.
    """

    title = "Train a network, and watch it learn"
    script = "live_training.js"

    def __init__(self, model, x, y, validation_data, batch_size, class_names, seed):
        self.model = require_model(model)
        self.data = _arrays(model, x, y, "x and y")
        self.validation = None
        if validation_data is not None:
            if not isinstance(validation_data, (tuple, list)) or len(validation_data) != 2:
                raise TypeError(
                    "validation_data must be a pair (x, y), got "
                    f"{arguments.described(validation_data)}"
                )
            self.validation = _arrays(model, *validation_data, "validation_data")
        self.batch_size = checks.positive_int(batch_size, "batch_size")
        classes = self.data[1].shape[1]
        names = range(classes) if class_names is None else class_names
        self.class_names = arguments.texts(names, "class_names", classes)
        self.seed = checks.whole_number(seed, "seed", least=0)
        self.first_weights = model.get_weights()
        own = model.optimizer
        self.optimizers = {  # name → function of a learning rate
            repr(own): lambda rate: type(own)(**arguments_of(own) | {"learning_rate": rate})
        } | OPTIMIZERS
        self._begin()

    def _begin(self):
        self.steps, self.losses, self.evaluations = 0, [], []
        self.order = np.empty(0, int)  # the images of this epoch that are still to come
        self.rng = np.random.default_rng(self.seed)

    # Training

    def step(self):
        """One step on the next batch; the loss before it."""
        if not len(self.order):
            self.order = self.rng.permutation(len(self.data[0]))
        batch, self.order = np.split(self.order, [self.batch_size])
        loss = self.model.train_on_batch(*(array[batch] for array in self.data))
        if isfinite(loss):  # else no step was taken
            self.steps += 1
            self.losses.append(float(loss))
        return loss

    def train(self, steps, seconds=np.inf):
        """Up to so many steps, and no longer than that; whether the loss stayed finite."""
        began = perf_counter()
        self._evaluate_in_time()
        for _ in range(steps):
            if not isfinite(self.step()):
                return False
            self._evaluate_in_time()
            if perf_counter() - began >= seconds:
                break
        return True

    def _evaluate_in_time(self):
        if self.steps % EVERY == 0:
            self.evaluate()

    def evaluate(self):
        """Note the figures after the last step, unless they are noted already."""
        if self.evaluations and self.evaluations[-1]["step"] == self.steps:
            return
        figures = {"step": self.steps}
        for prefix, arrays in ("", self.data), ("val_", self.validation):
            if arrays is not None:
                loss, accuracy = self.model.evaluate(*_some(arrays))
                figures |= {f"{prefix}loss": loss, f"{prefix}accuracy": accuracy}
        self.evaluations.append({k: v for k, v in figures.items() if v is not None})

    def start_again(self):
        """Put back the first weights, and forget the optimizer's state and all figures."""
        self.model.set_weights(self.first_weights)
        optimizer = self.model.optimizer
        self._compile(type(optimizer)(**arguments_of(optimizer)))
        self._begin()

    def _compile(self, optimizer):
        self.model.compile(optimizer, self.model.loss)

    # What there is to see

    def kernels(self):
        """The first convolution's kernels, their first channel: (filters, rows, columns)."""
        for layer in self.model.parts:
            if isinstance(layer, Conv2D):
                kernel = self.model.backend.to_numpy(layer.parameters["kernel"])
                return np.moveaxis(kernel[:, :, 0, :MOST_KERNELS], -1, 0)
        return np.empty((0, 1, 1))

    def mistakes(self):
        """The surest wrong predictions: images (N, height, width, channels), and their titles."""
        images, targets = _some(self.data if self.validation is None else self.validation)
        if images.ndim != 4 or not isinstance(self.model.loss, SoftmaxCrossEntropy):
            return np.empty((0, 1, 1, 1)), []
        outputs = self.model.predict(images)
        chances = np.stack([probabilities(self.model, row) for row in outputs])  # (N, K)
        true, found = targets.argmax(axis=1), chances.argmax(axis=1)  # (N,)
        wrong = np.flatnonzero(true != found)
        chosen = wrong[np.argsort(-chances[wrong].max(axis=1), kind="stable")][:MOST_MISTAKES]
        titles = [
            f"true {self.class_names[true[k]]} / predicted {self.class_names[found[k]]} "
            f"({100 * chances[k].max():.0f} %)"
            for k in chosen
        ]
        return images[chosen], titles

    # Messages

    def on_start(self, message, buffers):
        """→ what can be chosen, and where training stands."""
        self.evaluate()
        reply = {
            "optimizers": list(self.optimizers),
            "learning_rate": float(self.model.optimizer.learning_rate),
            "batch_size": self.batch_size,
            "images": len(self.data[0]),
            "validated": 0 if self.validation is None else len(self.validation[0]),
        }
        state, arrays = self._state(0, 0)
        return reply | state, arrays

    def on_train(self, message, buffers):
        """Steps to take, at most, and seconds → what came of them."""
        steps, evaluations = self.steps, len(self.evaluations)
        finite = self.train(message["steps"], message["seconds"])
        reply, arrays = self._state(steps, evaluations)
        if not finite:
            reply["stopped"] = (
                "The loss is not finite any more: the weights have grown without bounds. Start "
                "again with a smaller learning rate."
            )
        return reply, arrays

    def on_stop(self, message, buffers):
        """→ the figures on all images."""
        self.evaluate()
        parts = {"training": self.data, "validation": self.validation}
        figures = {
            name: self.model.evaluate(*arrays)
            for name, arrays in parts.items()
            if arrays is not None
        }
        return {"figures": figures} | self._state(self.steps, 0)[0], []

    def on_choose(self, message, buffers):
        """A learning rate, a batch size or an optimizer's name: it counts from the next step on."""
        if "batch_size" in message:
            self.batch_size = checks.positive_int(message["batch_size"], "batch size")
        if "optimizer" in message:
            rate = self.model.optimizer.learning_rate
            self._compile(self.optimizers[message["optimizer"]](rate))
        if "learning_rate" in message:
            self.model.optimizer.learning_rate = message["learning_rate"]
        return {"learning_rate": float(self.model.optimizer.learning_rate)}, []

    def on_again(self, message, buffers):
        """→ the figures of the first weights, which are put back."""
        self.start_again()
        self.evaluate()
        return self._state(0, 0)

    def _state(self, steps, evaluations):
        """What is new since so many steps and evaluations, and all pictures."""
        kernels = self.kernels()
        reply = {
            "step": self.steps,
            "epoch": self.steps * self.batch_size / len(self.data[0]),
            "losses": self.losses[steps:],
            "evaluations": self.evaluations[evaluations:],
            "kernels": kernels.shape,
        }
        arrays = [in_shades(kernels)]
        if reply["evaluations"]:
            images, reply["mistakes"] = self.mistakes()
            reply["size"] = images.shape[1:3]
            arrays.append(in_colours(images))
        return reply, arrays

    def draw(self):
        """How training stands; where it cannot go on live, how it would after the first steps."""
        shown = self._copy_after_first_steps() if self.view is None else self
        shown.evaluate()
        return draw_training(shown.losses, shown.evaluations, shown.kernels(), *shown.mistakes())

    def _copy_after_first_steps(self):
        options = self.validation, self.batch_size, self.class_names, self.seed
        twin = LiveTraining(deepcopy(self.model), *self.data, *options)
        twin.train(PICTURE_STEPS)
        return twin


def _arrays(model, x, y, name):
    """Images and targets, checked, as arrays of one length."""
    if isinstance(x, Batches):
        raise TypeError(f"{name} must be arrays, images and labels, got {x!r}")
    try:
        return source_of(model, x, y, None, checks.MOST).arrays
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: {error}") from None


def _some(arrays):
    """Up to ``EVALUATED`` of the images and their targets, evenly taken."""
    count = len(arrays[0])
    chosen = evenly_spaced(count, min(count, EVALUATED))
    return [array[chosen] for array in arrays]
