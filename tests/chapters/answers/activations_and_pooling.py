"""Answers to the exercises on activations and pooling, and what their checks say of them."""

import numpy as np

from cnncourse import Sequential, layers
from cnncourse.chapters.activations_and_pooling import exercises


def by_reshaping(x, F, S):
    """For windows side by side that leave nothing over."""
    N, H, W, C = x.shape
    return x.reshape(N, H // F, F, W // F, F, C).max(axis=(2, 4))


def back_by_the_layer(x, F, S, g):
    chain = [layers.MaxPooling2D(F, strides=S)]
    model = Sequential(chain, input_shape=x.shape[1:], device="reference")
    model(x)
    return np.array(model.backward(g))


def shape(size=3, **options):
    return layers.MaxPooling2D(size, **options).output_shape((32, 23, 8))


ANSWERS = {
    exercises.check_leaky_derivative: [
        (lambda x: np.where(x > 0, 1, 1 / 10).tolist(), "right: "),
        (lambda x: np.where(x > 0, x, 0.1 * x), "the function itself"),
        (lambda x: (x > 0) * 1.0, "derivative of ReLU"),
        (lambda x: np.where(x > 0, 1, -0.1), "yours falls"),
        (lambda x: np.where(x > 0, 0.1, 1), "confused"),
        (lambda x: 1.0, "yours have ()"),
        (lambda x: np.where(x > 0, 1, 0.1 * x), "below zero the function is a straight line"),
        (lambda x: np.where(x > 0, x, 0.1), "above zero the function is a straight line"),
        (lambda x: np.where(x > 0, 1, 0.01), "below zero, how much is added"),
        (lambda x: np.where(x > 0, 1, 10), "below zero, how much is added"),
        (lambda x: np.where(x > 0, 0.9, 0.1), "above zero, how much is added"),
        (lambda x: 1 if x > 0 else 0.1, "your function raises ValueError"),
    ],
    exercises.check_max_pool: [
        (lambda x, F, S: np.array(layers.MaxPooling2D(F, strides=S)(x)), "right: "),
        (lambda x, F, S: np.array(layers.AveragePooling2D(F, strides=S)(x)), "the means"),
        (
            lambda x, F, S: np.array(layers.MaxPooling2D(F, strides=S, padding="same")(x)),
            "does not fit whole",
        ),
        (lambda x, F, S: np.array(layers.MaxPooling2D(F)(x)), 'step 3 of 4, "other windows"'),
        (by_reshaping, 'step 2 of 4, "rows and columns left over": your function raises'),
    ],
    exercises.check_max_pool_backward: [
        (back_by_the_layer, "right: "),
        (lambda x, F, S, g: g, "the shape should be"),
        (lambda x, F, S, g: np.zeros(x.shape), "the values are not"),
        (lambda x, F, S, g: -back_by_the_layer(x, F, S, g), "the sign is turned round"),
    ],
    exercises.check_sizes: [
        (shape(strides=2), "right: "),
        ([15, 11, 8], "right: "),
        (np.array([15, 11, 8]), "right: "),
        ((16, 11, 8), "rounds up"),
        (shape(strides=2, padding="same"), "'same'"),
        (shape(), "side by side"),
        (shape(strides=1), "a stride of 1"),
        ((14, 10, 8), "at the start"),
        ((15, 11, 1), "none is lost"),
        ((15, 11), "how many channels"),
        ((11, 15, 8), "height comes first"),
        ((1, 2, 3), "axis by axis"),
        (15, "a shape is wanted"),
        ("15×11×8", "a shape is wanted"),
    ],
    exercises.check_sigmoid: [
        (np.True_, "right: "),
        (False, "at which rates"),
        ("yes", "expected False or True"),
    ],
    exercises.check_absorbing: [
        ("Max", "right: "),
        ("mean", "which of the two curves is lower"),
        ("both", "expected 'max' or 'mean'"),
    ],
}
