"""Drawn networks: every layer and every option, in chains of up to a dozen."""

import numpy as np

from cnncourse import layers

CHANNELS = (1, 2, 3, 5, 8, 15, 16, 17, 24, 31, 32, 33, 40)
ACTIVATIONS = (layers.ReLU, layers.ReLU, layers.Tanh, layers.Sigmoid)
GLOBAL = (layers.GlobalMaxPooling2D, layers.GlobalAveragePooling2D)
POOLINGS = (
    layers.MaxPooling2D,
    layers.MaxPooling2D,
    layers.AveragePooling2D,
    layers.WeightedAveragePooling2D,
    layers.LpPooling2D,
)


def draw(rng, sides, dropout=0.0):
    """Layers, unbuilt, and one image's shape: its height and width lie between the two ``sides``.

    ``dropout``: the rate of the layers that drop.
    """

    def pick(*choices):
        return choices[rng.integers(len(choices))]

    def pair(low, high):
        return tuple(map(int, rng.integers(low, high + 1, 2)))

    def channels():
        return int(pick(*CHANNELS, rng.integers(1, 41)))

    def no_larger(pairs, shape):
        return tuple(min(cells, side) for cells, side in zip(pairs, shape, strict=False))

    def convolution(shape):
        window = no_larger(pair(1, 5), shape)
        apart = [
            max((side - 1) // max(cells - 1, 1), 1)
            for cells, side in zip(window, shape, strict=False)
        ]
        return layers.Conv2D(
            channels(),
            window,
            pick(1, 1, pair(1, 3)),
            pick("valid", "same", pair(0, 2)),
            activation=pick(None, "relu", "relu", "tanh", "sigmoid"),
            use_bias=bool(rng.integers(2)),
            dilation_rate=pick(1, 1, no_larger(pair(1, 3), apart)),
        )

    def pooling(shape):
        kind = pick(*POOLINGS)
        arguments = {"strides": pick(None, None, pair(1, 3)), "padding": pick("valid", "same")}
        if kind is layers.LpPooling2D:
            arguments["p"] = pick(1, 2, 3, 2.5)
        return kind(no_larger(pair(1, 3), shape), **arguments)

    makers = (
        convolution,
        convolution,
        pooling,
        lambda shape: layers.BatchNormalization(),
        lambda shape: pick(*ACTIVATIONS)(),
        lambda shape: layers.Dropout(dropout),
    )
    shape = now = (*pair(*sides), channels())
    chain = []
    for _ in range(int(rng.integers(2, 9))):
        chain.append(pick(*makers)(now))
        now = chain[-1].output_shape(now)
    chain.append(pick(layers.Flatten, layers.Flatten, *GLOBAL)())
    if rng.integers(2):
        activation = pick(None, "relu", "tanh", "softmax")
        chain.append(layers.Dense(channels(), activation=activation))
    if rng.integers(2):
        chain.append(layers.BatchNormalization())
    if rng.integers(8):
        activation = pick(None, "softmax", "sigmoid")
        chain.append(layers.Dense(channels(), activation=activation))
    return chain, shape


def set_weights(model, rng):
    """Weights of all kinds: biases, scales and running statistics, too."""
    weights = []
    for layer in model.layers:
        for name, weight in layer.weights.items():
            low, high = {"gamma": (0.5, 2), "moving_variance": (0.5, 2)}.get(name, (-0.5, 0.5))
            drawn = rng.uniform(low, high, weight.shape)
            weights.append(weight if name == "kernel" else drawn)
    # those that float32 holds: then the difference is that of the arithmetic
    model.set_weights([np.float32(weight) for weight in weights])
