"""How a model predicts a few images: what is the same for each such call is done once.

To find the fused steps and their geometry, and whether all layers are as they were written, takes
longer than the arithmetic of one image. So the model keeps a `Plan` for the shape it saw last: how
the backend does it all in one call, and what was seen of the layers. It is good as long as they are
the same; weights are read where they lie.
"""

from math import prod
from operator import attrgetter, itemgetter

import numpy as np

from ..layers import Dropout, Flatten, Softmax
from . import fusion
from .as_written import WRITTEN, runs_as_written
from .fused_steps import FusedDense, InferringConvolution, bias_of, pooling_of

# What counts as few: with more multiply-adds of all images, two threads are faster than one call;
# and no more images than `predict` takes at a time otherwise, so that they need no more memory.
FEW_MULTIPLY_ADDS, FEW_IMAGES = 2**25, 100
# what a layer has beside what says how it computes; its weights are looked at by themselves
BESIDE = {
    "parameters", "statistics", "gradients", "saved", "rng", "_name", "named",
    "kernel_initializer", "bias_initializer",
}  # fmt: skip


def predict(model, x):
    """What ``model`` gives for the images ``x``: an array, or ``None`` where it takes other ways.

    These are for what no plan is good for that the model has, and for all but plain float32 arrays
    of finite values.
    """
    plan = model._plan
    if plan is None or not _is_plain(x) or not plan.takes(x.shape) or not plan.holds(model):
        return None
    return plan.outputs(x)


def prepared(model, images):
    """The checked ``images`` as `predict` takes them, if they are few; sees to the model's plan."""
    plan, shape = model._plan, images.shape[1:]
    if plan is None or plan.image_shape != shape or not plan.holds(model):
        plan = model._plan = Plan(model, shape)
    return model.backend.asarray(images) if plan.takes(images.shape) else images


def _is_plain(x):
    # read-only ones would have the compiled code compiled a second time
    return (
        type(x) is np.ndarray
        and x.dtype == np.float32
        and x.flags.c_contiguous
        and x.flags.writeable
    )


class Plan:
    """How ``model`` predicts a few images of ``image_shape``. It never changes: threads share it.

    Where the model has layers that the backend's `Program` does not know, it takes no images.
    """

    def __init__(self, model, image_shape):
        self.image_shape = image_shape
        self.layers, self.backend, self.fuse = [*model.layers], model.backend, model.fuse
        operations = model.operations
        self.seen = [_seen(operation) for operation in operations]
        self.weights = [weight for operation in operations for weight in _weights_of(operation)]
        self.kinds = [_methods(kind) for kind in {*map(type, operations)} & WRITTEN.keys()]
        shapes = model._shapes(image_shape)
        self.output_shape = shapes[-1]
        self.program = _program(model, image_shape)
        pairs = zip(model.layers, shapes[:-1], strict=True)
        work = sum(layer.multiply_adds(shape) for layer, shape in pairs)
        self.most = min(FEW_MULTIPLY_ADDS // max(work, 1), FEW_IMAGES) if self.program else 0

    def takes(self, shape):
        """Whether it is for images of the shape (images, …), and for so many."""
        return shape[1:] == self.image_shape and 0 < shape[0] <= self.most

    def holds(self, model):
        """Whether all that it was made from is as it was."""
        if (model.layers, model.backend, model.fuse) != (self.layers, self.backend, self.fuse):
            return False
        try:
            for operation, read, values, count in self.seen:
                own = operation.__dict__
                if read(own) != values or len(own) != count:
                    return False
        except (KeyError, ValueError):  # an attribute is gone, or somebody's own and an array
            return False
        for operation, held, name, array in self.weights:
            if operation.__dict__[held][name] is not array:
                return False
        return all(read(kind) == methods for kind, read, methods in self.kinds)

    def outputs(self, x):
        """What the model gives for plain images; ``None`` where a value is not finite."""
        out = self.backend.empty((len(x), *self.output_shape))
        return out if self.program.run(x, out) else None


def _seen(operation):
    """An operation, how to read its attributes, what they are, and how many it has in all."""
    own = vars(operation)
    read = itemgetter(*[name for name in own if name not in BESIDE])
    return operation, read, read(own), len(own)


def _weights_of(operation):
    """Each array of an operation, and where it is held."""
    for held in "parameters", "statistics":
        for name, array in getattr(operation, held).items():
            yield operation, held, name, array


def _methods(kind):
    """A type of layers, how to read its methods, and what they are."""
    read = attrgetter(*[name for name, _ in WRITTEN[kind]])
    return kind, read, read(kind)


def _program(model, shape):
    """The backend's `Program` for images of ``shape``; ``None`` where it has none for the model."""
    backend, operations = model.backend, model.operations
    if not (model.fuse and hasattr(backend, "Program") and all(map(runs_as_written, operations))):
        return None
    program = backend.Program(prod(shape))
    for step in fusion.inference(operations, shape, backend):
        if type(step) is InferringConvolution:
            shape = _add_convolution(program, step, shape)
        elif type(step) is FusedDense:
            program.dense(step.dense.parameters["kernel"], bias_of(step.dense), step.relu)
            shape = (step.dense.units,)
        elif type(step) in (Dropout, Flatten):
            shape = step.output_shape(shape)
        elif type(step) is Softmax:
            program.softmax(shape[-1])
        else:
            return None
    return program if len(program.steps) else None


def _add_convolution(program, step, shape):
    conv, norm = step.conv, step.norm
    geometry = conv.geometry(shape)
    pooling = pooling_of(step.pool, geometry.output, conv.filters)
    if norm is not None:
        learned = norm.parameters["gamma"], norm.parameters["beta"]
        norm = *norm.statistics.values(), *learned, norm.epsilon
    program.convolution(
        conv.parameters["kernel"], bias_of(conv), norm, geometry, pooling, step.relu
    )
    return (*pooling.output, conv.filters)
