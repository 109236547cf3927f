"""Building a CNN, the exercises: correct answers pass, typical wrong ones are named."""

import pytest

from cnncourse import Sequential, layers
from cnncourse.chapters.building_a_cnn import compare, exercises
from cnncourse.networks import tutorial


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


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (counted(), "right: 15,698"),
        (counted(use_bias=False), "biases were left out"),
        (counted(first="valid"), "the first layer were 'valid'"),
        (counted(second="same"), "the second layer were 'same'"),
        (16 * 10 + 24 * 10 + 10 * (7 * 7 * 24 + 1), "a filter had one channel"),
        (counted() + 1, "shape first"),
    ],
)
def test_the_exercise_on_counting(answer, hint, says):
    says(hint, exercises.check_count, answer)


def convolutions(filters, classes=5, strides=1, input_shape=(64, 64, 3)):
    chain = [layers.Conv2D(f, 3, strides, "same", activation="relu") for f in filters]
    chain += [layers.GlobalAveragePooling2D(), layers.Dense(classes)]
    return Sequential(chain, input_shape=input_shape)


@pytest.mark.parametrize(
    ("design", "hint"),
    [
        (lambda: None, "not answered yet"),
        (exercises.slim, "right"),
        (lambda: convolutions([8, 16, 32], strides=2), "right"),
        (lambda: convolutions([8, 16, 32], strides=2, classes=10), "an output of (5,), yours"),
        (lambda: convolutions([8, 16], strides=2), "3 convolutions at least, yours has 2"),
        (lambda: convolutions([8, 64, 64], strides=2), "which layer has most of them?"),
        (lambda: convolutions([8, 16, 32]), "a stride where maps are large"),
        (lambda: convolutions([8, 8, 8], input_shape=(28, 28, 1)), "images are (64, 64, 3)"),
        (lambda: Sequential([layers.Dense(5)]), "images are (64, 64, 3), your model takes None"),
        (lambda: Sequential(input_shape=(64, 64, 3)), "an output of (5,), yours is (64, 64, 3)"),
    ],
)
def test_the_exercise_on_designing(design, hint, says):
    says(hint, exercises.check_design, design())


def test_networks_side_by_side(capsys):
    compare({"tutorial": tutorial(), "dense": Sequential([layers.Dense(3)], (4,))})
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[2:-1]]
    assert rows == [["tutorial", "4×4×64", "62,346", "3,747,840"], ["dense", "15", "12"]]
