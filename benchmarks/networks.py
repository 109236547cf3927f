"""The documents' networks, each described once, and built for us, for PyTorch and for Keras.

A network is a list of layers, a layer is a name and its arguments. Weights start as each framework
likes: they do not change the speed.
"""

from dataclasses import dataclass

IMAGE = (28, 28, 1)
CLASSES = 10
# PyTorch's own, whose "momentum" of 0.1 is the part that is replaced: the document is PyTorch's
NORMALIZATION = {"momentum": 0.9, "epsilon": 1e-5}


@dataclass(frozen=True)
class Network:
    """A document's network and its recipe."""

    document: str
    layers: tuple
    batch: int
    optimizer: str
    learning_rate: float

    @property
    def scores(self):
        """The layers without a last softmax: what a loss takes that has the softmax built in."""
        return self.layers[:-1] if self.layers[-1] == ("softmax",) else self.layers

    @property
    def features(self):
        """The convolution part: the layers before the flattening."""
        return self.layers[: self.layers.index(("flatten",))]

    def convolutions(self, image=IMAGE):
        """For each convolution: the images' shape, filters, window, padding, and what follows it.

        That is the pooling's window: 1 for a ReLU without pooling, ``None`` for something else.
        """
        height, width, channels = image
        for place, (kind, *arguments) in enumerate(self.layers):
            if kind == "conv":
                filters, window, padding = arguments
                relu, pool, *_ = self.layers[place + 1 :]
                follows = pool[1] if pool[0] == "max_pool" else 1
                yield (
                    (height, width, channels), filters, window, padding,
                    follows if relu == ("relu",) else None,
                )  # fmt: skip
                cut = window - 1 if padding == "valid" else 0
                height, width, channels = height - cut, width - cut, filters
            elif kind == "max_pool":
                height, width = (side // arguments[0] for side in (height, width))


NETWORKS = {
    "tutorial": Network(
        "CNN – Tutorial with Keras",
        (
            ("conv", 32, 5, "valid"),
            ("relu",),
            ("max_pool", 2),
            ("conv", 64, 5, "valid"),
            ("relu",),
            ("max_pool", 2),
            ("flatten",),
            ("dense", CLASSES),
            ("softmax",),
        ),
        batch=100,
        optimizer="SGD",
        learning_rate=0.01,
    ),
    "ntnu": Network(
        "Deep Learning Lecture – Convolution NN",
        (
            ("conv", 32, 3, "valid"),
            ("relu",),
            ("max_pool", 2),
            ("conv", 64, 3, "valid"),
            ("relu",),
            ("max_pool", 2),
            ("conv", 64, 3, "valid"),
            ("relu",),
            ("flatten",),
            ("dense", 64),
            ("relu",),
            ("dense", CLASSES),
            ("softmax",),
        ),
        batch=64,
        optimizer="RMSprop",
        learning_rate=0.001,
    ),
    "postech": Network(
        "Convolutional Neural Networks (CNN), POSTECH",
        (
            ("conv", 32, 3, "same"),
            ("relu",),
            ("max_pool", 2),
            ("conv", 64, 3, "same"),
            ("relu",),
            ("max_pool", 2),
            ("flatten",),
            ("dense", 100),
            ("relu",),
            ("dense", CLASSES),
        ),
        batch=50,
        optimizer="Adam",
        learning_rate=1e-4,
    ),
    "explained": Network(
        "Convolutional Neural Networks, Explained",
        (
            ("conv", 16, 5, "same"),
            ("batch_norm",),
            ("relu",),
            ("max_pool", 2),
            ("conv", 32, 5, "same"),
            ("batch_norm",),
            ("relu",),
            ("max_pool", 2),
            ("flatten",),
            ("dense", CLASSES),
        ),
        batch=100,
        optimizer="Adam",
        learning_rate=0.001,
    ),
    "renom": Network(
        "Convolutional Neural Network (CNN), ReNom",
        (
            ("conv", 32, 3, "valid"),
            ("relu",),
            ("conv", 64, 3, "valid"),
            ("relu",),
            ("max_pool", 2),
            ("dropout", 0.5),
            ("flatten",),
            ("dense", 128),
            ("relu",),
            ("dense", CLASSES),
        ),
        batch=64,
        optimizer="SGD",
        learning_rate=0.001,
    ),
}

# The frameworks are imported where they are needed: each contender's process has only its own.


def ours(chain, image=IMAGE, seed=0, **start):
    """The layers of ``chain`` as our model, for images of the shape ``image``.

    ``start``: how the weights of convolutions and dense layers start, such as
    ``kernel_initializer="he_normal"``.
    """
    from cnncourse import Sequential, layers

    kinds = {
        "conv": lambda filters, window, padding: layers.Conv2D(
            filters, window, padding=padding, **start
        ),
        "batch_norm": lambda: layers.BatchNormalization(**NORMALIZATION),
        "relu": layers.ReLU,
        "max_pool": layers.MaxPooling2D,
        "dropout": layers.Dropout,
        "flatten": layers.Flatten,
        "dense": lambda units: layers.Dense(units, **start),
        "softmax": layers.Softmax,
    }
    return Sequential(_made(chain, kinds), input_shape=image, seed=seed)


def torch_model(chain):
    """The same for PyTorch, for images (N, 1, 28, 28)."""
    import torch
    from torch import nn

    kinds = {
        "conv": lambda filters, window, padding: nn.LazyConv2d(
            filters, window, padding=window // 2 if padding == "same" else 0
        ),
        "batch_norm": nn.LazyBatchNorm2d,
        "relu": lambda: nn.ReLU(inplace=True),  # spares it an array: up to 10 % faster
        "max_pool": nn.MaxPool2d,
        "dropout": nn.Dropout,
        "flatten": nn.Flatten,
        "dense": nn.LazyLinear,
        "softmax": lambda: nn.Softmax(dim=1),
    }
    model = nn.Sequential(*_made(chain, kinds))
    height, width, channels = IMAGE
    model(torch.zeros(2, channels, height, width))  # now the lazy layers know their sizes
    return model


def keras_model(chain):
    """The same for Keras, for images (N, 28, 28, 1)."""
    import keras
    from keras import layers

    kinds = {
        "conv": lambda filters, window, padding: layers.Conv2D(filters, window, padding=padding),
        "batch_norm": lambda: layers.BatchNormalization(**NORMALIZATION),
        "relu": layers.ReLU,
        "max_pool": layers.MaxPooling2D,
        "dropout": layers.Dropout,
        "flatten": layers.Flatten,
        "dense": layers.Dense,
        "softmax": layers.Softmax,
    }
    return keras.Sequential([keras.Input(IMAGE), *_made(chain, kinds)])


def _made(chain, kinds):
    return [kinds[kind](*arguments) for kind, *arguments in chain]
