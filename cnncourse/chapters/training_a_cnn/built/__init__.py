"""The long exercise: a network in NumPy, built piece by piece and checked piece by piece."""

from .adam_step import adam, check_adam
from .convolution_pass import check_convolution, convolution, convolution_backward
from .network import Network
from .softmax_loss import check_loss, loss
from .training_loop import check_fit, digits, fit

__all__ = [
    "Network",
    "adam",
    "check_adam",
    "check_convolution",
    "check_fit",
    "check_loss",
    "convolution",
    "convolution_backward",
    "digits",
    "fit",
    "loss",
]
