"""Drawn networks: every layer and every option that an exporter has to know."""

import numpy as np

from cnncourse import Sequential, layers

POOLINGS = (
    layers.MaxPooling2D,
    layers.MaxPooling2D,
    layers.AveragePooling2D,
    layers.WeightedAveragePooling2D,
    layers.LpPooling2D,
)
ACTIVATIONS = (layers.ReLU, layers.ReLU, layers.Tanh, layers.Sigmoid)


def model(seed):
    """A built model with weights of all kinds, and images for it: (5, H, W, C)."""
    rng = np.random.default_rng(seed)
    found = Sequential(**_drawn(rng), seed=seed, device="reference")
    for layer in found.layers:
        weights = []
        for name, weight in layer.weights.items():
            low, high = {"gamma": (0.5, 2), "moving_variance": (0.5, 2)}.get(name, (-0.5, 0.5))
            weights.append(weight if name == "kernel" else rng.uniform(low, high, weight.shape))
        layer.set_weights(weights)
    images = rng.random((5, *found.input_shape), np.float32) - rng.choice([0, 0.5])
    return found, images.astype(np.float32)


def _drawn(rng):
    """Layers and the input shape."""

    def pick(*choices):
        return choices[rng.integers(len(choices))]

    def pair(low, high):
        return tuple(map(int, rng.integers(low, high + 1, 2)))

    def channels():
        return int(pick(1, 2, 3, 5, 8, 17, 33, 40))

    def convolution(shape):
        window = tuple(min(k, side) for k, side in zip(pair(1, 5), shape, strict=False))
        widest = [
            max((side - 1) // max(k - 1, 1), 1) for k, side in zip(window, shape[:2], strict=True)
        ]
        dilation = tuple(min(d, most) for d, most in zip(pair(1, 3), widest, strict=True))
        return layers.Conv2D(
            channels(),
            window,
            pick(1, 1, pair(1, 3)),
            pick("valid", "same", pair(0, 2)),
            activation=pick(None, "relu", "relu", "tanh", "sigmoid"),
            use_bias=bool(rng.integers(2)),
            dilation_rate=pick(1, 1, dilation),
        )

    def pooling(shape):
        kind = pick(*POOLINGS)
        window = tuple(min(k, side) for k, side in zip(pair(1, 3), shape, strict=False))
        arguments = {"strides": pick(None, None, pair(1, 3)), "padding": pick("valid", "same")}
        if kind is layers.LpPooling2D:
            arguments["p"] = pick(1, 2, 3, 2.5)
        return kind(window, **arguments)

    makers = (
        convolution,
        convolution,
        pooling,
        lambda shape: layers.BatchNormalization(),
        lambda shape: pick(*ACTIVATIONS)(),
        lambda shape: layers.Dropout(0.5),
    )
    input_shape = (*pair(4, 14), int(pick(1, 1, 2, 3)))
    chain, shape = [], input_shape
    for _ in range(int(rng.integers(1, 7))):
        chain.append(pick(*makers)(shape))
        shape = chain[-1].output_shape(shape)
    flat = layers.Flatten, layers.Flatten, layers.GlobalMaxPooling2D, layers.GlobalAveragePooling2D
    chain.append(pick(*flat)())
    if rng.integers(2):
        activation = pick(None, "relu", "tanh", "softmax")
        chain.append(layers.Dense(int(pick(1, 7, 33)), activation=activation))
    if rng.integers(2):
        chain.append(layers.BatchNormalization())
    if rng.integers(8):
        activation = pick(None, None, "softmax", "softmax", "sigmoid", "relu")
        chain.append(layers.Dense(int(pick(1, 2, 10)), activation=activation))
    return {"layers": chain, "input_shape": input_shape}
