"""Twenty steps with weights and frozen layers are PyTorch's twenty steps.

Runs where PyTorch is installed (the benchmarks' environment), and is skipped elsewhere.
"""

import numpy as np
import pytest

from cnncourse import Sequential, layers, optimizers

torch = pytest.importorskip("torch", reason="PyTorch, the peer to compare with, is not installed")

from test_peers import apart, twin  # noqa: E402 - it needs PyTorch itself

CLOSE = 1e-5  # relative to the largest number in each array
STEPS = 20


def drawn(rng):
    """A small model, drawn at random, and its twin in PyTorch, up to the logits."""
    chain = [layers.Conv2D(int(rng.integers(1, 6)), int(rng.integers(1, 4)), activation="relu")]
    if rng.random() < 0.5:
        chain.append(layers.BatchNormalization(momentum=0.9))
    if rng.random() < 0.5:
        chain.append(layers.MaxPooling2D(2))
    chain += [layers.Flatten(), layers.Dense(int(rng.integers(2, 9)), activation="relu")]
    chain += [layers.Dense(4)]
    device = str(rng.choice(["cpu", "reference"]))
    model = Sequential(chain, (9, 8, 2), int(rng.integers(100)), device)
    model.compile(optimizers.SGD(0.05, momentum=0.5))
    other = torch.nn.Sequential(*map(twin, model.operations)).double()
    return model, other


def frozen(model, rng):
    """Some layers that learn, but not all."""
    able = [layer for layer in model.layers if layer.parameters]
    return [layer for layer in able[:-1] if rng.random() < 0.5]


@pytest.mark.parametrize("seed", range(12))
def test_twenty_steps(seed):
    rng = np.random.default_rng(seed)
    model, other = drawn(rng)
    constants = frozen(model, rng)
    modules = list(other)
    for layer in constants:
        layer.trainable = False
        for parameter in modules[model.operations.index(layer)].parameters():
            parameter.requires_grad = False
    learning = [parameter for parameter in other.parameters() if parameter.requires_grad]
    step = torch.optim.SGD(learning, lr=0.05, momentum=0.5)
    by_class = dict(enumerate(rng.uniform(0, 3, 4)))
    for _ in range(STEPS):
        x, y = rng.standard_normal((7, 9, 8, 2)), rng.integers(0, 4, 7)
        weights = rng.uniform(0, 2, 7)
        other.train()
        for layer in constants:
            modules[model.operations.index(layer)].eval()
        logits = other(torch.tensor(x).permute(0, 3, 1, 2))
        losses = torch.nn.functional.cross_entropy(logits, torch.tensor(y), reduction="none")
        each = torch.tensor(weights * np.array(list(by_class.values()))[y])
        loss = (losses * each).sum() / 7
        step.zero_grad()
        loss.backward()
        step.step()
        ours = model.train_on_batch(x, y, sample_weight=weights, class_weight=by_class)
        assert ours == pytest.approx(loss.item(), rel=CLOSE, abs=1e-6)
    parameters = [value for layer in model.layers for value in layer.parameters.values()]
    for our, their in zip(parameters, other.parameters(), strict=True):
        axes = {4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}[their.ndim]
        assert apart(our, their.permute(axes)) < CLOSE
    for layer, module in zip(model.operations, modules, strict=True):
        if isinstance(layer, layers.BatchNormalization) and layer not in constants:
            mean = layer.statistics["moving_mean"]
            assert apart(mean, module.running_mean) < CLOSE
