"""Schedules: their formulas, beside those of PyTorch where it has them, and bad arguments."""

import math

import numpy as np
import pytest

from cnncourse import schedules


def curve(schedule, steps=60):
    return [schedule(step) for step in range(steps)]


def test_constant():
    assert curve(schedules.Constant(0.1)) == [0.1] * 60


def test_steps_change_after_their_boundaries():
    got = curve(schedules.PiecewiseConstantDecay([10, 20], [3, 2, 1]), 30)
    assert got == [3] * 11 + [2] * 10 + [1] * 9


@pytest.mark.parametrize("staircase", [False, True])
def test_exponential(staircase):
    got = curve(schedules.ExponentialDecay(0.5, 7, 0.3, staircase))
    steps = np.arange(60)
    exponents = steps // 7 if staircase else steps / 7
    assert got == pytest.approx(0.5 * 0.3**exponents)


def test_cosine():
    got = curve(schedules.CosineDecay(0.5, 40, alpha=0.1))
    assert got[0] == 0.5
    assert got[20] == pytest.approx(0.5 * (0.9 * 0.5 + 0.1))
    assert got[40:] == pytest.approx([0.05] * 20)
    assert all(a > b for a, b in zip(got[:40], got[1:41], strict=True))


def test_cosine_with_warm_up():
    got = curve(schedules.CosineDecay(0.1, 40, 0.2, warmup_target=0.5, warmup_steps=10))
    assert got[:11] == pytest.approx(np.linspace(0.1, 0.5, 11))
    assert got[10:] == pytest.approx(curve(schedules.CosineDecay(0.5, 40, 0.2), 50))


@pytest.mark.parametrize(("t_mul", "restarts"), [(1, [10, 20, 30]), (2, [10, 30]), (1.5, [10, 25])])
def test_cosine_with_restarts(t_mul, restarts):
    got = curve(schedules.CosineDecayRestarts(0.5, 10, t_mul, m_mul=0.5), 40)
    for k, restart in enumerate(restarts, 1):
        assert got[restart] == pytest.approx(0.5 * 0.5**k)
        assert got[restart - 1] < got[restart]
    length = 10 * t_mul
    assert got[10 + int(length // 5)] == pytest.approx(
        0.25 * 0.5 * (1 + math.cos(math.pi * (length // 5) / length))
    )


def test_one_cycle_is_pytorchs():
    torch = pytest.importorskip("torch", reason="PyTorch, the peer to compare with, is not there")
    rng = np.random.default_rng(0)
    for _ in range(30):
        options = {
            "total_steps": int(rng.integers(4, 100)),
            "pct_start": float(rng.uniform(0.3, 0.9)),
            "div_factor": float(rng.uniform(1, 50)),
            "final_div_factor": float(rng.uniform(1, 1e4)),
        }
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        theirs = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.7, **options)
        expected = []
        for _ in range(options["total_steps"]):
            expected.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            theirs.step() if len(expected) < options["total_steps"] else None
        got = curve(schedules.OneCycle(0.7, **options), options["total_steps"])
        assert got == pytest.approx(expected, rel=1e-9), options
        assert schedules.OneCycle(0.7, **options)(10**6) == pytest.approx(expected[-1])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: schedules.Constant(-1),
            ValueError,
            "learning_rate must be a finite number at least 0",
        ),
        (lambda: schedules.Constant(math.nan), ValueError, "learning_rate must be"),
        (lambda: schedules.Constant("fast"), TypeError, "got 'fast'"),
        (lambda: schedules.PiecewiseConstantDecay(3, [1, 2]), TypeError, "boundaries must be a"),
        (lambda: schedules.PiecewiseConstantDecay([3], [1]), ValueError, "one more than"),
        (lambda: schedules.PiecewiseConstantDecay([3, 3], [1, 2, 3]), ValueError, "must rise"),
        (lambda: schedules.PiecewiseConstantDecay([0.5], [1, 2]), TypeError, "boundaries must"),
        (lambda: schedules.ExponentialDecay(0.1, 0, 0.5), ValueError, "decay_steps must be at"),
        (lambda: schedules.ExponentialDecay(0.1, 9, 0), ValueError, "decay_rate must be"),
        (lambda: schedules.CosineDecay(0.1, 9, alpha=2), ValueError, "alpha must be a finite"),
        (lambda: schedules.CosineDecay(0.1, 9, warmup_steps=2), ValueError, "warmup_target, too"),
        (lambda: schedules.CosineDecayRestarts(0.1, 9, t_mul=0.5), ValueError, "t_mul must be"),
        (lambda: schedules.OneCycle(0.1, 9.5), TypeError, "total_steps must be a whole number"),
        (lambda: schedules.OneCycle(0.1, 9, pct_start=1.5), ValueError, "pct_start must be"),
        (lambda: schedules.OneCycle(0.1, 9, div_factor=0), ValueError, "div_factor must be"),
    ],
)
def test_bad_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_a_schedule_says_how_it_was_made():
    schedule = schedules.CosineDecay(0.1, 9, warmup_target=0.5, warmup_steps=2)
    assert repr(schedule) == "CosineDecay(0.1, 9, warmup_target=0.5, warmup_steps=2)"
