"""Activations in whole numbers: one scale for all values of a step's output.

    real value = scale · (integer − zero)

An integer is a byte, 0 … 255. What is never negative, such as images or what ReLU gives, has the
zero 0 and so all 256 steps; the rest has the zero 128, as many steps on both sides. A pixel of 0
stays exactly 0, so padding is exact. The scores at a network's end are 16 bits: two classes may be
close.

Source: Jacob et al., *Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference*, 2018, section 2.1.
"""

from dataclasses import dataclass

import numpy as np

BYTE = 255
SIGNED_ZERO = 128
WIDE = 32767


@dataclass(frozen=True)
class Tensor:
    """How the integers of one array stand for real numbers."""

    scale: float
    zero: int
    low: int
    high: int

    @property
    def dtype(self):
        return np.dtype(np.int16 if self.high > BYTE else np.uint8)

    def integers(self, values):
        """The nearest integers to real ``values``, of any shape; beyond the ends, the ends."""
        scaled = np.rint(np.asarray(values, np.float64) / self.scale) + self.zero
        return np.clip(scaled, self.low, self.high).astype(self.dtype)

    def real(self, integers):
        """What ``integers`` stand for, in float64.

        >>> unsigned(1.0).real(unsigned(1.0).integers([0, 0.2, 7]))
        array([0. , 0.2, 1. ])
        """
        return (np.asarray(integers, np.float64) - self.zero) * self.scale


def unsigned(largest):
    """Bytes for 0 … ``largest``."""
    return Tensor(_positive(largest) / BYTE, 0, 0, BYTE)


def signed(largest):
    """Bytes for −``largest`` … ``largest``."""
    return Tensor(_positive(largest) / (BYTE - SIGNED_ZERO), SIGNED_ZERO, 0, BYTE)


def wide(largest, relu):
    """16 bits for scores up to ``largest``, and as much again, for images with larger ones."""
    return Tensor(2 * _positive(largest) / WIDE, 0, 0 if relu else -WIDE, WIDE)


def _positive(largest):
    """A size to divide by: where all values seen were 0, any would do."""
    return float(largest) if largest > 0 else 1.0
