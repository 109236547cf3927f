"""The layers a network is made of; names and arguments are those of Keras 3."""

from .activations import ReLU, Sigmoid, Softmax, Tanh
from .base import Layer
from .convolution import Conv2D
from .dense import Dense
from .depthwise_convolution import DepthwiseConv2D
from .dropout import Dropout
from .global_pooling import GlobalAveragePooling2D, GlobalMaxPooling2D
from .layer_normalization import LayerNormalization
from .names_elsewhere import CLASSES
from .normalization import BatchNormalization
from .pooling import AveragePooling2D, LpPooling2D, MaxPooling2D, WeightedAveragePooling2D
from .reshaping import Flatten
from .residual import Residual
from .separable_convolution import SeparableConv2D
from .transposed_convolution import Conv2DTranspose
from .upsampling import UpSampling2D

__all__ = [
    "AveragePooling2D",
    "BatchNormalization",
    "Conv2D",
    "Conv2DTranspose",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Layer",
    "LayerNormalization",
    "LpPooling2D",
    "MaxPooling2D",
    "ReLU",
    "Residual",
    "SeparableConv2D",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "UpSampling2D",
    "WeightedAveragePooling2D",
]


def __getattr__(name):
    there = CLASSES.get(name, f"it has {', '.join(__all__)}")
    raise AttributeError(f"layers has no {name!r}: {there}")
