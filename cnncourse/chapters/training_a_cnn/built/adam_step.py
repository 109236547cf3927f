"""The third piece: a step of Adam, and the mistakes that its check names."""

import numpy as np


def check_adam(function):
    """Say whether ``function(p, g, m, s, t, rate)`` is a step of Adam.

    ``p``, ``g``, ``m``, ``s``: arrays of one shape; ``t``: the step's number, from 1. Gives the new
    p, m and s, with β₁ = 0.9, β₂ = 0.999. Prints one line; a function that returns None counts as
    not written yet.

    >>> check_adam(lambda p, g, m, s, t, rate: None)
    not answered yet
    >>> check_adam(adam)
    right: three steps are Adam's
    """
    steps = _three_steps(function)
    if steps is None:
        print("not answered yet")
    elif steps is _NO_TRIPLE:
        print("not yet: return three arrays of the shape of p: the new p, m and s")
    elif np.allclose(steps, _three_steps(adam), atol=1e-6):
        print("right: three steps are Adam's")
    else:
        hints = [
            hint
            for wrong, hint in WRONG_STEPS
            if np.allclose(steps, _three_steps(wrong), atol=1e-6)
        ]
        print(f"not yet: {hints[0] if hints else 'compare with the table in section 5'}")


_NO_TRIPLE = object()


def _three_steps(function):
    """What three steps give, as one array; None for no answer."""
    state = np.array([1.0, -2.0]), np.zeros(2), np.zeros(2)
    seen = []
    for t, g in enumerate(([3.0, -0.5], [-1.0, 0.25], [2.0, 2.0]), start=1):
        p, m, s = (array.copy() for array in state)
        state = function(p, np.array(g), m, s, t, 0.1)
        if state is None:
            return None
        if not isinstance(state, tuple) or [np.shape(array) for array in state] != [(2,)] * 3:
            return _NO_TRIPLE
        seen += state
    return np.array(seen)


def adam(p, g, m, s, t, rate=0.001):
    """A solution: both running means, each divided by what it lacks for having begun at 0."""
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    m_hat, s_hat = m / (1 - 0.9**t), s / (1 - 0.999**t)
    return p - rate * m_hat / (np.sqrt(s_hat) + 1e-7), m, s


def _variant(sign=-1, root=np.sqrt, square=True, m_corrected=True, s_corrected=True, whole=False):
    """Adam with a mistake."""

    def step(p, g, m, s, t, rate):
        m = 0.9 * m + (1 if whole else 0.1) * g
        s = 0.999 * s + (1 if whole else 0.001) * (g**2 if square else g)
        m_hat = m / (1 - 0.9**t) if m_corrected else m
        s_hat = s / (1 - 0.999**t) if s_corrected else s
        with np.errstate(invalid="ignore"):
            return p + sign * rate * m_hat / (root(s_hat) + 1e-7), m, s

    return step


def _hats_kept(p, g, m, s, t, rate):
    new, m, s = adam(p, g, m, s, t, rate)
    return new, m / (1 - 0.9**t), s / (1 - 0.999**t)


WRONG_STEPS = (
    (_variant(sign=1), "it goes uphill: subtract the step"),
    (_variant(m_corrected=False, s_corrected=False), "the hats are missing: m and s begin at 0"),
    (_variant(s_corrected=False), "s needs its hat, too"),
    (_variant(m_corrected=False), "m needs its hat, too"),
    (_variant(root=lambda s: s), "the root is missing"),
    (_variant(whole=True), "running means: 1 − β of the new value"),
    (_hats_kept, "hand on m and s themselves; the hats are for this step only"),
)
