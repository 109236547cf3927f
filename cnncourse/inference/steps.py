"""The steps that an exported network is made of: what each computes, its shapes and weights.

All values between two steps are images, (height, width, channels): a row of features is an image
of one pixel. Flattening copies nothing then, as channels run fastest in both, and a dense layer
reads an image of any size.

A step knows nothing of float32 or int8: its weights are the float32 numbers that training left.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from ..kernels.geometry import Geometry

Shape = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Step:
    """What all steps have."""

    name: str  # "conv2d_1 + relu": the operations that it does
    input_shape: Shape
    output_shape: Shape

    multiply_adds = 0
    # Whether each output depends on the input at its own place alone, so that it may lie there.
    in_place = False

    @property
    def non_negative(self):
        """Whether no output is below 0, whatever the input; ``None`` where the input decides."""
        return False


@dataclass(frozen=True, eq=False)
class Weighted(Step):
    """A step with a kernel and a bias, whose last axis are the outputs' channels."""

    kernel: np.ndarray  # float32
    bias: np.ndarray  # (O,) float32
    relu: bool

    @property
    def non_negative(self):
        return self.relu


@dataclass(frozen=True, eq=False)
class Convolution(Weighted):
    """A convolution, its bias, perhaps ReLU, perhaps max pooling: in that order.

    Batch normalisation is in the weights: ``kernel`` is (U, V, C, O). A dilated window is as large
    as ``geometry`` says, and has ``kernel`` cells every ``dilation`` pixels. The windows of
    ``pooling`` do not overlap, so that no output of the convolution is computed twice.
    """

    geometry: Geometry
    dilation: tuple[int, int]
    pooling: Geometry  # on the convolution's outputs; windows of 1×1 where nothing is pooled

    @property
    def pooled(self):
        return self.pooling.window != (1, 1) or self.pooling.strides != (1, 1)

    @property
    def multiply_adds(self):
        """Those of every position under a window of the pooling, zeros of the padding included."""
        return positions_under(self.pooling) * self.kernel.size


@dataclass(frozen=True, eq=False)
class Dense(Weighted):
    """A dense layer, its bias, perhaps ReLU. ``kernel``: (F, O), F the pixels' values in a row."""

    @property
    def multiply_adds(self):
        return self.kernel.size


@dataclass(frozen=True, eq=False)
class Scaling(Weighted):
    """A batch normalisation that no convolution could take up: a factor and a shift a channel.

    ``kernel``: (C,).
    """

    in_place = True

    @property
    def multiply_adds(self):
        return prod(self.input_shape)


@dataclass(frozen=True, eq=False)
class Pooling(Step):
    """Pooling by itself, channel by channel."""

    geometry: Geometry


@dataclass(frozen=True, eq=False)
class MaxPooling(Pooling):
    """The largest value under the window; what lies beyond the image never is."""

    non_negative = None


@dataclass(frozen=True, eq=False)
class AveragePooling(Pooling):
    """The weighted mean of what lies under the window and on the image."""

    cells: np.ndarray  # (U, V) float32: how much each cell counts

    non_negative = None

    @property
    def multiply_adds(self):
        return prod(self.output_shape) * self.cells.size


@dataclass(frozen=True, eq=False)
class LpPooling(Pooling):
    """The p-norm of what lies under the window."""

    p: float

    non_negative = True


@dataclass(frozen=True, eq=False)
class Activation(Step):
    """A function of each value: ``"relu"``, ``"sigmoid"`` or ``"tanh"``."""

    function: str

    in_place = True

    @property
    def non_negative(self):
        return self.function != "tanh"


@dataclass(frozen=True, eq=False)
class Softmax(Step):
    """The logits of one image into probabilities."""

    in_place = True
    non_negative = True


def positions_under(pooling):
    """How many positions on the image lie under some window of ``pooling``, each counted as often.

    >>> positions_under(Geometry.of((5, 5), (2, 2), (2, 2), "valid"))
    16
    """
    sides = zip(
        pooling.image, pooling.window, pooling.strides, pooling.before, pooling.output, strict=True
    )
    return prod(
        sum(
            min(k * stride - before + window, image) - max(k * stride - before, 0)
            for k in range(count)
        )
        for image, window, stride, before, count in sides
    )
