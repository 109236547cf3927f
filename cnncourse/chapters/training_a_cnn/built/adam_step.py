"""A step of Adam, and the mistakes that its check names."""

import numpy as np

from ....building import Piece, changed_outputs
from ....support.cases import case_rng


def adam(p, g, m, s, t, rate):
    """A solution: both running means, each divided by what it lacks for having begun at 0.

    ``p``, ``g``, ``m``, ``s``: arrays of one shape, a parameter, its gradient and the running means
    of g and g²; ``t``: the step's number, from 1; ``rate``: the learning rate. Gives the new p, m
    and s.

    >>> p, m, s = adam(np.array([1.0]), np.array([5.0]), np.zeros(1), np.zeros(1), t=1, rate=0.1)
    >>> p.round(6), m, s
    (array([0.9]), array([0.5]), array([0.025]))
    """
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    m_hat, s_hat = m / (1 - 0.9**t), s / (1 - 0.999**t)
    return p - rate * m_hat / (np.sqrt(s_hat) + 1e-7), m, s


# The cases

_rng = case_rng(5)


def _drawn(t, size):
    """A step's arguments; in the first one both running means are 0."""
    p, g, m = _rng.normal(size=(3, *size))
    begun = t > 1
    return p, g, begun * m, begun * _rng.uniform(0.01, 2, size), t, float(_rng.uniform(0.01, 0.2))


STEPS = {
    "the first step": [_drawn(1, (3,)), _drawn(1, (2, 4))],
    "later steps": [_drawn(2, (3,)), _drawn(7, (2, 4)), _drawn(500, (2, 2, 3))],
}


# The mistakes


def _variant(sign=-1, root=np.sqrt, powers=(1, 2), new=(0.1, 0.001), old=(0.9, 0.999), hats=None):
    """Adam with a mistake.

    ``root``: what is made of ŝ; ``powers``: of g, which m and s average; ``new`` and ``old``: how
    much of the new value and of the mean so far they take; ``hats``: the β of the hats, if others
    than ``old``; 0 for no hat.
    """

    def step(p, g, m, s, t, rate):
        m = old[0] * m + new[0] * g ** powers[0]
        s = old[1] * s + new[1] * g ** powers[1]
        betas = hats or old
        m_hat, s_hat = m / (1 - betas[0] ** t), s / (1 - betas[1] ** t)
        return p + sign * rate * m_hat / (root(s_hat) + 1e-7), m, s

    return step


def _counted(more):
    """A step whose number is another."""
    return lambda p, g, m, s, t, rate: adam(p, g, m, s, t + more, rate)


def _hats_kept(output, beta):
    def kept(right, p, g, m, s, t, rate):
        return right / (1 - beta**t)

    return output, kept, "hand it on without its hat, which is for this step only"


def _no_rate(right, p, g, m, s, t, rate):
    return p + (right - p) / rate


def _step_alone(right, p, g, m, s, t, rate):
    return p - right


MISTAKES = (
    (_variant(sign=1), "it goes uphill: subtract the step"),
    (_variant(hats=(0, 0)), "the hats are missing: m and s begin at 0"),
    (_variant(hats=(0.9, 0)), "s needs its hat, too"),
    (_variant(hats=(0, 0.999)), "m needs its hat, too"),
    (_variant(hats=(0.999, 0.9)), "the hats are exchanged: m̂ takes β₁, ŝ takes β₂"),
    (_variant(root=lambda s: s), "the root is missing"),
    (_variant(powers=(1, 1)), "s averages g², not g"),
    (_variant(powers=(2, 2)), "m averages g, not g²"),
    (_variant(powers=(2, 1)), "m and s are exchanged: m averages g, s averages g²"),
    (_variant(old=(0.999, 0.9), new=(0.001, 0.1)), "β₁ and β₂ are exchanged: m keeps 0.9"),
    (_variant(old=(0.9, 0.99), new=(0.1, 0.01)), "s keeps 0.999 of what it was, not 0.99"),
    (_counted(1), "t is the step's number, from 1 on: take it as it comes"),
    (_counted(-1), "t is the step's number, from 1 on: take it as it comes"),
    *changed_outputs(
        adam,
        (
            (0, _no_rate, "the learning rate is missing"),
            (0, _step_alone, "that is the step alone: subtract it from p"),
            _hats_kept(1, 0.9),
            _hats_kept(2, 0.999),
        ),
    ),
    (_variant(new=(1, 1)), "running means take 1 − β of the new value"),
    (_variant(old=(0.1, 0.001), new=(0.9, 0.999)), "β of the mean so far stays, 1 − β is new"),
)

ADAM = Piece(
    solution=adam,
    steps=STEPS,
    outputs=("the new p", "the new m", "the new s"),
    mistakes=MISTAKES,
    praise="the first step and later ones, for parameters of any shape",
)


def check_adam(function):
    """Say whether ``function(p, g, m, s, t, rate)`` is a step of Adam.

    Arguments and results are those of `adam`. A function that returns None counts as not written
    yet.

    >>> check_adam(lambda p, g, m, s, t, rate: None)
    not answered yet
    """
    return ADAM.check(function)
