"""The small network that chapter 06 trains again and again."""

from ... import layers, optimizers
from ...model.sequential import Sequential


def network(optimizer=None, initializer="glorot_uniform", normalize=False, dropout=0.0):
    """A compiled network for images of 28×28×1 and ten classes, always with the same seed.

    ``optimizer``: ``SGD(0.1)`` if left out; ``initializer``: of all kernels;
    ``normalize``: whether batch normalisation follows each convolution; ``dropout``: the rate of a
    dropout before the dense layer, none for 0.

    >>> network().count_params()
    5994
    """
    chain = []
    for filters in (8, 16):
        chain.append(layers.Conv2D(filters, 5, kernel_initializer=initializer))
        if normalize:
            chain.append(layers.BatchNormalization())
        chain += [layers.ReLU(), layers.MaxPooling2D(2)]
    chain.append(layers.Flatten())
    if dropout:
        chain.append(layers.Dropout(dropout))
    chain.append(layers.Dense(10, activation="softmax", kernel_initializer=initializer))
    model = Sequential(chain, input_shape=(28, 28, 1), seed=0)
    model.compile(optimizer or optimizers.SGD(0.1), "softmax_cross_entropy")
    return model
