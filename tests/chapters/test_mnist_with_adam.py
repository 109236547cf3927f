"""The exercises of the lab with Adam."""

import numpy as np
import pytest

from cnncourse import layers, optimizers
from cnncourse.chapters.mnist_with_adam import exercises


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (38_000, "right"),
        (38_032, "right"),
        (380, "a margin of ±1 point"),
        (9_900, "one standard error"),
        (19_404, "squared as well"),
        (9_508, "not 0.002"),
        (152_127, "not half of it"),
        (97_000, "p (1 − p) is 0.0099"),
        (195, "square both sides"),
        (10_000_000, "solve for n"),
        (39_000, "solve for n"),
    ],
)
def test_images(answer, hint, says):
    says(hint, exercises.check_images, answer)


def test_the_number_of_images():
    exact = 1.96**2 * 0.99 * 0.01 / 0.001**2
    assert round(exact, -3) == exercises.IMAGES


def student(b1=0.9, b2=0.999, correct=True, sign=1, keep=False, root=True, square=True, first=1):
    """Adam as a student would write it, or with a mistake."""

    def step(p, g, m, s, t, rate=0.001):
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * (g * g if square else g)
        a, b = (m / (1 - b1 ** (t + first - 1)), s / (1 - b2 ** (t + first - 1)))
        if not correct:
            a, b = m, s
        p = p - sign * rate * a / ((b**0.5 if root else b) + 1e-7)
        return (p, a, b) if keep else (p, m, s)

    return step


def half_corrected(which):
    def step(p, g, m, s, t, rate=0.001):
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
        a = m / (1 - 0.9**t) if which == "m" else m
        b = s / (1 - 0.999**t) if which == "s" else s
        return p - rate * a / (np.sqrt(b) + 1e-7), m, s

    return step


def in_place(p, g, m, s, t, rate=0.001):
    """Right, and written over what came in."""
    m *= 0.9
    m += 0.1 * g
    s *= 0.999
    s += 0.001 * g**2
    p -= rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(s) + 1e-7)
    return [p, m, s]


def forgetful(p, g, m, s, t, rate=0.001):
    return student()(p, g, m, s, t, rate)[0], m, s


def without_mean(p, g, m, s, t, rate=0.001):
    _, m, s = student()(p, g, m, s, t, rate)
    return p - rate * g / (np.sqrt(s / (1 - 0.999**t)) + 1e-7), m, s


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda p, g, m, s, t, rate=0.001: None, "not answered yet"),
        (exercises.adam, "right"),
        (student(), "right"),
        (in_place, "right"),
        (lambda p, g, m, s, t, rate=0.001: p, "return three arrays"),
        (lambda p, g, m, s, t, rate=0.001: (p, m, 0.0), "return three arrays"),
        (lambda p, g, m, s, t, rate=0.001: (p - rate * g, m, s), "a step of SGD"),
        (student(correct=False), "both began at 0"),
        (half_corrected("m"), "m is corrected, s is not"),
        (half_corrected("s"), "s is corrected, m is not"),
        (student(sign=-1), "uphill"),
        (student(b1=0.999, b2=0.9), "exchanged"),
        (student(keep=True), "without the correction"),
        (student(first=2), "t counts from 1"),
        (student(root=False), "the root of the mean square is missing"),
        (student(square=False), "the gradient's square"),
        (forgetful, "begins from nothing"),
        (without_mean, "along the running mean"),
        (lambda p, g, m, s, t, rate=0.001: (p, g, g), "new m, new s"),
    ],
)
def test_adam(function, hint, says):
    says(hint, exercises.check_adam, function)


def test_the_solution_is_the_optimizer():
    """Step by step the same as `optimizers.Adam`, but for float32."""
    rng = np.random.default_rng(0)
    layer = layers.Dense(3, use_bias=False)
    layer.build((4,), rng=rng)
    p = layer.get_weights()[0].astype(float)  # (4, 3)
    m = s = np.zeros_like(p)
    optimizer = optimizers.Adam(0.01)
    for t in range(1, 6):
        g = rng.normal(size=p.shape)
        layer.gradients["kernel"] = g.astype(np.float32)
        optimizer.step([layer])
        p, m, s = exercises.adam(p, g, m, s, t, rate=0.01)
    assert np.allclose(layer.get_weights()[0], p, atol=1e-5)
