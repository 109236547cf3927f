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


def draw(rng, sides, dropout=0.0, exported=False):
    """Layers, unbuilt, and one image's shape: its height and width lie between the two ``sides``.

    ``dropout``: the rate of the layers that drop; ``exported``: whether only layers are drawn that
    can be exported.
    """

    def pick(*choices):
        return choices[rng.integers(len(choices))]

    def pair(low, high):
        return tuple(map(int, rng.integers(low, high + 1, 2)))

    def channels():
        return int(pick(*CHANNELS, rng.integers(1, 41)))

    def no_larger(pairs, shape):
        return tuple(min(cells, side) for cells, side in zip(pairs, shape, strict=False))

    def window(shape):
        """The arguments that all convolutions have."""
        cells = no_larger(pair(1, 5), shape)
        apart = [
            max((side - 1) // max(count - 1, 1), 1)
            for count, side in zip(cells, shape, strict=False)
        ]
        return {
            "kernel_size": cells,
            "strides": pick(1, 1, pair(1, 3)),
            "padding": pick("valid", "same", pair(0, 2)),
            "activation": pick(None, "relu", "relu", "tanh", "sigmoid"),
            "use_bias": bool(rng.integers(2)),
            "dilation_rate": pick(1, 1, no_larger(pair(1, 3), apart)),
        }

    def convolution(shape):
        return layers.Conv2D(channels(), **window(shape))

    def multiplier(shape):
        return pick(1, 1, 2, 3) if shape[-1] <= 40 else 1

    def depthwise(shape):
        return layers.DepthwiseConv2D(**window(shape), depth_multiplier=multiplier(shape))

    def separable(shape):
        maps = channels()
        return layers.SeparableConv2D(maps, **window(shape), depth_multiplier=multiplier(shape))

    def pooling(shape):
        kind = pick(*POOLINGS)
        arguments = {"strides": pick(None, None, pair(1, 3)), "padding": pick("valid", "same")}
        if kind is layers.LpPooling2D:
            arguments["p"] = pick(1, 2, 3, 2.5)
        return kind(no_larger(pair(1, 3), shape), **arguments)

    def block(shape):
        inner, now = [], shape
        for _ in range(int(rng.integers(1, 5))):
            inner.append(pick(*makers)(now))
            now = inner[-1].output_shape(now)
        shortcut = None
        if now != shape or rng.integers(2):
            shortcut = [*fitting(shape, now), *pick([], [layers.BatchNormalization()])]
        return layers.Residual(inner, shortcut, activation=pick(None, "relu", "tanh"))

    def fitting(shape, wanted):
        """A convolution from images of one shape to those of the other."""
        window, strides, padding = zip(*map(sliding, shape[:2], wanted[:2]), strict=True)
        return [layers.Conv2D(wanted[2], window, strides, padding, use_bias=bool(rng.integers(2)))]

    def strides_to_enlarge(shape):
        """... a side to at most 36 pixels, or not at all."""
        return no_larger(pair(1, 3), [max(36 // side, 1) for side in shape[:2]])

    def transposed_convolution(shape):
        window, strides = pair(1, 4), strides_to_enlarge(shape)
        sizes = layers.Conv2DTranspose(1, window, strides).output_shape(shape)
        return layers.Conv2DTranspose(
            channels(),
            window,
            strides,
            pick("valid", "same", no_larger(pair(0, 2), [(side - 1) // 2 for side in sizes])),
            activation=pick(None, "relu", "tanh"),
            use_bias=bool(rng.integers(2)),
        )

    def upsampling(shape):
        return layers.UpSampling2D(strides_to_enlarge(shape), pick("nearest", "bilinear"))

    def normalisation(shape):
        return layers.LayerNormalization(center=bool(rng.integers(2)), scale=bool(rng.integers(2)))

    makers = (
        convolution,
        convolution,
        pooling,
        lambda shape: layers.BatchNormalization(),
        lambda shape: pick(*ACTIVATIONS)(),
        lambda shape: layers.Dropout(dropout),
    )
    if not exported:
        makers += block, depthwise, separable, transposed_convolution, upsampling, normalisation
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


def sliding(side, wanted):
    """Window, stride and padding with which ``side`` pixels become ``wanted`` of them."""
    padding = max(-(-(wanted - side) // 2), 0)
    if wanted == 1:
        return min(side, 3), side, 0
    stride = max((side + 2 * padding - 1) // (wanted - 1), 1)
    return side + 2 * padding - (wanted - 1) * stride, stride, padding


def set_weights(model, rng):
    """Weights of all kinds: biases, scales and running statistics, too."""
    weights = []
    for layer in model.parts:
        for name, weight in (layer.parameters | layer.statistics).items():
            low, high = {"gamma": (0.5, 2), "moving_variance": (0.5, 2)}.get(name, (-0.5, 0.5))
            drawn = rng.uniform(low, high, weight.shape)
            weights.append(weight if name.endswith("kernel") else drawn)
    # those that float32 holds: then the difference is that of the arithmetic
    model.set_weights([np.float32(weight) for weight in weights])
