"""Chapter 05's exercises: their checks, which say what is wrong, and a solution to read."""

from ... import layers
from ...model.sequential import Sequential
from ...model.summary import layer_shapes

IMAGE = (64, 64, 3)
CLASSES = 5
MOST_PARAMETERS = 20_000
MOST_WORK = 3_000_000  # multiply-adds
LEAST_CONVOLUTIONS = 3


def check_count(answer):
    """Say whether ``answer`` is the number of parameters of exercise 1's network.

    Prints one line; None counts as not answered yet.

    >>> check_count(None)
    not answered yet
    >>> check_count(15_648)
    not yet: looks as if biases were left out; each filter and each unit has one
    """
    right = _count()
    wrong = {
        _count(bias=0): "biases were left out; each filter and each unit has one",
        _count(channels=(1, 1)): "a filter had one channel; it has weights for all that come in",
        _count(side=6): "the first layer were 'valid'; 'same' keeps 32×32",
        _count(side=8): "the second layer were 'same'; 'valid' loses 2 pixels a side",
    }
    if answer is None:
        print("not answered yet")
    elif answer == right:
        print(f"right: {right:,}, most of them in the dense layer")
    elif answer in wrong:
        print(f"not yet: looks as if {wrong[answer]}")
    else:
        print("not yet: write down each layer's output shape first, then count layer by layer")


def _count(side=7, channels=(3, 16), bias=1):
    """The parameters of exercise 1's network, by hand; ``side``: of its last maps."""
    first, second = channels
    convolutions = 16 * (3 * 3 * first + bias) + 24 * (3 * 3 * second + bias)
    return convolutions + 10 * (side * side * 24 + bias)


def check_design(model):
    """Say whether ``model`` keeps to what exercise 2 asks for; if not, what to change.

    Prints one line; None counts as not answered yet.

    >>> check_design(None)
    not answered yet
    >>> check_design(slim())
    right: 3 convolutions, 6,197 parameters, 811,168 multiply-adds
    """
    if model is None:
        print("not answered yet")
        return
    if model.input_shape != IMAGE:
        print(f"not yet: images are {IMAGE}, your model takes {model.input_shape}")
        return
    shapes = layer_shapes(model)
    convolutions = sum(isinstance(layer, layers.Conv2D) for layer, _, _ in shapes)
    parameters = model.count_params()
    work = sum(layer.multiply_adds(before) for layer, before, _ in shapes)
    if model.output_shape != (CLASSES,):
        wanted = f"{CLASSES} classes want an output of {(CLASSES,)}"
        print(f"not yet: {wanted}, yours is {model.output_shape}")
    elif convolutions < LEAST_CONVOLUTIONS:
        print(f"not yet: {LEAST_CONVOLUTIONS} convolutions at least, yours has {convolutions}")
    elif parameters > MOST_PARAMETERS:
        print(f"not yet: {parameters:,} parameters; which layer has most of them?")
    elif work > MOST_WORK:
        print(f"not yet: {work:,} multiply-adds; fewer filters or a stride where maps are large")
    else:
        print(
            f"right: {convolutions} convolutions, {parameters:,} parameters, {work:,} multiply-adds"
        )


def slim():
    """A solution: few filters while the maps are large, and no large dense layer."""
    return Sequential(
        [
            layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(CLASSES, activation="softmax"),
        ],
        input_shape=IMAGE,
    )
