"""What every operation of a model gives for one image, for demos that show it."""

import numpy as np

from ..explanations.passes import Pass
from ..layers import BatchNormalization, Conv2D, Dropout, ReLU, Sigmoid, Softmax, Tanh

VALUE_BY_VALUE = (BatchNormalization, Dropout, ReLU, Sigmoid, Tanh)


def activations(model, image):
    """The outputs of all of ``model.operations`` for one image (*input_shape), in their order.

    Each without the images' axis, as NumPy arrays; the layers run one by one, as they are written.
    It leaves nothing behind in the model.
    """
    run = Pass(model.operations, np.asarray(image)[None], model.backend)  # (1, *input_shape)
    return [np.array(model.backend.to_numpy(output)[0]) for output in run.outputs[1:]]


def first_maps(model):
    """The number of the operation with the first feature maps; ``None`` without a convolution.

    It is that behind the first convolution, with the normalisation and activation that follow.
    """
    operations = model.operations
    found = [k for k, operation in enumerate(operations) if isinstance(operation, Conv2D)]
    if not found:
        return None
    last = found[0]
    while last + 1 < len(operations) and isinstance(operations[last + 1], VALUE_BY_VALUE):
        last += 1
    return last


def probabilities(model, outputs):
    """A model's outputs (classes,) as probabilities: of logits, their softmax. In float64."""
    outputs = outputs.astype(np.float64)
    if isinstance(model.operations[-1], (Softmax, Sigmoid)):
        return outputs
    raised = np.exp(outputs - outputs.max())
    return raised / raised.sum()
