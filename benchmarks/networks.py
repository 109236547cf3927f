"""The documents' networks with the documents' recipes, and their twins in PyTorch and Keras.

The networks are those of `cnncourse.networks`, and two with shortcuts, translated layer by layer.
The initial weights are each framework's own: they do not change the speed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import deeper

from cnncourse import Sequential, layers, networks
from cnncourse.kernels.geometry import Geometry

IMAGE = (28, 28, 1)
CLASSES = 10


@dataclass(frozen=True)
class Convolution:
    """The size of a convolution: of a batch of images, with as many channels and filters."""

    images: int
    channels: int
    filters: int
    geometry: Geometry

    def __str__(self):
        sides, window = ("×".join(map(str, pair)) for pair in (self.image, self.window))
        rows, strides = self.geometry.output[0], self.geometry.strides
        padding = "same" if rows == -(-self.image[0] // strides[0]) else "valid"
        words = f"{self.images} × {sides}, {self.channels} → {self.filters}, {window} {padding}"
        return words if strides == (1, 1) else f"{words}, stride {'×'.join(map(str, strides))}"

    @property
    def image(self):
        return self.geometry.image

    @property
    def window(self):
        return self.geometry.window


@dataclass(frozen=True)
class Network:
    """A network and its recipe."""

    make: Callable  # builds our model; takes `Sequential`'s options
    batch: int
    optimizer: str
    learning_rate: float
    image: tuple = IMAGE
    pixels: int = 0  # of a mask, if that is what it learns, and no classes

    @property
    def operations(self):
        """The layers in single steps, each activation one of them, built for ``image``.

        They are not for training, but to be read, in the peers' processes too: on the reference
        backend, they bring no numba, which would have threads of its own there.
        """
        return self.make(device="reference").operations

    @property
    def scores(self):
        """The same without a last softmax: what a loss takes that has the softmax built in."""
        operations = self.operations
        return operations[:-1] if isinstance(operations[-1], layers.Softmax) else operations

    def features(self, image):
        """Our model of the convolution part, the layers before the flattening, for ``image``."""
        chain = self.make().layers
        kinds = [type(layer) for layer in chain]
        return Sequential(chain[: kinds.index(layers.Flatten)], input_shape=image)

    def convolutions(self):
        """Each convolution, with the geometry of the pooling behind its ReLU.

        That has a window of 1×1 where a ReLU follows without a pooling. It is ``None`` where
        something else follows than a ReLU.
        """
        operations = self.operations
        for place, layer in enumerate(operations):
            if isinstance(layer, layers.Conv2D):
                geometry = layer.geometry(layer.input_shape)
                channels = layer.input_shape[-1]
                first, second = operations[place + 1 : place + 3]
                pooling = None
                if isinstance(first, layers.ReLU):
                    pooling = Geometry.of(geometry.output, (1, 1), (1, 1), "valid")
                    if isinstance(second, layers.MaxPooling2D):
                        pooling = second.geometry(second.input_shape)
                yield Convolution(self.batch, channels, layer.filters, geometry), pooling


NETWORKS = {
    "tutorial": Network(networks.tutorial, 100, "SGD", 0.01),
    "ntnu": Network(networks.ntnu, 64, "RMSprop", 0.001),
    "postech": Network(networks.postech, 50, "Adam", 1e-4),
    "explained": Network(networks.explained, 100, "Adam", 0.001),
    "renom": Network(networks.renom, 64, "SGD", 0.001),
}

DEEPER = {
    "resnet20": Network(deeper.resnet20, 64, "SGD", 0.1, deeper.IMAGE),
    "u-shaped": Network(
        deeper.u_shaped, 32, "Adam", 0.001, deeper.CANVAS, deeper.CANVAS[0] * deeper.CANVAS[1]
    ),
}

# The peers are imported where they are needed: each contender's process has only its own.


def torch_model(operations):
    """Our ``operations`` in PyTorch, for images (N, C, H, W)."""
    from torch import nn

    class Sum(nn.Module):
        def __init__(self, layers, shortcut):
            super().__init__()
            self.layers, self.shortcut = layers, shortcut

        def forward(self, x):
            return self.layers(x) + self.shortcut(x)

    twins = {
        layers.Conv2D: lambda layer: nn.Conv2d(
            layer.input_shape[-1],
            layer.filters,
            layer.window,
            layer.strides,
            layer.geometry(layer.input_shape).before,
            bias=layer.use_bias,
        ),
        layers.BatchNormalization: lambda layer: nn.BatchNorm2d(
            layer.input_shape[-1], eps=layer.epsilon, momentum=1 - layer.momentum
        ),
        layers.ReLU: lambda layer: nn.ReLU(inplace=True),  # spares it an array: up to 10 % faster
        layers.MaxPooling2D: lambda layer: nn.MaxPool2d(layer.window, layer.strides),
        layers.Dropout: lambda layer: nn.Dropout(layer.rate),
        layers.Flatten: lambda layer: nn.Flatten(),
        layers.Dense: lambda layer: nn.Linear(layer.input_shape[-1], layer.units),
        layers.Softmax: lambda layer: nn.Softmax(dim=1),
        layers.UpSampling2D: lambda layer: nn.Upsample(scale_factor=layer.size),
        layers.GlobalAveragePooling2D: lambda layer: nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten()
        ),
        layers.Residual: lambda layer: Sum(*map(torch_model, layer.branches)),
    }
    return nn.Sequential(*_translated(operations, twins))


def keras_model(operations):
    """Our ``operations`` in Keras, for images (N, H, W, C)."""
    import keras
    from keras import layers as theirs

    def convolution(layer):
        geometry = layer.geometry(layer.input_shape)
        sides = zip(geometry.image, geometry.strides, strict=True)
        same = geometry.output == tuple(-(-side // stride) for side, stride in sides)
        padding = "same" if same else "valid"
        arguments = layer.filters, layer.window, layer.strides, padding
        return theirs.Conv2D(*arguments, use_bias=layer.use_bias)

    twins = {
        layers.Conv2D: convolution,
        layers.BatchNormalization: lambda layer: theirs.BatchNormalization(
            momentum=layer.momentum, epsilon=layer.epsilon
        ),
        layers.ReLU: lambda layer: theirs.ReLU(),
        layers.MaxPooling2D: lambda layer: theirs.MaxPooling2D(layer.window, layer.strides),
        layers.Dropout: lambda layer: theirs.Dropout(layer.rate),
        layers.Flatten: lambda layer: theirs.Flatten(),
        layers.Dense: lambda layer: theirs.Dense(layer.units),
        layers.Softmax: lambda layer: theirs.Softmax(),
        layers.UpSampling2D: lambda layer: theirs.UpSampling2D(layer.size),
        layers.GlobalAveragePooling2D: lambda layer: theirs.GlobalAveragePooling2D(),
    }

    def outputs(operations, x):
        for operation in operations:
            if isinstance(operation, layers.Residual):
                x = theirs.Add()([outputs(branch, x) for branch in operation.branches])
            else:
                x = twins[type(operation)](operation)(x)
        return x

    images = keras.Input(operations[0].input_shape)
    return keras.Model(images, outputs(operations, images))


def _translated(operations, twins):
    return [twins[type(layer)](layer) for layer in operations]
