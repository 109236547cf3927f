"""The steps of a network in whole numbers: what each computes, and how its constants come about.

Every step takes bytes, int64 in NumPy so that nothing overflows, and gives bytes, or 16 bits at the
network's end. ``run`` is its definition.
"""

from dataclasses import dataclass, field

import numpy as np

from ..inference import forward, steps
from . import weights
from .fixed_point import common_fixed_point, fixed_point, requantize
from .tensor import BYTE, Tensor

MOST_P = 16
LP_ONE = 2.0**48  # what the largest possible value counts in an Lp pooling's sum
SOFTMAX_ONE = 2**16  # what the largest logit counts


@dataclass(eq=False)
class QuantizedStep:
    """A step of `inference.steps`, what its input's integers stand for, and its output's."""

    step: steps.Step
    input: Tensor
    output: Tensor

    def constants(self):
        """The arrays that it reads, by name."""
        return {}

    def run(self, x):
        """From x (N, H, W, C) to (N, I, J, O), both int64."""
        raise NotImplementedError

    def clipped(self, values):
        """``values``, counted from the output's zero, as integers of the output."""
        return np.clip(values + self.output.zero, self.output.low, self.output.high)


@dataclass(eq=False)
class QuantizedWeighted(QuantizedStep):
    """Sums of products, brought to the output's scale. ReLU is in the output's ends.

    The sums are those of (x − zero) · kernel in whole numbers. Float64 computes them: it holds
    every whole number up to 2⁵³ exactly, and has a fast matrix product.
    """

    kernel: np.ndarray = field(init=False)  # int8
    bias: np.ndarray = field(init=False)  # (O,) int32
    multiplier: np.ndarray = field(init=False)  # (O,) int32
    shift: np.ndarray = field(init=False)  # (O,) uint8

    def __post_init__(self):
        kernel, bias, scales = weights.quantized(self.step, self.input.scale)
        self.kernel, self.bias = kernel, bias
        factors = self.input.scale * scales / self.output.scale  # (O,)
        self.multiplier, self.shift = fixed_point(factors)

    def constants(self):
        return {name: getattr(self, name) for name in ("kernel", "bias", "multiplier", "shift")}

    def sums(self, x):
        """The sums of x − zero (N, H, W, C) in float64, without the bias: (N, I, J, O)."""
        raise NotImplementedError

    def pooled(self, sums):
        return sums

    def run(self, x):
        sums = self.pooled(self.sums(np.float64(x - self.input.zero)) + self.bias)
        return self.clipped(requantize(sums.astype(np.int64), self.multiplier, self.shift))


class QuantizedConvolution(QuantizedWeighted):
    """Max pooling comes first: the largest sum is the largest integer, too."""

    def sums(self, x):
        return forward.convolution_sums(self.step, x, np.float64(self.kernel))

    def pooled(self, sums):
        return forward.largest(sums, self.step.pooling)


class QuantizedDense(QuantizedWeighted):
    def sums(self, x):
        return x.reshape(len(x), 1, 1, -1) @ np.float64(self.kernel)


class QuantizedScaling(QuantizedWeighted):
    def sums(self, x):
        return x * self.kernel


class QuantizedMaxPooling(QuantizedStep):
    """The largest byte: its scale is the input's."""

    def run(self, x):
        return forward.largest(x, self.step.geometry)


@dataclass(eq=False)
class QuantizedAveragePooling(QuantizedStep):
    """Weighted sums; the division by the weights on the image is in each position's multiplier."""

    cells: np.ndarray = field(init=False)  # (U, V) int8
    multiplier: np.ndarray = field(init=False)  # (I, J) int32, or (1, 1)
    shift: int = field(init=False)

    def __post_init__(self):
        cells = np.float64(self.step.cells)
        if (cells == cells[0, 0]).all():
            cells = np.ones(cells.shape)
        else:
            cells = np.rint(cells / cells.max() * weights.LARGEST)
        ones = np.ones((1, *self.step.geometry.image, 1))
        on_image = forward.window_sums(ones, self.step.geometry, cells)[0, ..., 0]  # (I, J)
        factors = self.input.scale / (self.output.scale * on_image)
        self.cells = cells.astype(np.int8)
        if (factors == factors[0, 0]).all():  # no window reaches beyond the image
            factors = factors[:1, :1]
        self.multiplier, self.shift = common_fixed_point(factors)

    def constants(self):
        return {"cells": self.cells, "multiplier": self.multiplier}

    def run(self, x):
        cells = self.cells.astype(np.int64)
        sums = forward.window_sums(x - self.input.zero, self.step.geometry, cells)
        return self.clipped(requantize(sums, self.multiplier[..., None], self.shift))


@dataclass(eq=False)
class QuantizedLpPooling(QuantizedStep):
    """Two tables: what each size counts in the sum, and from which sum on each output begins."""

    powers: np.ndarray = field(init=False)  # (256,) int64
    begins: np.ndarray = field(init=False)  # (255,) int64: where the outputs 1, 2, … begin

    def __post_init__(self):
        p = self.step.p
        if p > MOST_P:
            raise ValueError(
                f"{self.step.name}: p must be at most {MOST_P} in int8, got {p:g}; "
                "layers.MaxPooling2D gives nearly the same, or export float32"
            )
        powers = np.rint((np.arange(BYTE + 1) / BYTE) ** p * LP_ONE)
        norms = (np.arange(BYTE) + 0.5) * self.output.scale / self.input.scale  # rounds to nearest
        with np.errstate(over="ignore"):
            begins = np.ceil((norms / BYTE) ** p * LP_ONE)
        self.powers = powers.astype(np.int64)
        self.begins = np.minimum(begins, 2.0**62).astype(np.int64)

    def constants(self):
        return {"powers": self.powers, "begins": self.begins}

    def run(self, x):
        ones = np.ones(self.step.geometry.window, np.int64)
        sizes = self.powers[abs(x - self.input.zero)]  # (N, H, W, C)
        sums = forward.window_sums(sizes, self.step.geometry, ones)  # (N, I, J, C)
        return np.searchsorted(self.begins, sums, side="right").astype(np.int64)


@dataclass(eq=False)
class QuantizedActivation(QuantizedStep):
    """A function of a byte is a table of 256 bytes."""

    table: np.ndarray = field(init=False)  # (256,) uint8

    def __post_init__(self):
        values = self.input.real(np.arange(BYTE + 1))
        values = forward.FORWARD[steps.Activation](self.step, values)
        self.table = self.output.integers(values)

    def constants(self):
        return {"table": self.table}

    def run(self, x):
        return self.table[x].astype(np.int64)


@dataclass(eq=False)
class QuantizedSoftmax(QuantizedStep):
    """A table of exponentials by how far a logit lies below the largest."""

    table: np.ndarray = field(init=False)  # (256,) int32

    def __post_init__(self):
        below = np.arange(BYTE + 1) * self.input.scale
        self.table = np.rint(np.exp(-below) * SOFTMAX_ONE).astype(np.int32)

    def constants(self):
        return {"table": self.table}

    def run(self, x):
        powers = self.table[x.max(axis=3, keepdims=True) - x].astype(np.int64)
        total = powers.sum(axis=3, keepdims=True)
        return (powers * BYTE + total // 2) // total


KINDS = {
    steps.Convolution: QuantizedConvolution,
    steps.Dense: QuantizedDense,
    steps.Scaling: QuantizedScaling,
    steps.MaxPooling: QuantizedMaxPooling,
    steps.AveragePooling: QuantizedAveragePooling,
    steps.LpPooling: QuantizedLpPooling,
    steps.Activation: QuantizedActivation,
    steps.Softmax: QuantizedSoftmax,
}
