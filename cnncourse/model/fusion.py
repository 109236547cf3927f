"""Fusion: several operations in one step, so that what lies between them never goes to memory.

A convolution's output is the largest array of a small network, and ReLU and max pooling only read
it to write another one. A backend with fused kernels computes a few rows of it, pools them at once
and keeps a quarter of the values. The layers know nothing of it: the model asks for the `steps` of
its chain, and runs each like an operation. A step keeps what its backward pass needs, so each pass
has steps of its own; those for `inference` keep nothing, and spare themselves more.

A layer is only ever replaced where the step does what the layer's own file says. One whose methods
were overridden or replaced, or whose kernel is one of somebody's own (`kernels.variant`), runs as
it is.
"""

from ..kernels.contract import FUSED_SHAPES, side_by_side
from ..layers import BatchNormalization, Conv2D, Dense, MaxPooling2D, ReLU
from .as_written import runs_as_written
from .fused_steps import FusedConvolution, FusedDense, FusedNormalization, InferringConvolution

# Types of operations that can be one step; the first that fit are taken.
ENDS = (ReLU, MaxPooling2D), (MaxPooling2D, ReLU), (MaxPooling2D,), (ReLU,)
USUAL = (*((Conv2D, *end) for end in (*ENDS, ())), (Dense, ReLU), (Dense,))
TRAINING = (*USUAL, *((BatchNormalization, *end) for end in ENDS))
# With the means and variances of training, a normalisation is part of the convolution before it.
INFERENCE = (*((Conv2D, BatchNormalization, *end) for end in (*ENDS, ())), *USUAL)


def steps(operations, input_shape, backend, training):
    """The operations as a list of steps with the same results, fused where ``backend`` can.

    ``input_shape``: one image's, that the first of them gets.
    """
    patterns = TRAINING if training else USUAL
    return [step for step, _ in _steps(operations, input_shape, backend, patterns, _fused)]


def inference(operations, input_shape, backend):
    """Steps with the same results, up to rounding, and without a backward pass.

    Operations that are no part of a fused step are `Layer.twin`s: whoever trains the model in
    another thread meanwhile finds what the layers keep for the backward pass as it was.
    """
    pairs = _steps(operations, input_shape, backend, INFERENCE, _inferring)
    return [taken[0].twin() if step is taken[0] else step for step, taken in pairs]


def fused_names(operations, input_shape, backend):
    """The fused steps of a training pass in words: ``["conv2d_1 + relu + max_pooling2d_1"]``."""
    pairs = _steps(operations, input_shape, backend, TRAINING, _fused)
    return [" + ".join(o.name for o in taken) for step, taken in pairs if step is not taken[0]]


def _steps(operations, shape, backend, patterns, fused):
    """Pairs of a step and the operations that it does; a plain operation is its own step."""
    rest = list(operations)
    if not all(hasattr(backend, name) for name in FUSED_SHAPES):
        return [(operation, [operation]) for operation in rest]
    result = []
    while rest:
        count = _fitting(rest, shape, patterns)
        taken, rest = rest[: count or 1], rest[count or 1 :]
        result.append((fused(taken) if count else taken[0], taken))
        for operation in taken:
            shape = operation.output_shape(shape)
    return result


def _fitting(operations, shape, patterns):
    """How many of the first operations can be one step: 0 if it must be the plain operation."""
    if type(operations[0]) is BatchNormalization and not operations[0].trainable:
        return 0  # frozen: in training it goes by the running statistics, and the step does not
    if type(operations[0]) is Conv2D and operations[0].dilated:
        return 0  # the step's window would have to have gaps
    for pattern in patterns:
        first = operations[: len(pattern)]
        # exactly these types: a class of somebody's own may compute something else
        if tuple(map(type, first)) == pattern and all(map(runs_as_written, first)):
            _, pool = _ends(first)
            pixels = operations[0].output_shape(shape)
            if pattern[0] is not Dense and len(pixels) != 3:
                continue  # batch normalisation of features: it takes any number of axes
            if pool is None or side_by_side(pool.geometry(pixels)):
                return len(pattern)
    return 0


def _fused(operations):
    first = operations[0]
    if type(first) is Dense:
        return FusedDense(first, relu=len(operations) > 1)
    kind = FusedNormalization if type(first) is BatchNormalization else FusedConvolution
    return kind(first, *_ends(operations))


def _inferring(operations):
    if type(operations[0]) is not Conv2D:
        return _fused(operations)
    norm = next((op for op in operations if type(op) is BatchNormalization), None)
    return InferringConvolution(operations[0], norm, *_ends(operations))


def _ends(operations):
    """Whether there is ReLU, and the max pooling or ``None``."""
    by_type = {type(operation): operation for operation in operations}
    return ReLU in by_type, by_type.get(MaxPooling2D)
