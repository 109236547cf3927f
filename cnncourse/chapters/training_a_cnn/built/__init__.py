"""The building exercise: a CNN in NumPy, built piece by piece and checked piece by piece.

The convolution, max pooling and the loss are built in earlier chapters and lie in
``cnncourse/building/``; the rest is here, a file for each piece.
"""

from .adam_step import ADAM, adam, check_adam
from .batch_norm import (
    BATCH_NORM,
    BATCH_NORM_BACKWARD,
    batch_norm,
    batch_norm_backward,
    check_batch_norm,
    check_batch_norm_backward,
)
from .network import Network
from .parts import Parts
from .training_loop import check_fit, digits, fit, train

__all__ = [
    "ADAM",
    "BATCH_NORM",
    "BATCH_NORM_BACKWARD",
    "Network",
    "Parts",
    "adam",
    "batch_norm",
    "batch_norm_backward",
    "check_adam",
    "check_batch_norm",
    "check_batch_norm_backward",
    "check_fit",
    "digits",
    "fit",
    "train",
]
