"""With equal weights, our outputs and our training step are PyTorch's, on all five networks.

Runs where PyTorch is installed (the benchmarks' environment), and is skipped elsewhere.
"""

import numpy as np
import pytest

from cnncourse import layers, losses, optimizers
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
        other = nn.Conv2d(shape[2], shape[3], layer.window, layer.strides, padding)
        return _with(other, weight=weights[0].permute(3, 2, 0, 1), bias=weights[1])
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
    return {layers.ReLU: nn.ReLU(), layers.Softmax: nn.Identity()}[type(layer)]


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


def batch():
    rng = np.random.default_rng(0)
    return rng.random((32, 28, 28, 1), dtype=np.float32), rng.integers(0, 10, 32)


def apart(ours, theirs):
    """The largest difference, relative to the largest number.

    Numbers below 0.01 count as that large: a bias in front of batch normalisation stays at 0 but
    for rounding.
    """
    theirs = theirs.detach().numpy()
    return abs(ours - theirs).max() / max(abs(theirs).max(), 0.01)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_outputs(name):
    model, other = pair(name)
    x, _ = batch()
    images = torch.tensor(x).permute(0, 3, 1, 2)  # (N, C, H, W)
    for training in (False, True):
        other.train(training)
        assert apart(model.scores(x, training), other(images)) < CLOSE


@pytest.mark.parametrize("name", DOCUMENTS)
def test_one_training_step(name):
    model, other = pair(name)
    x, y = batch()
    before = model.get_weights()
    loss = torch.nn.functional.cross_entropy(
        other.train()(torch.tensor(x).permute(0, 3, 1, 2)), torch.tensor(y)
    )
    loss.backward()
    torch.optim.SGD(other.parameters(), lr=RATE).step()
    assert model.train_on_batch(x, y) == pytest.approx(loss.item(), rel=CLOSE)
    ours = [value for layer in model.layers for value in layer.parameters.values()]
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
