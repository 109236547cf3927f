"""With equal weights, our outputs and our training step are PyTorch's.

On the documents' five networks, on every layer that they do not have, by itself, and on residual
networks that are drawn.

Runs where PyTorch is installed (the benchmarks' environment), and is skipped elsewhere.
"""

import numpy as np
import pytest

from cnncourse import Sequential, layers, losses, optimizers
from cnncourse.networks import DOCUMENTS

torch = pytest.importorskip("torch", reason="PyTorch, the peer to compare with, is not installed")

RATE = 0.01
CLOSE = 1e-5  # relative to the largest number in each array


def twin(layer):
    """PyTorch's layer with the same weights, for images channels-first."""
    weights = [torch.tensor(np.asarray(weight)) for weight in layer.get_weights()]
    nn = torch.nn
    if isinstance(layer, layers.Conv2D):
        return _convolution(*weights, **_window(layer))
    if isinstance(layer, layers.DepthwiseConv2D):
        return _depthwise(layer, *weights)
    if isinstance(layer, layers.SeparableConv2D):
        return nn.Sequential(_depthwise(layer, weights[0]), _convolution(*weights[1:]))
    if isinstance(layer, layers.Conv2DTranspose):
        return Transposed(layer, *weights)
    if isinstance(layer, layers.UpSampling2D):
        corners = {"align_corners": False} if layer.bilinear else {}
        return nn.Upsample(scale_factor=layer.size, mode=layer.interpolation, **corners)
    if isinstance(layer, layers.LayerNormalization):
        return AtEachPosition(layer, weights)
    if isinstance(layer, layers.Dense):
        other = nn.Linear(*weights[0].shape)
        return _with(other, weight=weights[0].T, bias=weights[1])
    if isinstance(layer, layers.BatchNormalization):
        other = nn.BatchNorm2d(len(weights[0]), eps=layer.epsilon, momentum=1 - layer.momentum)
        return _with(other, weight=weights[0], bias=weights[1])
    if isinstance(layer, layers.MaxPooling2D):
        return nn.MaxPool2d(layer.window, layer.strides)
    if isinstance(layer, layers.Dropout):
        return nn.Identity()  # the two draw different numbers, so neither drops any here
    if isinstance(layer, layers.Flatten):
        return ChannelsLast()
    if isinstance(layer, layers.GlobalAveragePooling2D):
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    if isinstance(layer, layers.Residual):
        return Sum(*(nn.Sequential(*map(twin, branch)) for branch in layer.branches))
    return {
        layers.ReLU: nn.ReLU(),
        layers.Sigmoid: nn.Sigmoid(),
        layers.Tanh: nn.Tanh(),
        layers.Softmax: nn.Identity(),
    }[type(layer)]


class Sum(torch.nn.Module):
    """What two branches give for the same input, added up."""

    def __init__(self, deep, past):
        super().__init__()
        self.deep, self.past = deep, past

    def forward(self, x):
        return self.deep(x) + self.past(x)


def _window(layer):
    padding = {"valid": 0}.get(layer.padding, layer.padding)
    return {"stride": layer.strides, "padding": padding, "dilation": layer.dilation_rate}


def _convolution(kernel, bias=None, groups=1, **window):
    """PyTorch's convolution by a ``kernel`` (U, V, C, O), of one of ``groups`` of channels."""
    has_bias = {"groups": groups, "bias": bias is not None}
    u, v, channels, filters = kernel.shape
    other = torch.nn.Conv2d(channels * groups, filters, (u, v), **has_bias, **window)
    return _with(other, **_values(kernel, bias))


def _depthwise(layer, kernel, bias=None):
    """... by a ``kernel`` (U, V, C, M): each channel is a group."""
    u, v, channels, _ = kernel.shape
    return _convolution(kernel.reshape(u, v, 1, -1), bias, channels, **_window(layer))


def _values(kernel, bias):
    weight = {"weight": kernel.permute(3, 2, 0, 1)}
    return weight if bias is None else weight | {"bias": bias}


class Transposed(torch.nn.ConvTranspose2d):
    """A transposed convolution that has Keras's "same", too."""

    def __init__(self, layer, kernel, bias=None):
        u, v, filters, channels = kernel.shape
        behind = [max(s - k, 0) for s, k in zip(layer.strides, (u, v), strict=True)]
        pads = 0 if isinstance(layer.padding, str) else layer.padding
        sizes = channels, filters, (u, v), layer.strides, pads, behind
        super().__init__(*sizes, bias=bias is not None)
        _with(self, **_values(kernel, bias))
        self.same = layer.padding == "same"

    def forward(self, x):
        out = super().forward(x)
        if not self.same:
            return out
        sides = [side * s for side, s in zip(x.shape[2:], self.stride, strict=True)]
        top, left = ((full - side) // 2 for full, side in zip(out.shape[2:], sides, strict=True))
        return out[:, :, top : top + sides[0], left : left + sides[1]]


class AtEachPosition(torch.nn.Module):
    """Layer normalisation of the channels."""

    def __init__(self, layer, weights):
        super().__init__()
        learned = {"elementwise_affine": layer.scale, "bias": layer.center}
        self.norm = torch.nn.LayerNorm(layer.input_shape[-1], layer.epsilon, **learned)
        _with(self.norm, **dict(zip(("weight", "bias"), weights, strict=False)))

    def forward(self, x):
        return self.norm(x.movedim(1, -1)).movedim(-1, 1)


class ChannelsLast(torch.nn.Module):
    """Flattens as we do: channels run fastest."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def _with(module, **values):
    with torch.no_grad():
        for name, value in values.items():
            getattr(module, name).copy_(value)
    return module


def pair(name):
    """One of the documents' models, without its dropout, and its twin, up to the scores."""
    model = DOCUMENTS[name](seed=3)
    for layer in model.layers:
        if isinstance(layer, layers.Dropout):
            layer.rate = 0.0
    model.compile(optimizers.SGD(RATE), losses.SoftmaxCrossEntropy())
    return model, torch.nn.Sequential(*map(twin, model.operations))


ALONE = {
    "dilated": lambda: layers.Conv2D(5, 3, dilation_rate=2),
    "dilated, same": lambda: layers.Conv2D(5, (3, 2), padding="same", dilation_rate=(1, 3)),
    "dilated, with strides": lambda: layers.Conv2D(
        5, (2, 3), strides=(2, 1), padding=(2, 1), dilation_rate=2, use_bias=False
    ),
    "depthwise": lambda: layers.DepthwiseConv2D(3),
    "depthwise, same": lambda: layers.DepthwiseConv2D((3, 2), padding="same", depth_multiplier=2),
    "depthwise, with strides": lambda: layers.DepthwiseConv2D(
        2, strides=(2, 3), padding=(1, 2), depth_multiplier=3, use_bias=False
    ),
    "depthwise, dilated": lambda: layers.DepthwiseConv2D(
        (2, 3), strides=2, padding=2, dilation_rate=(3, 2), activation="sigmoid"
    ),
    "separable": lambda: layers.SeparableConv2D(6, 3),
    "separable, same": lambda: layers.SeparableConv2D(6, 3, padding="same", depth_multiplier=2),
    "separable, with strides": lambda: layers.SeparableConv2D(
        6, (1, 2), strides=(3, 2), padding=(0, 1), depth_multiplier=3, use_bias=False
    ),
    "separable, dilated": lambda: layers.SeparableConv2D(
        6, 2, dilation_rate=(2, 4), activation="tanh"
    ),
    "transposed": lambda: layers.Conv2DTranspose(3, (3, 2)),
    "transposed, same": lambda: layers.Conv2DTranspose(3, 3, strides=2, padding="same"),
    "transposed, even and same": lambda: layers.Conv2DTranspose(
        3, 4, strides=(2, 1), padding="same", activation="tanh"
    ),
    "transposed, with gaps": lambda: layers.Conv2DTranspose(3, (1, 2), strides=(2, 3)),
    "transposed, cut": lambda: layers.Conv2DTranspose(
        3, (3, 4), strides=2, padding=(1, 2), use_bias=False
    ),
    "nearest": lambda: layers.UpSampling2D((2, 3)),
    "bilinear": lambda: layers.UpSampling2D((2, 1), "bilinear"),
    "bilinear, by three": lambda: layers.UpSampling2D((1, 3), "bilinear"),
    "layer normalisation": lambda: layers.LayerNormalization(epsilon=1e-5),
    "layer normalisation, no shift": lambda: layers.LayerNormalization(center=False),
    "layer normalisation, no scale": lambda: layers.LayerNormalization(center=False, scale=False),
    "residual block": lambda: layers.Residual(
        [layers.DepthwiseConv2D(3, padding="same"), layers.LayerNormalization()], activation="relu"
    ),
    "residual block with a shortcut": lambda: layers.Residual(
        [layers.SeparableConv2D(6, 3, 2, padding=1, activation="tanh"), layers.Conv2D(6, 1)],
        shortcut=[layers.Conv2D(6, 1, 2), layers.LayerNormalization()],
    ),
}


def pair_alone(name, device):
    """A layer between a convolution and a classifier, all weights drawn, and the twin."""
    chain = [layers.Conv2D(4, 2, activation="tanh"), ALONE[name]()]
    model = Sequential([*chain, layers.Flatten(), layers.Dense(10)], (9, 8, 3), device=device)
    rng = np.random.default_rng(0)
    model.set_weights([rng.uniform(-0.5, 0.5, weight.shape) for weight in model.get_weights()])
    model.compile(optimizers.SGD(RATE), losses.SoftmaxCrossEntropy())
    return model, torch.nn.Sequential(*map(twin, model.operations))


def residual_pair(seed):
    """A drawn residual network, some of its blocks in blocks, and its twin."""
    rng = np.random.default_rng(seed)

    def pick(*choices):
        return choices[rng.integers(len(choices))]

    def convolution(filters, window, strides=1):
        bias = bool(rng.integers(2))
        return layers.Conv2D(filters, window, strides, window // 2, use_bias=bias)

    def block(channels, deeper):
        filters, strides = pick(channels, int(rng.integers(1, 20))), pick(1, 1, 2)
        inner = [convolution(filters, pick(1, 3, 5), strides), layers.BatchNormalization()]
        inner += [pick(layers.ReLU, layers.Tanh)()]
        if deeper and rng.integers(2):
            nested, filters = block(filters, deeper - 1)
            inner.append(nested)
            strides *= nested.receptive_field[1][0]
        inner += [convolution(filters, 3), *pick([], [layers.BatchNormalization()])]
        shortcut = None
        if strides > 1 or filters != channels or rng.integers(2):
            shortcut = [convolution(filters, 1, strides), *pick([], [layers.BatchNormalization()])]
        return layers.Residual(inner, shortcut, pick(None, "relu", "tanh")), filters

    chain, channels = [convolution(8, 3)], 8
    for _ in range(int(rng.integers(1, 4))):
        found, channels = block(channels, deeper=2)
        chain.append(found)
    chain += [layers.GlobalAveragePooling2D(), layers.Dense(10)]
    model = Sequential(chain, (12, 9, 3), seed=seed)
    model.compile(optimizers.SGD(RATE), losses.SoftmaxCrossEntropy())
    return model, torch.nn.Sequential(*map(twin, model.operations))


def batch(images=32, shape=(28, 28, 1)):
    rng = np.random.default_rng(0)
    return rng.random((images, *shape), dtype=np.float32), rng.integers(0, 10, images)


def apart(ours, theirs):
    """The largest difference, relative to the largest number.

    Numbers below 0.01 count as that large: a bias in front of batch normalisation stays at 0 but
    for rounding.
    """
    theirs = theirs.detach().numpy()
    return abs(ours - theirs).max() / max(abs(theirs).max(), 0.01)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_outputs(name):
    check_outputs(*pair(name), *batch())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_one_training_step(name):
    check_step(*pair(name), *batch())


@pytest.mark.parametrize("device", ["cpu", "reference"])
@pytest.mark.parametrize("name", ALONE)
def test_a_layer_by_itself(name, device):
    x, y = batch(7, (9, 8, 3))
    check_outputs(*pair_alone(name, device), x, y)
    check_step(*pair_alone(name, device), x, y)


def test_residual_networks():
    for seed in range(100):
        print(seed)  # of the network that fails
        x, y = batch(6, (12, 9, 3))
        check_outputs(*residual_pair(seed), x, y)
        check_step(*residual_pair(seed), x, y)


def check_outputs(model, other, x, y):
    images = torch.tensor(x).permute(0, 3, 1, 2)  # (N, C, H, W)
    for training in (False, True):
        other.train(training)
        assert apart(model.scores(x, training), other(images)) < CLOSE


def check_step(model, other, x, y):
    before = model.get_weights()
    loss = torch.nn.functional.cross_entropy(
        other.train()(torch.tensor(x).permute(0, 3, 1, 2)), torch.tensor(y)
    )
    loss.backward()
    torch.optim.SGD(other.parameters(), lr=RATE).step()
    assert model.train_on_batch(x, y) == pytest.approx(loss.item(), rel=CLOSE)
    ours = [value for part in model.parts for value in part.parameters.values()]
    theirs = list(other.parameters())
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        axes = {4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}[their.ndim]
        # a depthwise kernel (U, V, C, M) is (U, V, 1, C · M) there
        assert apart(our, their.permute(axes).reshape(our.shape)) < CLOSE
    assert any((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))


OPTIMIZERS = {
    "momentum": (optimizers.SGD(0.01, momentum=0.9), (torch.optim.SGD, {"momentum": 0.9})),
    "rmsprop": (optimizers.RMSprop(0.01), (torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-7})),
    "adam": (optimizers.Adam(0.01), (torch.optim.Adam, {"eps": 1e-7})),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizers_steps(name):
    """Step after step, so that what is kept between them counts.

    The gradients are not small: the peers add epsilon in different places.
    """
    ours, (kind, arguments) = OPTIMIZERS[name]
    layer = layers.Dense(3)
    layer.build((4,), rng=np.random.default_rng(0))
    theirs = [torch.tensor(weight, requires_grad=True) for weight in layer.get_weights()]
    step = kind(theirs, lr=0.01, **arguments)
    rng = np.random.default_rng(1)
    for _ in range(6):
        for parameter, (key, value) in zip(theirs, layer.parameters.items(), strict=True):
            gradient = rng.choice([-1, 1], value.shape) * rng.uniform(0.5, 2, value.shape)
            layer.gradients[key] = gradient.astype(np.float32)
            parameter.grad = torch.tensor(layer.gradients[key])
        ours.step([layer])
        step.step()
    for our, their in zip(layer.get_weights(), theirs, strict=True):
        assert apart(our, their) < CLOSE
