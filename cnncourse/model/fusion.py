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
from ..layers import (
    BatchNormalization,
    Conv2D,
    Dense,
    MaxPooling2D,
    ReLU,
    Residual,
    UpSampling2D,
)
from . import fused_upsampling
from .as_written import runs_as_written
from .fused_steps import (
    FusedConvolution,
    FusedDense,
    FusedNormalization,
    FusedResidual,
    InferringConvolution,
)
from .fused_upsampling import FusedUpsampling

# Types of operations that can be one step; the first that fit are taken.
ENDS = (ReLU, MaxPooling2D), (MaxPooling2D, ReLU), (MaxPooling2D,), (ReLU,)
USUAL = (
    (UpSampling2D, Conv2D),
    *((Conv2D, *end) for end in (*ENDS, ())),
    *((kind, *end) for kind in (Dense, Residual) for end in ((ReLU,), ())),
)
NORMALIZING = tuple((BatchNormalization, *end) for end in ENDS)
# With the means and variances of training, a normalisation is part of the convolution before it.
NORMALIZED = tuple((Conv2D, BatchNormalization, *end) for end in (*ENDS, ()))


def _by_first(*patterns):
    """The patterns by the type that they begin with: most operations begin none."""
    return {
        first: [pattern for pattern in patterns if pattern[0] is first] for first, *_ in patterns
    }


TRAINING = _by_first(*USUAL, *NORMALIZING)
INFERENCE = _by_first(*NORMALIZED, *USUAL)
PLAIN = _by_first(*USUAL)


def steps(operations, input_shape, backend, training):
    """The operations as a list of steps with the same results, fused where ``backend`` can.

    ``input_shape``: one image's, that the first of them gets.
    """
    patterns = TRAINING if training else PLAIN
    groups = _groups(operations, input_shape, backend, patterns)

    def branch(operations, shape):
        return steps(operations, shape, backend, training)

    return [_fused(taken, shape, branch) if one else taken[0] for taken, shape, one in groups]


def inference(operations, input_shape, backend):
    """Steps with the same results, up to rounding, and without a backward pass.

    Operations that are no part of a fused step are `Layer.twin`s: whoever trains the model in
    another thread meanwhile finds what the layers keep for the backward pass as it was.
    """
    groups = _groups(operations, input_shape, backend, INFERENCE)

    def branch(operations, shape):
        return inference(operations, shape, backend)

    return [
        _inferring(taken, shape, branch) if one else taken[0].twin() for taken, shape, one in groups
    ]


def fused_names(operations, input_shape, backend):
    """The fused steps of a training pass in words: ``["conv2d_1 + relu + max_pooling2d_1"]``.

    Of a residual block, first those of its branches, then the sum, if it is one with a ReLU.
    """
    names = []
    for taken, shape, one in _groups(operations, input_shape, backend, TRAINING):
        block = taken[0] if type(taken[0]) is Residual else None
        if one and block is not None:
            for branch in block.branches:
                names += fused_names(branch, shape, backend)
        if one and taken != [block]:
            names.append(" + ".join(operation.name for operation in taken))
    return names


def _groups(operations, shape, backend, patterns):
    """The operations in groups: each with the shape that goes into it, and whether it is one step.

    Those that are none are alone.
    """
    rest = list(operations)
    fuses = all(hasattr(backend, name) for name in FUSED_SHAPES)
    while rest:
        count = _fitting(rest, shape, patterns) if fuses else 0
        taken, rest = rest[: count or 1], rest[count or 1 :]
        yield taken, shape, count > 0
        for operation in taken:
            shape = operation.output_shape(shape)


def _fitting(operations, shape, patterns):
    """How many of the first operations can be one step: 0 if it must be the plain operation."""
    if type(operations[0]) is BatchNormalization and not operations[0].trainable:
        return 0  # frozen: in training it goes by the running statistics, and the step does not
    if type(operations[0]) is Conv2D and operations[0].dilated:
        return 0  # the step's window would have to have gaps
    for pattern in patterns.get(type(operations[0]), ()):
        first = operations[: len(pattern)]
        # exactly these types: a class of somebody's own may compute something else
        if tuple(map(type, first)) == pattern and all(map(runs_as_written, first)):
            if pattern[0] is UpSampling2D:
                return len(pattern) if fused_upsampling.suits(*first, shape) else 0
            _, pool = _ends(first)
            if pattern[0] is BatchNormalization and len(shape) != 3:
                continue  # of features: it takes any number of axes
            if pool is None or side_by_side(pool.geometry(operations[0].output_shape(shape))):
                return len(pattern)
    return 0


def _fused(operations, shape, branch):
    """The step that does the operations; ``branch`` makes those of a residual block's branches."""
    first = operations[0]
    if type(first) is UpSampling2D:
        return FusedUpsampling(*operations)
    if type(first) is Dense:
        return FusedDense(first, relu=len(operations) > 1)
    if type(first) is Residual:
        branches = [branch(inner, shape) for inner in first.branches]
        return FusedResidual(first, branches, relu=len(operations) > 1)
    kind = FusedNormalization if type(first) is BatchNormalization else FusedConvolution
    return kind(first, *_ends(operations))


def _inferring(operations, shape, branch):
    if type(operations[0]) is not Conv2D:
        return _fused(operations, shape, branch)
    norm = next((op for op in operations if type(op) is BatchNormalization), None)
    return InferringConvolution(operations[0], norm, *_ends(operations))


def _ends(operations):
    """Whether there is ReLU, and the max pooling or ``None``."""
    by_type = {type(operation): operation for operation in operations}
    return ReLU in by_type, by_type.get(MaxPooling2D)
