"""Exercises that build the subject: functions of a CNN in NumPy, written by students and judged.

A `Piece` knows a solution, the cases that an answer is tried on, and the mistakes that it names.
The pieces here serve more than one chapter; those of a single one lie with it. They fit together: a
backward pass takes what the forward pass took, and the gradient ``g`` of its output; it gives a
gradient for each array that it took, in the same order.
"""

from .convolution import (
    CONV2D,
    CONV2D_BACKWARD,
    check_conv2d,
    check_conv2d_backward,
    conv2d,
    conv2d_backward,
)
from .max_pooling import (
    MAX_POOL,
    MAX_POOL_BACKWARD,
    check_max_pool,
    check_max_pool_backward,
    max_pool,
    max_pool_backward,
)
from .piece import Piece, changed_outputs
from .softmax_loss import LOSS, SOFTMAX, check_loss, check_softmax, loss, softmax

__all__ = [
    "CONV2D",
    "CONV2D_BACKWARD",
    "LOSS",
    "MAX_POOL",
    "MAX_POOL_BACKWARD",
    "SOFTMAX",
    "Piece",
    "changed_outputs",
    "check_conv2d",
    "check_conv2d_backward",
    "check_loss",
    "check_max_pool",
    "check_max_pool_backward",
    "check_softmax",
    "conv2d",
    "conv2d_backward",
    "loss",
    "max_pool",
    "max_pool_backward",
    "softmax",
]
