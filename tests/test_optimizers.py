"""Optimizers: their formulas by hand, and one of one's own."""

import numpy as np
import pytest

from cnncourse import initializers, layers, optimizers

START, GRADIENT = 1.0, 0.5


def after(optimizer, steps):
    """One parameter that begins at 1, after some steps with the gradient 0.5."""
    layer = layers.Dense(1, use_bias=False)
    layer.build((1,))
    layer.set_weights([[[START]]])
    layer.gradients["kernel"] = np.full((1, 1), GRADIENT, np.float32)
    for _ in range(steps):
        optimizer.step([layer])
    return layer.get_weights()[0].item()


def test_sgd():
    assert after(optimizers.SGD(0.1), 3) == pytest.approx(1 - 3 * 0.05)


def test_momentum():
    # velocities 0.05, 0.05 + 0.9 · 0.05, and so on
    velocities = [0.05, 0.095, 0.1355]
    assert after(optimizers.SGD(0.1, momentum=0.9), 3) == pytest.approx(1 - sum(velocities))


def test_rmsprop():
    squares = [0.1 * 0.25, 0.9 * 0.1 * 0.25 + 0.1 * 0.25]
    expected = 1 - sum(0.01 * 0.5 / np.sqrt(square + 1e-7) for square in squares)
    assert after(optimizers.RMSprop(0.01), 2) == pytest.approx(expected)


def test_adam_begins_with_whole_steps():
    # with a constant gradient, both corrected means are exact: each step is the learning rate
    assert after(optimizers.Adam(0.01), 5) == pytest.approx(1 - 0.05, abs=1e-6)


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam"])
def test_the_learning_rate_may_change_between_steps(name):
    optimizer = getattr(optimizers, name)(0.1)
    first = START - after(optimizer, 1)
    optimizer = getattr(optimizers, name)(0.4)
    optimizer.learning_rate = 0.1
    assert START - after(optimizer, 1) == first
    with pytest.raises(ValueError, match="learning_rate must be a number above 0, got nan"):
        optimizer.learning_rate = float("nan")
    assert optimizer.learning_rate == 0.1


def test_an_optimizer_of_ones_own():
    class SignDescent(optimizers.Optimizer):
        slots = ("count",)

        def update(self, backend, parameter, gradient, count):
            count += 1
            parameter -= self.learning_rate * np.sign(gradient)

    optimizer = SignDescent(0.25)
    assert after(optimizer, 2) == 0.5
    assert optimizer.iterations == 2


def test_two_models_do_not_share_what_is_kept():
    optimizer = optimizers.SGD(0.1, momentum=0.9)
    assert after(optimizer, 2) == after(optimizer, 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: optimizers.SGD(-1), "learning_rate must be a number above 0"),
        (lambda: optimizers.SGD("fast"), "learning_rate must be a number above 0"),
        (lambda: optimizers.SGD(0.1, momentum=1), "momentum must be a number from 0 to below 1"),
        (lambda: optimizers.RMSprop(rho=2), "rho must be"),
        (lambda: optimizers.Adam(beta_2=-0.1), "beta_2 must be"),
        (lambda: optimizers.Adam(epsilon=0), "epsilon must be"),
        (lambda: optimizers.get("adamw"), r"one of \['adam', 'rmsprop', 'sgd'\]"),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("initializer", "deviation"),
    [
        ("he_normal", np.sqrt(2 / 800)),
        ("glorot_uniform", np.sqrt(2 / (800 + 25 * 64))),
        (initializers.normal(0.1), 0.1),
        ("zeros", 0),
    ],
)
def test_initializers_have_the_deviation_they_say(initializer, deviation):
    values = initializers.get(initializer)((5, 5, 32, 64), np.random.default_rng(0))
    assert values.shape == (5, 5, 32, 64)
    assert values.std() == pytest.approx(deviation, rel=0.02)
    assert abs(values.mean()) <= 0.02 * deviation
