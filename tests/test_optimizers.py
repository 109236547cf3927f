"""Optimizers: their formulas by hand, and one of one's own."""

import numpy as np
import pytest
from small_models import same_weights, small, small_batch

from cnncourse import Sequential, initializers, kernels, layers, optimizers, schedules

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
        (lambda: optimizers.get("nadam"), r"one of \['adam', 'adamw', 'rmsprop', 'sgd'\]"),
        (lambda: optimizers.SGD(0.1, nesterov=True), "nesterov: give momentum"),
        (lambda: optimizers.Adam(weight_decay=-0.1), "weight_decay must be a number above 0"),
        (lambda: optimizers.Adam(clipnorm=0), "clipnorm must be a number above 0"),
        (lambda: optimizers.SGD(clipvalue="1"), "clipvalue must be a number above 0"),
        (lambda: optimizers.SGD(clipnorm=1, clipvalue=1), "only one of clipnorm, clipvalue"),
        (lambda: optimizers.RMSprop(global_clipnorm=np.inf), "global_clipnorm must be"),
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
        ("glorot_normal", np.sqrt(2 / (800 + 25 * 64))),
        ("he_uniform", np.sqrt(2 / 800)),
        ("lecun_normal", np.sqrt(1 / 800)),
        (initializers.normal(0.1), 0.1),
        ("zeros", 0),
    ],
)
def test_initializers_have_the_deviation_they_say(initializer, deviation):
    values = initializers.get(initializer)((5, 5, 32, 64), np.random.default_rng(0))
    assert values.shape == (5, 5, 32, 64)
    assert values.std() == pytest.approx(deviation, rel=0.02)
    assert abs(values.mean()) <= 0.02 * deviation


# Schedules, decay and clipping

FADING = schedules.PiecewiseConstantDecay([0, 2], [0.1, 0.01, 0.001])


def test_a_schedule_goes_by_the_steps():
    optimizer = optimizers.SGD(FADING)
    assert optimizer.learning_rate == 0.1
    assert after(optimizer, 4) == pytest.approx(1 - 0.5 * (0.1 + 0.01 + 0.01 + 0.001))
    assert optimizer.learning_rate == 0.001
    assert repr(optimizer) == f"SGD(learning_rate={FADING!r})"
    assert after(optimizer, 1) == pytest.approx(1 - 0.05)  # another layer has another count


def test_a_rate_is_not_set_where_a_schedule_would_overwrite_it():
    optimizer = optimizers.Adam(FADING)
    with pytest.raises(TypeError, match="this optimizer goes by PiecewiseConstantDecay"):
        optimizer.learning_rate = 0.5
    assert optimizer.schedule is FADING


def test_a_schedule_that_gives_no_rate_is_named():
    class Falling(schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1 - step

    optimizer = optimizers.SGD(Falling())
    with pytest.raises(ValueError, match=r"Falling\(\) must give a learning rate .* at step 1"):
        after(optimizer, 2)


@pytest.mark.parametrize("kind", [optimizers.SGD, optimizers.RMSprop, optimizers.AdamW])
def test_decay_beside_a_step(kind):
    """Of no gradient, decay is all of the step; excluded names are spared."""
    layer = layers.Dense(3, bias_initializer="ones")
    layer.build((4,))
    kernel, bias = layer.get_weights()
    optimizer = kind(0.1, weight_decay=0.2)
    optimizer.exclude_from_weight_decay(["bias"])
    for name in "kernel", "bias":
        layer.new_gradient(name)[...] = 0
    for _ in range(3):
        optimizer.step([layer])
    assert np.allclose(layer.get_weights()[0], kernel * 0.98**3, rtol=1e-6)
    assert np.array_equal(layer.get_weights()[1], bias)


def test_decay_for_an_optimizer_of_ones_own():
    class Plain(optimizers.Optimizer):
        def update(self, backend, parameter, gradient):
            parameter -= self.learning_rate * gradient

    assert after(Plain(0.1, weight_decay=0.2), 2) == pytest.approx(
        after(optimizers.SGD(0.1, weight_decay=0.2), 2)
    )


def gradients_after(optimizer, device="cpu"):
    """Gradients of 3, −4 and of 12 after a step."""
    layer = layers.Dense(1)
    layer.build((2,), kernels.get(device))
    layer.new_gradient("kernel")[...] = [[3.0], [-4.0]]
    layer.new_gradient("bias")[...] = [12.0]
    optimizer.step([layer])
    return [layer.gradients[name].ravel().tolist() for name in ("kernel", "bias")]


@pytest.mark.parametrize("device", ["cpu", "reference"])
def test_clipping(device):
    def clipped(**options):
        return gradients_after(optimizers.SGD(0.1, **options), device)

    assert clipped() == [[3, -4], [12]]
    assert clipped(clipvalue=3.5) == [[3, -3.5], [3.5]]
    kernel, bias = clipped(clipnorm=2.5)
    assert (*kernel, *bias) == pytest.approx((1.5, -2, 2.5))
    kernel, bias = clipped(global_clipnorm=6.5)  # the norm of all is 13
    assert (*kernel, *bias) == pytest.approx((1.5, -2, 6))
    assert clipped(clipnorm=20) == clipped(global_clipnorm=13) == [[3, -4], [12]]


@pytest.mark.parametrize(
    "optimizer",
    [
        optimizers.SGD(schedules.OneCycle(0.1, 9), momentum=0.9, nesterov=True, weight_decay=0.1),
        optimizers.AdamW(schedules.CosineDecay(0.01, 9, warmup_target=0.1, warmup_steps=3)),
        optimizers.RMSprop(schedules.CosineDecayRestarts(0.1, 3), clipnorm=1.0),
        optimizers.Adam(FADING, global_clipnorm=0.5),
        optimizers.SGD(schedules.ExponentialDecay(0.1, 3, 0.5, staircase=True), clipvalue=0.1),
    ],
)
def test_a_saved_model_goes_on_the_same(optimizer, tmp_path):
    optimizer.exclude_from_weight_decay(["bias"])
    model = small()
    model.compile(optimizer)
    x, y = small_batch(20)
    model.fit(x, y, batch_size=5, verbose=0)
    model.save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    assert repr(loaded.optimizer) == repr(model.optimizer)
    assert loaded.optimizer.learning_rate == model.optimizer.learning_rate
    for each in model, loaded:
        each.fit(x, y, batch_size=5, epochs=2, verbose=0)
    assert same_weights(model, loaded)
    assert model.history == loaded.history
