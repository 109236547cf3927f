"""What the exercises of the lab with RMSprop count."""

from cnncourse import Sequential, layers
from cnncourse.chapters.mnist_with_rmsprop import exercises


def parameters(pooled):
    """Those of the lab's network, with its two poolings or without."""
    model = Sequential(input_shape=(28, 28, 1))
    for filters in (32, 64, 64):
        model.add(layers.Conv2D(filters, 3))
        if pooled and filters < 64 or pooled and len(model.layers) == 3:
            model.add(layers.MaxPooling2D(2))
    for layer in (layers.Flatten(), layers.Dense(64), layers.Dense(10)):
        model.add(layer)
    return model.count_params()


def test_the_numbers_of_parameters():
    assert parameters(pooled=True) == exercises.POOLED
    assert parameters(pooled=False) == exercises.parameters()
