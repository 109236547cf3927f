"""With equal weights, our outputs and our training step are PyTorch's.

On the documents' five networks, and on residual networks that are drawn.

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
        padding = {"valid": 0, "same": "same"}.get(layer.padding, layer.padding)
        shape = weights[0].shape
        sizes = shape[2], shape[3], layer.window, layer.strides, padding
        values = {"weight": weights[0].permute(3, 2, 0, 1)}
        if layer.use_bias:
            values["bias"] = weights[1]
        return _with(nn.Conv2d(*sizes, bias=layer.use_bias), **values)
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
        assert apart(our, their.permute(axes)) < CLOSE
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
