"""Twenty steps of each optimizer, with schedules, decay and clipping, are Keras's twenty steps.

Runs where Keras and PyTorch are installed, and is skipped elsewhere.
"""

import os

import numpy as np
import pytest

from cnncourse import kernels, layers, losses, optimizers, schedules

pytest.importorskip("torch", reason="Keras needs a backend")
os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras", reason="Keras, the peer to compare with, is not installed")

CLOSE = 1e-5  # relative to the largest number
STEPS = 20


def drawn_schedule(rng):
    """A rate, or a schedule: ours and Keras's."""
    rate = float(rng.uniform(0.01, 0.1))
    choices = {
        "PiecewiseConstantDecay": ([4, 11], [rate, rate / 3, rate / 7]),
        "ExponentialDecay": (rate, 7, 0.4, bool(rng.random() < 0.5)),
        "CosineDecay": (rate, 15, 0.1),
        # in float32, Keras takes some restarts a step late: here none falls on a whole step but
        # those of 1 and 2
        "CosineDecayRestarts": (rate, 7, float(rng.choice([1.0, 1.5, 2.0])), 0.7, 0.05),
    }
    name = str(rng.choice(["constant", "warm-up", *choices]))
    theirs = keras.optimizers.schedules
    if name == "constant":
        return rate, rate
    if name == "warm-up":
        options = {"warmup_target": 2 * rate, "warmup_steps": 5}
        return schedules.CosineDecay(rate, 12, **options), theirs.CosineDecay(rate, 12, **options)
    return getattr(schedules, name)(*choices[name]), getattr(theirs, name)(*choices[name])


def drawn_optimizer(rng):
    """An optimizer with options: ours and Keras's."""
    kind = str(rng.choice(["SGD", "RMSprop", "Adam", "AdamW"]))
    options = {}
    if kind == "SGD":
        options["momentum"] = float(rng.choice([0.0, 0.5, 0.9]))
        options["nesterov"] = bool(options["momentum"] and rng.random() < 0.5)
    if rng.random() < 0.6:
        options["weight_decay"] = float(rng.uniform(0, 0.3))
    clipping = str(rng.choice(["none", "clipnorm", "clipvalue", "global_clipnorm"]))
    if clipping != "none":
        options[clipping] = float(rng.uniform(0.5, 3))
    ours, theirs = drawn_schedule(rng)
    return getattr(optimizers, kind)(ours, **options), getattr(keras.optimizers, kind)(
        theirs, **options
    )


@pytest.mark.parametrize("device", ["cpu", "reference"])
@pytest.mark.parametrize("seed", range(40))
def test_twenty_steps(seed, device):
    rng = np.random.default_rng(seed)
    ours, theirs = drawn_optimizer(rng)
    layer = layers.Dense(3, bias_initializer="ones")
    layer.build((4,), kernels.get(device), rng)
    layer.name = "dense"
    variables = [
        keras.Variable(layer.backend.to_numpy(value).astype("float32"), name=name)
        for name, value in layer.parameters.items()
    ]
    excluded = ["bias"] if rng.random() < 0.3 else []
    ours.exclude_from_weight_decay(excluded)
    if excluded:
        theirs.exclude_from_weight_decay(var_names=excluded)
    for _ in range(STEPS):
        gradients = []
        for name, value in layer.parameters.items():
            # not small: the peers add epsilon in different places
            gradient = rng.choice([-1, 1], value.shape) * rng.uniform(0.5, 2, value.shape)
            gradients.append(gradient.astype("float32"))
            layer.new_gradient(name)[...] = gradients[-1]
        ours.step([layer])
        theirs.apply([keras.ops.convert_to_tensor(g) for g in gradients], variables)
    for value, variable in zip(layer.parameters.values(), variables, strict=True):
        expected = keras.ops.convert_to_numpy(variable)
        assert abs(value - expected).max() < CLOSE * abs(expected).max(), (ours, excluded)


@pytest.mark.parametrize("seed", range(20))
def test_smoothed_and_weighted_losses(seed):
    rng = np.random.default_rng(seed)
    options = {"label_smoothing": float(rng.uniform(0, 0.9)), "from_logits": True}
    outputs = rng.normal(0, 3, (7, 4)).astype("float32")
    weights = rng.uniform(0, 2, 7) if seed % 2 else None
    labels = np.eye(4, dtype="float32")[rng.integers(0, 4, 7)]
    pairs = {
        losses.SoftmaxCrossEntropy(**options): keras.losses.CategoricalCrossentropy(**options),
        losses.SigmoidCrossEntropy(**options): keras.losses.BinaryCrossentropy(**options),
    }
    for ours, theirs in pairs.items():
        expected = float(theirs(labels, outputs, sample_weight=weights))
        assert ours(outputs, labels, sample_weight=weights) == pytest.approx(expected, rel=CLOSE)
