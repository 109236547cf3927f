"""Activations, dropout and batch normalisation of every backend against the reference."""

import numpy as np
import pytest
from backends import SLOW, every_backend
from drawn import channelled, drawn, keys, normal, seeds, shapes
from hypothesis import given
from hypothesis import strategies as st
from judge import REFERENCE, check_within, run

from cnncourse.support.rounding import UNIT_ROUNDOFF as U
from cnncourse.support.rounding import gamma

pytestmark = every_backend


@drawn
@given(shape=shapes, seed=seeds)
def test_add(backend, shape, seed):
    a, b = normal(seed, shape, shape)
    (got,) = run(backend, "add", [a, b], [shape])
    exact = a.astype(float) + b
    check_within(got, exact, U * abs(exact), "add")


@drawn
@given(shape=shapes, seed=seeds, size=st.sampled_from([0.01, 1.0, 30.0, 1000.0]))
@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_sigmoid_and_tanh(backend, name, shape, seed, size):
    x, gradient = normal(seed, shape, shape)
    x *= np.float32(size)
    (got,) = run(backend, name, [x], [shape])
    (y,) = run(REFERENCE, name, [x], [shape])
    check_within(got, y, 4 * U * abs(y) + 4 * U * (name == "sigmoid"), name)
    # y, 1 - y (or 1 - y²) and two products are rounded; near 1 the difference loses digits
    y = y.astype(np.float32)
    (got,) = run(backend, f"{name}_gradient", [gradient, y], [shape])
    (expected,) = run(REFERENCE, f"{name}_gradient", [gradient, y], [shape])
    check_within(got, expected, 4 * U * abs(gradient.astype(float)), f"{name}_gradient")


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_sigmoid_and_tanh_at_the_ends(backend, name):
    x = [0, 1e-45, 1e-30, 3e-5, 0.34, 0.35, 9, 19, 20, 88, 104, 3e38, np.inf]
    x = np.array([*x, *np.negative(x)], np.float32)
    (got,) = run(backend, name, [x], [x.shape])
    (y,) = run(REFERENCE, name, [x], [x.shape])
    np.testing.assert_allclose(got, y, rtol=4 * U, atol=4 * U * (name == "sigmoid"))
    x = backend.asarray(np.full(9, np.nan, np.float32))
    out = backend.asarray(np.zeros(9, np.float32))
    getattr(backend, name)(x, out)
    assert np.isnan(backend.to_numpy(out)).all()


@drawn
@given(
    shape=shapes,
    seed=seeds,
    rate=st.sampled_from([0.0, 0.1, 0.5, 0.9]),
    key=keys,
)
def test_dropout_drops_the_same_everywhere(backend, shape, seed, rate, key):
    (x,) = normal(seed, shape)
    (got,) = run(backend, "dropout", [x, rate, key], [shape])
    (expected,) = run(REFERENCE, "dropout", [x, rate, key], [shape])
    np.testing.assert_array_equal(got == 0, expected == 0)
    check_within(got, expected, 2 * U * abs(expected), "dropout")


def test_dropout_keeps_its_share_and_the_mean(backend):
    x = np.ones((100 if SLOW[backend.name] else 1000, 100), np.float32)
    for rate in (0.2, 0.5):
        (y,) = run(backend, "dropout", [x, rate, 2**63 + 12345], [x.shape])
        # that many coins: five standard deviations
        assert abs((y == 0).mean() - rate) < 5 * np.sqrt(rate * (1 - rate) / x.size)
        assert y.max() == np.float32(1 / (1 - rate))
    # neighbours, and neighbouring keys, are independent
    (z,) = run(backend, "dropout", [x, 0.5, 2**63 + 12346], [x.shape])
    for one, other in [(y, z), (y[:, 1:], y[:, :-1]), (y[1:], y[:-1])]:
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 5 / np.sqrt(one.size)


@drawn
@given(
    shape=channelled,
    seed=seeds,
    mean=st.sampled_from([0.0, 3.0, 100.0]),
    outlier=st.sampled_from([0.0, 1e4]),
)
def test_batch_moments(backend, shape, seed, mean, outlier):
    (x,) = normal(seed, shape)
    x += np.float32(mean)
    x.reshape(-1, shape[-1])[0] += np.float32(outlier)
    rows = x.reshape(-1, shape[-1]).astype(float)
    got_mean, got_variance = run(backend, "batch_moments", [x], [shape[-1:]] * 2)
    check_within(got_mean, rows.mean(axis=0), gamma(len(rows)) * abs(rows).mean(axis=0), "mean")
    # (x - mean)² with a mean that is off by u·|mean|, summed
    deviation = abs(rows - rows.mean(axis=0))
    shift = gamma(len(rows)) * abs(rows).mean(axis=0)
    tolerance = gamma(len(rows) + 4) * (deviation**2).mean(axis=0)
    tolerance += 2 * shift * deviation.mean(axis=0) + shift**2
    tolerance += 2 * U * (abs(rows) * deviation).mean(axis=0)
    check_within(got_variance, rows.var(axis=0), tolerance, "variance")


@drawn
@given(shape=channelled, seed=seeds)
def test_batch_norm(backend, shape, seed):
    channel = shape[-1:]
    x, gradient, mean, variance, gamma_, beta = normal(seed, shape, shape, *[channel] * 4)
    variance = abs(variance) + np.float32(0.01)
    inputs = [x, mean, variance, gamma_, beta, 1e-3]
    (got,) = run(backend, "batch_norm", inputs, [shape])
    (expected,) = run(REFERENCE, "batch_norm", inputs, [shape])
    # difference, root, quotient, product and sum: eight roundings at most
    scale = abs(gamma_) / np.sqrt(variance + 1e-3)
    tolerance = 8 * U * (scale * (abs(x) + abs(mean)) + abs(beta))
    check_within(got, expected, tolerance.astype(float), "batch_norm")

    rows = x.reshape(-1, channel[0]).astype(float)
    mean, variance = (m.astype(np.float32) for m in (rows.mean(axis=0), rows.var(axis=0)))
    inputs = [gradient, x, mean, variance, gamma_, 1e-3]
    outputs = [shape, channel, channel]
    got = run(backend, "batch_norm_gradient", inputs, outputs)
    expected = run(REFERENCE, "batch_norm_gradient", inputs, outputs)
    # every sum is bounded by the sum of its terms' magnitudes, as in judge.py
    scale = 1 / np.sqrt(variance.astype(float) + 1e-3)
    normalised = (abs(rows) + abs(mean)) * scale
    sizes = abs(gradient.reshape(rows.shape).astype(float))
    beta_bound, gamma_bound = sizes.sum(axis=0), (sizes * normalised).sum(axis=0)
    bound = gamma(len(rows) + 8)
    check_within(got[1], expected[1], bound * gamma_bound, "gamma_gradient")
    check_within(got[2], expected[2], bound * beta_bound, "beta_gradient")
    taken = (beta_bound + normalised * gamma_bound) / len(rows)
    tolerance = 2 * bound * abs(gamma_) * scale * (sizes + taken)
    check_within(got[0], expected[0], tolerance.reshape(shape), "batch_norm_gradient")


@drawn
@given(shape=channelled, seed=seeds, mean=st.sampled_from([0.0, 3.0]))
def test_layer_norm(backend, shape, seed, mean):
    channel = shape[-1:]
    x, gradient, gamma_, beta = normal(seed, shape, shape, channel, channel)
    x += np.float32(mean)
    inputs = [x, gamma_, beta, 1e-3]
    (got,) = run(backend, "layer_norm", inputs, [shape])
    (expected,) = run(REFERENCE, "layer_norm", inputs, [shape])
    # x − mean, divided by a root: a sum whose terms are rounded, by a sum of its squares
    rows = x.astype(float)
    scale = 1 / np.sqrt(rows.var(axis=-1, keepdims=True) + 1e-3)
    sizes = (abs(rows) + abs(rows).mean(axis=-1, keepdims=True)) * scale
    bound = gamma(channel[0] + 8) * (1 + sizes.max(axis=-1, keepdims=True) ** 2)
    tolerance = bound * (sizes * abs(gamma_) + abs(beta))
    check_within(got, expected, tolerance, "layer_norm")

    inputs = [gradient, x, gamma_, 1e-3]
    outputs = [shape, channel, channel]
    got = run(backend, "layer_norm_gradient", inputs, outputs)
    expected = run(REFERENCE, "layer_norm_gradient", inputs, outputs)
    axes = tuple(range(x.ndim - 1))
    back = abs(gradient.astype(float))
    count = gamma(x.size // channel[0])
    check_within(
        got[1], expected[1], ((bound + count) * back * sizes).sum(axis=axes), "gamma_gradient"
    )
    check_within(got[2], expected[2], count * back.sum(axis=axes), "beta_gradient")
    back = back * abs(gamma_)
    along = (back * sizes).mean(axis=-1, keepdims=True)
    taken = back.mean(axis=-1, keepdims=True) + sizes * along
    check_within(got[0], expected[0], 2 * bound * scale * (back + taken), "layer_norm_gradient")


@drawn
@given(c=st.integers(1, 20), momentum=st.floats(0, 1), seed=seeds)
def test_running_average(backend, c, momentum, seed):
    average, value = normal(seed, (c,), (c,))
    changed = backend.asarray(average.copy())
    backend.running_average(changed, backend.asarray(value), momentum)
    expected = momentum * average.astype(float) + (1 - momentum) * value
    tolerance = 4 * U * (abs(average) + abs(value)).astype(float)
    check_within(backend.to_numpy(changed), expected, tolerance, "running_average")
