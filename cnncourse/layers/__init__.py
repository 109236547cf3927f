"""The layers a network is made of; names and arguments are those of Keras 3."""

from .activations import ReLU, Softmax
from .base import Layer
from .convolution import Conv2D
from .dense import Dense
from .pooling import MaxPooling2D
from .reshaping import Flatten

__all__ = ["Conv2D", "Dense", "Flatten", "Layer", "MaxPooling2D", "ReLU", "Softmax"]
