"""One batch through a model's layers, forwards and backwards, beside the model.

The layers that run are *twins*: they share the model's weights, and keep what they computed to
themselves. So a training that goes on meanwhile, or a `backward` still to come, is not disturbed.
"""

import numpy as np

from ..layers import Sigmoid, Softmax
from ..layers.base import parts_of

IMAGES = 64  # in a batch: what is computed on the way is kept until the backward pass


class Pass:
    """The outputs of ``operations`` for a batch, and the gradients of any of them.

    ``operations``: as in ``model.operations``, from the first on; ``images``: an array of
    ``backend``'s (images, *input_shape). All behave as at inference.
    """

    def __init__(self, operations, images, backend):
        self.backend = backend
        self.steps = [_frozen_twin(operation) for operation in operations]
        self.outputs = [backend.asarray(images)]  # that of step k is outputs[k + 1]
        for step in self.steps:
            self.outputs.append(backend.asarray(step.forward(self.outputs[-1])))

    def result(self):
        """What the last operation gives, a NumPy array."""
        return self.backend.to_numpy(self.outputs[-1])

    def gradient(self, of_result, before=0):
        """From d number / d result to d number / d what goes into operation ``before``.

        ``of_result``: an array of the result's shape. Gives a NumPy array.
        """
        gradient = self.backend.asarray(of_result)
        for step in reversed(self.steps[before:]):
            gradient = self.backend.asarray(step.backward(gradient))
        return self.backend.to_numpy(gradient)

    def gradient_of(self, classes, before=0):
        """d result of each image's class / d what goes into operation ``before``.

        ``classes``: (images,), where the result is (images, classes).
        """
        return self.gradient(self.one_hot(classes), before)

    def one_hot(self, classes):
        """1 where the result is that of an image's class, and else 0: (N, classes)."""
        chosen = np.zeros(self.result().shape)
        chosen[np.arange(len(chosen)), classes] = 1
        return chosen


def logit_operations(model):
    """The model's operations up to the logits: without a softmax or sigmoid at the end.

    Where a probability is near 1, its gradient is near 0, however clear the case is. A logit's
    is not.
    """
    operations = model.operations
    if operations and isinstance(operations[-1], (Softmax, Sigmoid)):
        return operations[:-1]
    return operations


def operations_of(layers):
    """The operations of layers in a row."""
    return [operation for layer in layers for operation in layer.operations]


def row_to(layers, wanted):
    """The layers that lead to the layer ``wanted``, itself last.

    ``layers``: in a row, as in ``model.layers``; inside of a residual block, its branch leads on.
    """
    outer = next(layer for layer in layers if wanted in layer.parts)
    before = list(layers[: layers.index(outer)])
    if outer is wanted:
        return [*before, outer]
    branches = outer.layers, outer.shortcut
    return before + row_to(next(row for row in branches if wanted in parts_of(row)), wanted)


def batches(images):
    """The images in parts that fit into memory with all that is computed of them."""
    for start in range(0, len(images), IMAGES):
        yield images[start : start + IMAGES]


def _frozen_twin(operation):
    """A twin that notes no gradients of weights in the model."""
    twin = operation.twin()
    twin.trainable = False
    return twin
