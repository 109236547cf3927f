"""Losses and optimizer steps of every backend against the reference."""

import numpy as np
from backends import every_backend
from drawn import drawn, normal, seeds, shapes
from hypothesis import given
from hypothesis import strategies as st
from judge import REFERENCE, check_within, run

from cnncourse.support.rounding import UNIT_ROUNDOFF as U

pytestmark = every_backend
rows_of_scores = given(
    n=st.integers(1, 9), k=st.integers(1, 12), size=st.sampled_from([1.0, 30.0, 1e4]), seed=seeds
)


def scores(n, k, size, seed):
    """Scores up to ``size`` and random targets, soft and one-hot rows mixed."""
    rng = np.random.default_rng(seed)
    logits = (rng.uniform(-size, size, (n, k))).astype(np.float32)
    targets = np.eye(k, dtype=np.float32)[rng.integers(0, k, n)]
    targets[: n // 2] = rng.dirichlet(np.ones(k), n // 2)
    return logits, targets


def exponent_error(logits):
    """How far exp(logit − highest) / Σ may be off, relative, for each row: (N, 1).

    Rounding the exponent by u·|exponent| moves exp by the same relative amount, in the numerator
    and in the sum; exp itself is right to 4 u, the sum of K terms to K u, the division to u.
    """
    spread = np.ptp(logits.astype(float), axis=1, keepdims=True)
    return U * (2 * spread + 8 + logits.shape[1] + 2)


@drawn
@rows_of_scores
def test_softmax(backend, n, k, size, seed):
    logits, _ = scores(n, k, size, seed)
    (got,) = run(backend, "softmax", [logits], [(n, k)])
    (expected,) = run(REFERENCE, "softmax", [logits], [(n, k)])
    tiny = np.finfo(np.float32).tiny  # below it, float32 has no full precision
    check_within(got, expected, exponent_error(logits) * expected + tiny, "softmax")

    (gradient,) = normal(seed, (n, k))
    inputs = [gradient, expected.astype(np.float32)]
    (got,) = run(backend, "softmax_gradient", inputs, [(n, k)])
    (exact,) = run(REFERENCE, "softmax_gradient", inputs, [(n, k)])
    size = abs(inputs[0]).max(axis=1, keepdims=True).astype(float)  # bounds the mean too
    check_within(got, exact, U * (k + 3) * 2 * size * inputs[1] + tiny, "softmax_gradient")


@drawn
@rows_of_scores
def test_softmax_cross_entropy(backend, n, k, size, seed):
    logits, targets = scores(n, k, size, seed)
    inputs, outputs = [logits, targets], [(n,), (n, k)]
    losses, gradient = run(backend, "softmax_cross_entropy", inputs, outputs)
    exact_losses, exact_gradient = run(REFERENCE, "softmax_cross_entropy", inputs, outputs)
    # log Σ inherits the sum's relative error; it and its difference to a logit round once each
    log_error = exponent_error(logits) + 6 * U * (abs(logits).max(axis=1, keepdims=True) + k)
    weight = targets.sum(axis=1).astype(float)
    spread = np.ptp(logits.astype(float), axis=1) + np.log(k)
    tolerance = weight * (log_error[:, 0] + U * (k + 2) * spread)
    check_within(losses, exact_losses, tolerance, "softmax_cross_entropy losses")
    tolerance = (log_error + (k + 8) * U) * 2 / n
    check_within(gradient, exact_gradient, tolerance, "softmax_cross_entropy gradient")


@drawn
@rows_of_scores
def test_sigmoid_cross_entropy(backend, n, k, size, seed):
    logits, targets = scores(n, k, size, seed)
    inputs, outputs = [logits, targets], [(n,), (n, k)]
    losses, gradient = run(backend, "sigmoid_cross_entropy", inputs, outputs)
    exact_losses, exact_gradient = run(REFERENCE, "sigmoid_cross_entropy", inputs, outputs)
    # max(z, 0), t·z and the logarithm are each right to 4 u; then a sum of K, and a division
    terms = np.maximum(logits, 0) + targets * abs(logits) + 1.0
    tolerance = U * (k + 8) * terms.mean(axis=1)
    check_within(losses, exact_losses, tolerance, "sigmoid_cross_entropy losses")
    check_within(gradient, exact_gradient, 8 * U / (n * k), "sigmoid_cross_entropy gradient")


@drawn
@rows_of_scores
def test_squared_error(backend, n, k, size, seed):
    outputs, targets = scores(n, k, size, seed)
    shapes_ = [(n,), (n, k)]
    losses, gradient = run(backend, "squared_error", [outputs, targets], shapes_)
    exact_losses, exact_gradient = run(REFERENCE, "squared_error", [outputs, targets], shapes_)
    check_within(losses, exact_losses, U * (k + 5) * exact_losses, "squared_error losses")
    tolerance = 3 * U * abs(exact_gradient)
    check_within(gradient, exact_gradient, tolerance, "squared_error gradient")


rates = st.floats(1e-5, 10)
decays = st.sampled_from([0.0, 1e-4, 0.3])
parts = st.sampled_from([0.0, 0.5, 0.9, 0.999])


def check_step(backend, name, arrays, arguments, tolerances):
    """Run an optimizer's step on copies; every array it may change is compared."""
    results = []
    for on in (backend, REFERENCE):
        copies = [on.asarray(array.copy()) for array in arrays]
        getattr(on, name)(*copies, *arguments)
        results.append([np.array(on.to_numpy(copy)) for copy in copies])
    got, expected = results
    np.testing.assert_array_equal(got[1], arrays[1], err_msg=f"{name} wrote the gradient")
    for k, tolerance in tolerances.items():
        check_within(got[k], expected[k], tolerance(*expected), f"{name} {k}")


@drawn
@given(shape=shapes, seed=seeds, size=st.sampled_from([1e-3, 1.0, 1e6]))
def test_sum_of_squares(backend, shape, seed, size):
    x = normal(seed, shape)[0] * np.float32(size)
    (got,) = run(backend, "sum_of_squares", [x], [(1,)])
    (expected,) = run(REFERENCE, "sum_of_squares", [x], [(1,)])
    # positive terms: each square is rounded once, and each passes fewer sums than there are terms
    check_within(got, expected, (x.size + 2) * U * expected, "sum_of_squares")


@drawn
@given(shape=shapes, seed=seeds, factor=st.floats(1e-3, 3))
def test_scale(backend, shape, seed, factor):
    array = normal(seed, shape)[0]
    check_in_place(backend, "scale", array, factor, lambda x: 2 * U * abs(factor * x))


@drawn
@given(shape=shapes, seed=seeds, limit=st.sampled_from([1e-3, 0.5, 1e9]))
def test_clip(backend, shape, seed, limit):
    x = normal(seed, shape)[0]
    x.flat[0] = np.nan
    check_in_place(backend, "clip", x, limit, lambda x: U * limit)


def check_in_place(backend, name, array, argument, tolerance):
    """Run a function that changes one array on copies, and compare them."""
    results = []
    for on in (backend, REFERENCE):
        copy = on.asarray(array.copy())
        getattr(on, name)(copy, argument)
        results.append(np.array(on.to_numpy(copy)))
    got, expected = results
    np.testing.assert_array_equal(np.isnan(got), np.isnan(expected))
    check_within(np.nan_to_num(got), np.nan_to_num(expected), tolerance(array.astype(float)), name)


@drawn
@given(shape=shapes, rate=rates, decay=decays, seed=seeds)
def test_sgd_step(backend, shape, rate, decay, seed):
    # rate, decay, both products, their sum and the difference are rounded once each
    arrays = normal(seed, shape, shape)
    gone = 4 * U * (abs(rate * arrays[1]) + abs(decay * arrays[0])).astype(float)
    tolerances = {0: lambda p, g: gone + U * abs(p)}
    check_step(backend, "sgd_step", arrays, [rate, decay], tolerances)


@drawn
@given(shape=shapes, rate=rates, momentum=parts, nesterov=st.booleans(), decay=decays, seed=seeds)
def test_momentum_step(backend, shape, rate, momentum, nesterov, decay, seed):
    arrays = normal(seed, shape, shape, shape)
    sizes = 4 * U * (abs(momentum * arrays[2]) + abs(rate * arrays[1])).astype(float)
    # Nesterov's step multiplies the velocity once more, and adds the gradient's part again
    steps = momentum * sizes + 4 * U * (momentum + 1) * abs(rate * arrays[1]) if nesterov else 0
    steps = steps + 2 * sizes + 4 * U * abs(decay * arrays[0]).astype(float)
    tolerances = {2: lambda p, g, v: sizes, 0: lambda p, g, v: steps + U * abs(p)}
    check_step(backend, "momentum_step", arrays, [rate, momentum, nesterov, decay], tolerances)


@drawn
@given(shape=shapes, rate=rates, rho=parts, decay=decays, seed=seeds)
def test_rmsprop_step(backend, shape, rate, rho, decay, seed):
    arrays = normal(seed, shape, shape, shape)
    arrays[2] = abs(arrays[2])
    # two products and a sum for the mean, of positive terms; half of that error passes the root
    gone = 4 * U * abs(decay * arrays[0]).astype(float)
    tolerances = {
        2: lambda p, g, s: 6 * U * s,
        0: lambda p, g, s: gone + U * (abs(p) + 13 * abs(rate * g) / np.sqrt(s + 1e-7)),
    }
    check_step(backend, "rmsprop_step", arrays, [rate, rho, 1e-7, decay], tolerances)


@drawn
@given(
    shape=shapes,
    rate=rates,
    betas=st.tuples(parts, parts),
    step=st.integers(1, 5000),
    decay=decays,
    seed=seeds,
)
def test_adam_step(backend, shape, rate, betas, step, decay, seed):
    arrays = normal(seed, shape, shape, shape, shape)
    arrays[3] = abs(arrays[3])
    mean_size = (abs(arrays[2]) + abs(arrays[1])).astype(float)
    scaled = rate * np.sqrt(1 - betas[1] ** step) / (1 - betas[0] ** step)

    def parameter_error(p, g, m, s):
        root = np.sqrt(s) + 1e-7
        # of the mean, of the root (half the relative error of its square), and five roundings
        gone = 4 * U * abs(decay * arrays[0]).astype(float)
        return gone + U * abs(p) + scaled / root * (6 * U * mean_size + abs(m) * (3 + 7) * U)

    tolerances = {
        2: lambda p, g, m, s: 6 * U * mean_size,
        3: lambda p, g, m, s: 6 * U * s,  # a sum of positive terms
        0: parameter_error,
    }
    arguments = [rate, *betas, 1e-7, step, decay]
    check_step(backend, "adam_step", arrays, arguments, tolerances)
