"""What the chapter's networks are made of, and what they cost."""

from ... import layers


def conv(filters):
    """A convolution of 3×3 that keeps the size, batch normalisation, and ReLU: three layers."""
    return [
        layers.Conv2D(filters, 3, padding="same", use_bias=False),
        layers.BatchNormalization(momentum=0.9),  # short trainings take few steps
        layers.ReLU(),
    ]


def multiply_adds(model, shape):
    """How many multiply-adds a forward pass takes, for one image of ``shape``.

    >>> from cnncourse import Sequential
    >>> multiply_adds(Sequential([layers.Conv2D(2, 3)], input_shape=(8, 8, 1)), (4, 4, 1))
    72
    """
    total = 0
    for layer in model.layers:
        total += layer.multiply_adds(shape)
        shape = layer.output_shape(shape)
    return total
