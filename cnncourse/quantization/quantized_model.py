"""`quantize`, and the model in whole numbers that it gives."""

import numpy as np

from ..inference import buffers, forward, network
from ..inference.steps import Softmax
from ..support import checks
from . import calibration, steps

SLICE = calibration.SLICE


def quantize(model, images):
    """``model`` in whole numbers of 8 bits, as a `QuantizedModel`; the model stays as it is.

    Parameters
    ----------
    model : Sequential
        A trained model of the course's layers.
    images : array (images, *input_shape)
        A few hundred of those that it was trained on. How large each layer's output gets on them
        says what its integers stand for.

    Raises ``TypeError`` for no model and no numbers, ``ValueError`` for a model or a layer that
    cannot be exported, which it names, and for images of another shape.
    """
    found = network.of_model(model)
    images = checks.images(images, found.input_shape, "quantize")
    return QuantizedModel(found, images)


class QuantizedModel:
    """A network in whole numbers: 8 bits a weight and an activation, 32 bits a sum.

    `quantize` makes it. A softmax at the end is left out of `integers`, as the largest score is
    that of the largest probability; `predict` applies it.

    Attributes
    ----------
    network : Network
        The steps that are quantised, in float32.
    input : Tensor
        What the image's integers stand for.
    steps : list of QuantizedStep
        Their weights and tables.
    """

    def __init__(self, found, images):
        self.network = found.logits
        self.input, *outputs = calibration.tensors(self.network, images)
        self.output = outputs[-1]
        self.steps, before = [], self.input
        for step, output in zip(self.network.steps, outputs, strict=True):
            self.steps.append(steps.KINDS[type(step)](step, before, output))
            before = output
        self._softmax = found.steps[-1] if self.network is not found else None
        self._output_shape = found.output_shape

    def __repr__(self):
        return (
            f"QuantizedModel({', '.join(step.name for step in self.network.steps)}) of "
            f"{self.sizes()['weights']:,} bytes"
        )

    def image_integers(self, images):
        """The images as the network takes them: (images, *input_shape) uint8.

        An image of 0 … 1 whose white is 1 becomes the bytes 0 … 255.
        """
        images = checks.images(images, self.network.input_shape, "QuantizedModel")
        return self.input.integers(images)

    def integers(self, images):
        """The network's outputs as they are computed, in whole numbers.

        ``images``: (images, *input_shape), any number type. Gives (images, *output_shape) int16,
        or uint8 where the last layer is an activation or a pooling; ``output`` says what they
        stand for.
        """
        outputs = [self._run(part)[-1] for part in self._parts(self.image_integers(images))]
        integers = np.concatenate(outputs).astype(self.output.dtype)
        return integers.reshape(-1, *self._output_shape)

    def predict(self, images):
        """The outputs as real numbers: (images, *output_shape) float32, as ``model.predict``."""
        outputs = self.output.real(self.integers(images))
        if self._softmax is not None:
            outputs = forward.FORWARD[Softmax](self._softmax, outputs)
        return np.float32(outputs)

    def evaluate(self, images, labels):
        """The share of ``images`` whose largest output has the right label: (images,) of ints.

        Raises ``ValueError`` for labels of another number.
        """
        scores = self.integers(images)
        scores = scores.reshape(len(scores), -1)  # (N, K)
        labels = checks.numbers(labels, "labels")
        if labels.shape != (len(scores),):
            raise ValueError(
                f"labels: expected one for each of {len(scores)} images, got {labels.shape}"
            )
        return float((scores.argmax(axis=1) == labels).mean())

    def sizes(self):
        """Bytes of ``"weights"``, tables included, and of ``"activations"`` at one time, and the
        ``"multiply_adds"`` of one image, in a dict.
        """
        arrays = [array for step in self.steps for array in step.constants().values()]
        return {
            "weights": sum(array.nbytes for array in arrays),
            "activations": self.plan().size,
            "multiply_adds": self.network.multiply_adds,
        }

    def plan(self):
        """Where the steps' outputs lie in memory: a `Plan` in bytes."""
        return buffers.plan(self.network, wider_scores=self.output.dtype.itemsize > 1)

    def layer_errors(self, images):
        """How far each step is from the same in real numbers: a dict, step's name → share.

        The share is ‖quantised − real‖ / ‖real‖ over the ``images``: what all steps so far have
        added up to.
        """
        images = checks.images(images, self.network.input_shape, "QuantizedModel")
        integers = self.input.integers(images)
        wrong, right = np.zeros(len(self.steps)), np.zeros(len(self.steps))
        for start in range(0, len(integers), SLICE):
            part = slice(start, start + SLICE)
            exact = forward.outputs(self.network, images[part])
            for k, output in enumerate(self._run(integers[part])):
                wrong[k] += ((self.steps[k].output.real(output) - exact[k]) ** 2).sum()
                right[k] += (exact[k] ** 2).sum()
        shares = np.sqrt(wrong / np.where(right > 0, right, 1))
        return {s.name: float(e) for s, e in zip(self.network.steps, shares, strict=True)}

    def _parts(self, integers):
        return [integers[start : start + SLICE] for start in range(0, len(integers), SLICE)]

    def _run(self, integers):
        """What each step gives for the images' ``integers``: a list of int64 (N, I, J, O)."""
        x, results = integers.astype(np.int64), []
        for step in self.steps:
            x = step.run(x.reshape(len(x), *step.step.input_shape))
            results.append(x)
        return results
