"""Answers to the exercises on building a CNN, and what their checks say of them."""

from cnncourse import Sequential, layers
from cnncourse.chapters.building_a_cnn import exercises
from cnncourse.networks import ntnu, postech


def counted(first="same", second="valid", **options):
    chain = [
        layers.Conv2D(16, 3, padding=first, **options),
        layers.MaxPooling2D(2),
        layers.Conv2D(24, 3, padding=second, **options),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, **options),
    ]
    return Sequential(chain, input_shape=(32, 32, 3)).count_params()


def convolutions(filters, classes=5, strides=1, window=3, activation="relu", shape=(64, 64, 3)):
    chain = [layers.Conv2D(f, window, strides, "same", activation=activation) for f in filters]
    chain += [layers.GlobalAveragePooling2D(), layers.Dense(classes)]
    return Sequential(chain, input_shape=shape)


def separate_activations():
    chain = []
    for filters in (8, 16, 32):
        chain += [layers.Conv2D(filters, 3, 2, "same"), layers.ReLU()]
    chain += [layers.GlobalAveragePooling2D(), layers.Dense(5)]
    return Sequential(chain, input_shape=(64, 64, 3))


def two_dense_layers(activation):
    chain = [layers.Conv2D(8, 3, 2, "same", activation="relu") for _ in range(3)]
    chain += [layers.GlobalMaxPooling2D(), layers.Dense(10, activation=activation)]
    return Sequential([*chain, layers.Dense(5)], input_shape=(64, 64, 3))


def like_ntnu(window=3, first="valid", second="valid", strides=2):
    chain = [
        layers.Conv2D(32, 3, padding=first, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, window, padding=second, activation="relu"),
        layers.MaxPooling2D(2, strides=strides),
        layers.Conv2D(64, 3, activation="relu"),
    ]
    head = [layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(10)]
    return Sequential(chain + head, input_shape=(28, 28, 1))


def like_lenet(first=5, pool=layers.AveragePooling2D, activation="tanh", last=None, classes=10):
    front = [layers.Conv2D(6, first, activation=activation), pool(2)]
    front += [layers.Conv2D(16, 5, activation=activation), pool(2), layers.Flatten()]
    dense = [layers.Dense(units, activation=activation) for units in (120, 84)]
    chain = [*front, *dense, layers.Dense(classes, activation=last)]
    return Sequential(chain, input_shape=(32, 32, 1))


ANSWERS = {
    exercises.check_count: [
        (float(counted()), "right: "),
        (counted(use_bias=False), "biases were left out"),
        (counted(first="valid"), "the first layer were 'valid'"),
        (counted(second="same"), "the second layer were 'same'"),
        (16 * 10 + 24 * 10 + 10 * (7 * 7 * 24 + 1), "a filter had one channel"),
        (12_458, "a filter of the second convolution had one channel"),
        (16 * 10 + 24 * 145 + 10 * 1177, "a filter of the first convolution had one channel"),
        (16_090, "a bias for each channel"),
        (448 + 3480, "the dense layer were left out"),
        (counted() + 1, "shape first"),
        ("15698", "expected a number"),
    ],
    exercises.check_design: [
        (convolutions([8, 16, 32], strides=2), "right: "),
        (separate_activations(), "right: "),
        (two_dense_layers("relu"), "right: "),
        (two_dense_layers(None), "between dense_1 and dense_2 there is nothing"),
        (convolutions([8, 16, 32], strides=2, activation=None), "nothing non-linear"),
        (convolutions([8, 8, 8], strides=4, window=1), "yours has 0 with a window larger"),
        (convolutions([8, 8, 8], strides=4), "larger than its window: it skips"),
        ([layers.Conv2D(8, 3)], "give a model, Sequential([…], input_shape=(64, 64, 3))"),
        (6197, "not int"),
        (convolutions([8, 16, 32], strides=2, classes=10), "an output of (5,), yours"),
        (convolutions([8, 16], strides=2), "3 convolutions at least, yours has 2"),
        (convolutions([8, 64, 64], strides=2), "which layer has most of them?"),
        (convolutions([8, 16, 32]), "a stride where maps are large"),
        (convolutions([8, 8, 8], shape=(28, 28, 1)), "images are (64, 64, 3)"),
        (Sequential([layers.Dense(5)]), "images are (64, 64, 3), your model takes None"),
        (Sequential(input_shape=(64, 64, 3)), "an output of (5,), yours is (64, 64, 3)"),
    ],
    exercises.check_averaged: [
        (19_466.0, "right: "),
        (320 + 18_496, "the last dense layer is still there"),
        (320 + 18_496 + 6500 + 1010, "the hidden dense layer goes"),
        (320 + 18_496 + 1010, "gets 64 values now"),
        (320 + 18_496 + 31_370, "each map becomes one value"),
        (320 + 18_496 + 640, "has biases, too"),
        (1, "which layers change"),
    ],
    exercises.check_no_row_lost: [
        (like_ntnu(first="same"), "right: "),
        (like_ntnu(strides=1), "right: "),
        (ntnu(), "gets 11 rows and leaves 1 of them unused"),
        (like_ntnu(second="same"), "gets 13 rows and leaves 1 of them unused"),
        (postech(), "keep the layers"),
        (exercises.lenet(), "images are (28, 28, 1)"),
        ([], "give a model"),
    ],
    exercises.check_lenet: [
        (like_lenet(), "right: 61,706"),
        (like_lenet(last="softmax"), "right: 61,706"),
        (like_lenet(pool=layers.MaxPooling2D), "expected AveragePooling2D"),
        (like_lenet(first=3), "expected (28, 28, 6)"),
        (like_lenet(activation="relu"), "the activation of conv2d_1"),
        (like_lenet(last="sigmoid"), "the activation of dense_3"),
        (like_lenet(classes=11), "expected (10,)"),
        (Sequential(exercises.lenet().layers[:-1], (32, 32, 1)), "yours 7"),
        (ntnu(), "images are (32, 32, 1)"),
    ],
}
