"""Moving pictures of convolutions, small enough to see every value; and of trainings."""

from .convolution import convolution
from .convolution_gradient import convolution_gradient
from .movie import Movie
from .pooling import pooling
from .sliding_product import sliding_product
from .sliding_window import sliding_window
from .training import TrainingRecorder

__all__ = [
    "Movie",
    "TrainingRecorder",
    "convolution",
    "convolution_gradient",
    "pooling",
    "sliding_product",
    "sliding_window",
]
