"""Two networks with shortcuts, made of residual blocks."""

from cnncourse import Sequential, layers

IMAGE = (32, 32, 3)
CLASSES = 10
CANVAS = (64, 64, 3)


def resnet20(**options):
    """The ResNet-20 of He et al., 2015, for images of 32×32: 0.27 million parameters.

    Three stages of three blocks, with 16, 32 and 64 filters. Where the paper fills up channels with
    zeros, the shortcut is a convolution of 1×1, as in its larger networks.
    """
    stages = [
        block(filters, strides)
        for filters, first in ((16, 1), (32, 2), (64, 2))
        for strides in (first, 1, 1)
    ]
    chain = [
        *convolution(16),
        *stages,
        layers.GlobalAveragePooling2D(),
        layers.Dense(CLASSES),
    ]
    return Sequential(chain, **{"input_shape": IMAGE, "seed": 0, **options})


def u_shaped(**options):
    """A small U-shaped network, for a mask of images of 64×64: a logit for each pixel.

    It halves the maps twice and doubles them again, and each time adds what came in. After
    Ronneberger, Fischer & Brox, *U-Net*, 2015, which puts both side by side instead.
    """
    bottom = layers.Residual(
        [layers.MaxPooling2D(2), *convolution(64), *convolution(64), *enlarged(32)]
    )
    middle = layers.Residual(
        [layers.MaxPooling2D(2), *convolution(32), bottom, *convolution(32), *enlarged(16)]
    )
    chain = [*convolution(16), middle, *convolution(16), layers.Conv2D(1, 1), layers.Flatten()]
    return Sequential(chain, **{"input_shape": CANVAS, "seed": 0, **options})


def block(filters, strides):
    """Two convolutions, and a shortcut that halves the maps where these do."""
    shortcut = None
    if strides > 1:
        shortcut = [
            layers.Conv2D(filters, 1, strides, use_bias=False),
            layers.BatchNormalization(),
        ]
    inner = [*convolution(filters, strides), *convolution(filters)[:-1]]
    return layers.Residual(inner, shortcut, activation="relu")


def convolution(filters, strides=1):
    """A convolution of 3×3, its normalisation and ReLU."""
    return [
        layers.Conv2D(filters, 3, strides, padding=1, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
    ]


def enlarged(filters):
    """Maps twice as large, of so many filters."""
    return [layers.UpSampling2D(2), layers.Conv2D(filters, 3, padding=1)]
