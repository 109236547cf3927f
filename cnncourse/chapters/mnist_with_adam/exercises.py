"""Exercises of the lab with Adam: their checks, which say what is wrong, and a solution to read."""

import numpy as np

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
GRADIENTS = np.array([[0.5, -2.0], [-0.1, -1.0], [0.3, 4.0]])  # of three steps, two weights
IMAGES = 38_000  # 1.96² · p (1 − p) / margin² = 38,032, with p = 0.99 and a margin of 0.001
ROUNDED = 600  # by which an answer to the nearest thousand may differ


def check_images(count):
    """Say whether ``count`` images give an accuracy of 99 % a margin of ±0.1 percentage points.

    Prints one line; None counts as not answered yet.

    >>> check_images(380)
    not yet: that is for a margin of ±1 point; ten times as narrow needs a hundred times as many
    """
    if count is None:
        print("not answered yet")
    elif abs(count - IMAGES) <= ROUNDED:
        print("right: nearly four of MNIST's test sets")
    else:
        near = [hint for wrong, hint in MISCOUNTED.items() if abs(count - wrong) <= 0.03 * wrong]
        print(f"not yet: {near[0] if near else 'solve for n, with p = 0.99 and a margin of 0.001'}")


MISCOUNTED = {
    IMAGES / 100: "that is for a margin of ±1 point; ten times as narrow needs a hundred times as "
    "many",
    IMAGES / 1.96: "1.96 stands before the root, so it is squared as well",
    IMAGES / 1.96**2: "that is one standard error; the margin is 1.96 of them",
    IMAGES / 4: "±0.1 goes to both sides: the margin is 0.001, not 0.002",
    4 * IMAGES: "the margin is 0.001 to each side, not half of it",
    97_000_000 / 1000: "with p = 0.99, p (1 − p) is 0.0099",
    1.96 / 0.001 * np.sqrt(0.0099): "square both sides before you solve for n",
}


def check_adam(function):
    """Say whether ``function(p, g, m, s, t, rate)`` gives ``p``, ``m`` and ``s`` after Adam's step.

    Three steps are tried. Prints one line; a function that returns None counts as not written yet.

    >>> check_adam(adam)
    right: three steps, each as it should be
    >>> check_adam(lambda p, g, m, s, t, rate=0.001: (p - rate * g, m, s))
    not yet: that is a step of SGD
    """
    with np.errstate(all="ignore"):
        try:
            found = _walk(function)
        except _NotThree as problem:
            print(problem)
            return
        mistakes = [hint for hint, wrong in MISTAKES.items() if _alike(found, _walk(wrong))]
    if _alike(found, _walk(adam)):
        print("right: three steps, each as it should be")
    elif mistakes:
        print(f"not yet: {mistakes[0]}")
    elif _alike(found[:1], _walk(adam)[:1]):
        print("not yet: the first step is right, a later one is not; what do m and s carry over?")
    else:
        print("not yet: new m, new s, both corrected by t, then the step against the gradient")


class _NotThree(Exception):
    """What a function returned is not p, m and s; says so in the check's words."""


def _walk(step):
    """What ``step`` gives in each of three steps, (3, 3, 2): p, m and s."""
    p, m, s = np.array([1.0, -2.0]), np.zeros(2), np.zeros(2)
    results = []
    for t, g in enumerate(GRADIENTS, 1):
        result = step(p.copy(), g.copy(), m.copy(), s.copy(), t, 0.01)
        if result is None:
            raise _NotThree("not answered yet")
        if not isinstance(result, (tuple, list)) or [np.shape(a) for a in result] != [(2,)] * 3:
            raise _NotThree("not yet: return three arrays of one shape: p, m and s")
        p, m, s = (np.asarray(array, dtype=float) for array in result)
        results.append((p, m, s))
    return np.array(results)


def _alike(found, expected):
    return np.allclose(found, expected, rtol=1e-5, atol=1e-9, equal_nan=True)  # of roots below 0


def adam(p, g, m, s, t, rate=0.001):
    """A solution: the new ``p``, ``m`` and ``s``."""
    m = BETA_1 * m + (1 - BETA_1) * g
    s = BETA_2 * s + (1 - BETA_2) * g**2
    mean, mean_square = m / (1 - BETA_1**t), s / (1 - BETA_2**t)
    return p - rate * mean / (np.sqrt(mean_square) + EPSILON), m, s


def _with(
    betas=(BETA_1, BETA_2), corrected=(True, True), sign=1, t_from=0, kept=False, form="root"
):
    """Adam's step with a mistake."""

    def step(p, g, m, s, t, rate=0.001):
        m = betas[0] * m + (1 - betas[0]) * g
        s = betas[1] * s + (1 - betas[1]) * (g if form == "not squared" else g**2)
        mean = m / (1 - betas[0] ** (t + t_from)) if corrected[0] else m
        mean_square = s / (1 - betas[1] ** (t + t_from)) if corrected[1] else s
        divisor = mean_square if form == "no root" else np.sqrt(mean_square)
        p = p - sign * rate * mean / (divisor + EPSILON)
        return (p, mean, mean_square) if kept else (p, m, s)

    return step


def _old_moments(p, g, m, s, t, rate=0.001):
    """The right step, which forgets its moments."""
    return adam(p, g, m, s, t, rate)[0], m, s


def _gradient_on_top(p, g, m, s, t, rate=0.001):
    """RMSprop with Adam's correction: the gradient where its running mean belongs."""
    _, m, s = adam(p, g, m, s, t, rate)
    return p - rate * g / (np.sqrt(s / (1 - BETA_2**t)) + EPSILON), m, s


def _sgd(p, g, m, s, t, rate=0.001):
    return p - rate * g, m, s


MISTAKES = {
    "that is a step of SGD": _sgd,
    "divide m by 1 − β₁ᵗ and s by 1 − β₂ᵗ, as both began at 0": _with(corrected=(False, False)),
    "s is corrected, m is not": _with(corrected=(False, True)),
    "m is corrected, s is not": _with(corrected=(True, False)),
    "that goes uphill: the step is against the gradient": _with(sign=-1),
    "β₁ and β₂ are exchanged: m takes 0.9, s takes 0.999": _with(betas=(BETA_2, BETA_1)),
    "return m and s without the correction, which is for this step only": _with(kept=True),
    "t counts from 1, so the first exponent is 1": _with(t_from=1),
    "the root of the mean square is missing": _with(form="no root"),
    "s is the running mean of the gradient's square": _with(form="not squared"),
    "return the new m and s, or the next step begins from nothing": _old_moments,
    "the step goes along the running mean, not along the gradient": _gradient_on_top,
}
