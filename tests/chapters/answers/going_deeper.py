"""Answers to the exercises on deeper networks, and what their checks say of them."""

import numpy as np

from cnncourse import layers
from cnncourse.chapters.going_deeper import block, exercises
from cnncourse.gradients import difference, numerical

conv, relu = block.conv, block.relu


def halving(
    strides=(2, 1), filters=(32, 32), between="relu", shortcut_window=1, shortcut_strides=2, **how
):
    """The third exercise's block, or one with a mistake."""
    chain = [
        layers.Conv2D(filters[0], 3, strides[0], "same", activation=between),
        layers.Conv2D(filters[1], 3, strides[1], "same"),
    ]
    shortcut = layers.Conv2D(filters[1], shortcut_window, shortcut_strides, "same", **how)
    return layers.Residual(chain, shortcut, activation="relu")


NORMALISED = [
    layers.Conv2D(32, 3, 2, "same"),
    layers.BatchNormalization(),
    layers.ReLU(),
    layers.Conv2D(32, 3, padding="same"),
    layers.BatchNormalization(),
]


def back(
    last=True, inner=True, through_b=True, met_by_b="h", shortcut="masked", layers_way=True, swap=()
):
    """A backward pass with the mistakes asked for."""

    def function(x, a, b, g):
        z = conv(x, a)
        h = relu(z)
        masked = g * (x + conv(h, b) > 0)
        start = masked if last else g
        by_b, by_h = block.conv_backward({"h": h, "z": z, "x": x}[met_by_b], b, start)
        by_z = (by_h if through_b else start) * ((z > 0) if inner else 1)
        by_a, by_x = block.conv_backward(x, a, by_z)
        by_x = by_x if layers_way else 0
        by_x = by_x + {"masked": masked, "g": g, "by_h": by_h, "none": np.zeros_like(g)}[shortcut]
        found = [by_a, by_b, by_x]
        return [found[k] for k in swap] if swap else found

    return function


def checking(*which, apart=False, of=block.forward):
    """A gradient check that looks at some of the three gradients only."""

    def function(backward):
        rng = np.random.default_rng(3)
        x, g = rng.normal(size=(2, 1, 3, 4, 2))
        a, b = rng.normal(size=(2, 3, 3, 2, 2))
        found, arrays = backward(x, a, b, g), (a, b, x)
        found_apart = [
            difference(found[k], numerical(lambda: np.sum(g * of(x, a, b)), arrays[k]))
            for k in which
        ]
        return found_apart if apart else max(found_apart)

    return function


ANSWERS = {
    exercises.check_saved: [
        (22_528.0, "right: "),
        (50_176, "so many has the one"),
        (27_648, "so many have the three"),
        (40_960, "three in a row"),
        (31_744, "it takes three"),
        (22_464, "biases"),
        (22, "32 of each"),
        (704, "32 filters"),
        (-22_528, "the other way round"),
        (7, "F · F · 32 · 32"),
    ],
    exercises.check_times: [
        (7.9, "right: "),
        (7.89, "right: "),
        (8, "one decimal"),
        (9, "the depthwise one out"),
        (64, "the 1×1 convolution out"),
        (1 / 7.89, "the other way round"),
        (3, "what one position needs"),
        ("7.9", "expected a number"),
    ],
    exercises.check_block: [
        (
            layers.Residual(
                NORMALISED,
                [layers.Conv2D(32, 1, 2), layers.BatchNormalization()],
                activation="relu",
            ),
            "right: ",
        ),
        ([layers.Conv2D(32, 3, 2)], "layers.Residual([…], shortcut=…) is wanted"),
        (layers.Residual([layers.Conv2D(32, 3, 2, "same")]), "cannot be added"),
        (halving(shortcut_strides=1), "cannot be added"),
        (halving(strides=(2, 2), shortcut_strides=4), "4×4×32 comes out"),
        (halving(filters=(16, 16)), "7×7×16 comes out"),
        (halving(strides=(1, 1), shortcut_strides=1), "14×14×32 comes out"),
        (
            layers.Residual([layers.Conv2D(32, 3, 2, "same")], layers.Conv2D(32, 1, 2)),
            "two convolutions",
        ),
        (halving(between=None), "only one"),
        (halving(shortcut_window=3), "1×1 is enough"),
        (halving(activation="relu"), "out of the shortcut"),
    ],
    block.check_forward: [
        (lambda x, a, b: np.maximum(0, conv(np.maximum(conv(x, a), 0), b) + x), "right: "),
        (lambda x, a, b: relu(conv(relu(conv(x, a)), b)), "shortcut is missing"),
        (lambda x, a, b: x + conv(relu(conv(x, a)), b), "last ReLU is missing"),
        (lambda x, a, b: x + relu(conv(relu(conv(x, a)), b)), "add first"),
        (lambda x, a, b: relu(x + conv(conv(x, a), b)), "between the two"),
        (lambda x, a, b: relu(x + relu(conv(relu(conv(x, a)), b))), "too many"),
        (lambda x, a, b: relu(x + conv(relu(x + conv(x, a)), b)), "past both"),
        (lambda x, a, b: relu(relu(conv(x, a)) + conv(relu(conv(x, a)), b)), "begins at x"),
        (lambda x, a, b: relu(x * conv(relu(conv(x, a)), b)), "not multiplied"),
        (lambda x, a, b: relu(x + conv(relu(conv(x, b)), a)), "a comes first"),
        (lambda x, a, b: x[0], "the shape should be (2, 4, 5, 3)"),
        (lambda x, a, b: x, "the values are not"),
    ],
    block.check_backward: [
        (back(), "right: "),
        (lambda x, a, b, g: x, "return the gradient of a, that of b and that of x"),
        (back(swap=(2, 0, 1)), "their order is not"),
        (back(swap=(1, 0, 2)), "their order is not"),
        (back(last=False), "start with the last ReLU"),
        (back(met_by_b="z"), "that of b: b has met what the ReLU gives, not what a gives"),
        (back(met_by_b="x"), "not x"),
        (back(inner=False), "lets through where z > 0"),
        (back(last=False, inner=False), "through both ReLUs"),
        (back(through_b=False), "comes back through b"),
        (back(shortcut="none"), "shortcut's part is missing"),
        (back(layers_way=False), "that is the shortcut's part alone"),
        (back(shortcut="g"), "the last ReLU first"),
        (back(shortcut="by_h"), "comes from the sum"),
        (lambda x, a, b, g: (a, b, x), "the gradient of a: the shape is right, the values are not"),
        (lambda x, a, b, g: (*block.backward(x, a, b, g)[:2], x), "that of x: the shape is right"),
    ],
    block.check_gradient_check: [
        (checking(0, 1, 2), "right: "),
        (checking(1, 2), "in the gradient of a"),
        (checking(0, 2), "in the gradient of b"),
        (checking(0, 1), "in the gradient of x"),
        (checking(0, 1, 2, apart=True), "one number"),
        (lambda backward: 0.0, "lets every mistake pass"),
        (checking(0, 1, 2, of=lambda x, a, b: conv(relu(conv(x, a)), b)), "is value() the block's"),
        (lambda backward: backward(), "your function raises TypeError"),
    ],
}
