"""Learning-rate schedules: how far a step goes, by how many were taken.

Every optimizer takes one as its ``learning_rate``; it is saved with the model, and goes on where it
was. Names, arguments and formulas are Keras's (those of `OneCycle` PyTorch's, as Keras has none).
``step`` counts from 0: the first step goes by ``schedule(0)``.

>>> schedule = CosineDecay(0.1, decay_steps=100)
>>> [round(schedule(step), 3) for step in (0, 50, 100, 150)]
[0.1, 0.05, 0.0, 0.0]
"""

from math import cos, pi

from .support import arguments, checks
from .support.text import call_text

MOST = 1e38
MOST_FACTOR = 1e30


class LearningRateSchedule:
    """Base class of all schedules.

    To write one of your own, say in `__call__` the learning rate at a step. To be saved with a
    model, keep the constructor's arguments as attributes of the same names.

    >>> class Halved(LearningRateSchedule):
    ...     def __init__(self, initial_learning_rate, every):
    ...         self.initial_learning_rate, self.every = initial_learning_rate, every
    ...     def __call__(self, step):
    ...         return self.initial_learning_rate * 0.5 ** (step // self.every)
    >>> Halved(0.1, every=10)(25)
    0.025
    """

    def __call__(self, step):
        """The learning rate, a number from 0 on, after so many steps."""
        raise NotImplementedError(f"{type(self).__name__} has no __call__")

    def __repr__(self):
        return call_text(self)


class Constant(LearningRateSchedule):
    """The same rate at every step, as a plain number is: to compare the others with.

    >>> Constant(0.1)(1000)
    0.1
    """

    def __init__(self, learning_rate):
        self.learning_rate = _rate(learning_rate, "learning_rate")

    def __call__(self, step):
        return self.learning_rate


class PiecewiseConstantDecay(LearningRateSchedule):
    """Steps: ``values[0]`` up to and including step ``boundaries[0]``, then ``values[1]``, ….

    Parameters
    ----------
    boundaries : list of int
        Steps, in rising order.
    values : list of float
        Rates, one more than boundaries.

    >>> schedule = PiecewiseConstantDecay([100, 200], [0.1, 0.01, 0.001])
    >>> schedule(100), schedule(101), schedule(500)
    (0.1, 0.01, 0.001)
    """

    def __init__(self, boundaries, values):
        for name, value in {"boundaries": boundaries, "values": values}.items():
            if not isinstance(value, (list, tuple)):
                raise TypeError(f"{name} must be a list, got {value!r}")
        if len(values) != len(boundaries) + 1:
            raise ValueError(
                f"values must be one more than boundaries, {len(boundaries) + 1}, got {len(values)}"
            )
        self.boundaries = [checks.whole_number(step, "boundaries", least=0) for step in boundaries]
        self.values = [_rate(value, "values") for value in values]
        if any(a >= b for a, b in zip(self.boundaries, self.boundaries[1:], strict=False)):
            raise ValueError(f"boundaries must rise, got {boundaries!r}")

    def __call__(self, step):
        return self.values[sum(step > boundary for boundary in self.boundaries)]


class ExponentialDecay(LearningRateSchedule):
    """``initial_learning_rate · decay_rate ^ (step / decay_steps)``.

    With ``staircase``, the exponent is rounded down: the rate falls every ``decay_steps`` steps.

    >>> schedule = ExponentialDecay(0.1, decay_steps=100, decay_rate=0.5)
    >>> schedule(0), schedule(200)
    (0.1, 0.025)
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False):
        self.initial_learning_rate = _rate(initial_learning_rate, "initial_learning_rate")
        self.decay_steps = checks.positive_int(decay_steps, "decay_steps")
        self.decay_rate = _factor(decay_rate, "decay_rate")
        self.staircase = arguments.flag(staircase, "staircase")

    def __call__(self, step):
        exponent = step // self.decay_steps if self.staircase else step / self.decay_steps
        return self.initial_learning_rate * self.decay_rate**exponent


class CosineDecay(LearningRateSchedule):
    """Down along half a cosine, perhaps after a straight way up.

    Parameters
    ----------
    initial_learning_rate : float
        The rate at step 0.
    decay_steps : int
        How many steps the way down takes, after the warm-up.
    alpha : float
        What part of the highest rate is left at the end; from 0 to 1.
    warmup_target : float or None
        The rate to which it rises first; without it, there is no warm-up.
    warmup_steps : int
        How many steps that takes.

    ``rate = top · ((1 − alpha) · ½ (1 + cos(π · share)) + alpha)``, where ``share`` of the way down
    is done, and ``top`` is ``warmup_target``, or ``initial_learning_rate`` without it.

    Source: Loshchilov & Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, 2017.
    """

    def __init__(
        self, initial_learning_rate, decay_steps, alpha=0.0, warmup_target=None, warmup_steps=0
    ):
        self.initial_learning_rate = _rate(initial_learning_rate, "initial_learning_rate")
        self.decay_steps = checks.positive_int(decay_steps, "decay_steps")
        self.alpha = checks.limit(alpha, "alpha", most=1)
        self.warmup_target = warmup_target
        if warmup_target is not None:
            self.warmup_target = _rate(warmup_target, "warmup_target")
        self.warmup_steps = checks.whole_number(warmup_steps, "warmup_steps", least=0)
        if warmup_target is None and warmup_steps:
            raise ValueError("warmup_steps: give warmup_target, too, the rate to rise to")

    def __call__(self, step):
        top = self.initial_learning_rate
        if self.warmup_target is not None:
            if step < self.warmup_steps:
                return top + (self.warmup_target - top) * step / self.warmup_steps
            top, step = self.warmup_target, step - self.warmup_steps
        return top * _cosine(min(step / self.decay_steps, 1), self.alpha)


class CosineDecayRestarts(LearningRateSchedule):
    """Down along half a cosine, again and again.

    Parameters
    ----------
    initial_learning_rate : float
    first_decay_steps : int
        How many steps the first way down takes.
    t_mul : float
        How many times as long each way is as the one before.
    m_mul : float
        How many times as high each begins as the one before.
    alpha : float
        What part of ``initial_learning_rate`` is left at the end of the first; from 0 to 1.

    >>> schedule = CosineDecayRestarts(0.1, first_decay_steps=10, t_mul=2, m_mul=0.5)
    >>> schedule(0), round(schedule(9), 4), schedule(10), schedule(30)
    (0.1, 0.0024, 0.05, 0.025)

    Source: as for `CosineDecay`.
    """

    def __init__(self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0):
        self.initial_learning_rate = _rate(initial_learning_rate, "initial_learning_rate")
        self.first_decay_steps = checks.positive_int(first_decay_steps, "first_decay_steps")
        self.t_mul = _factor(t_mul, "t_mul")
        self.m_mul = _factor(m_mul, "m_mul")
        self.alpha = checks.limit(alpha, "alpha", most=1)
        if t_mul < 1:
            raise ValueError(f"t_mul must be at least 1, got {t_mul!r}")

    def __call__(self, step):
        length, top = self.first_decay_steps, 1.0
        while step >= length:
            step, length, top = step - length, length * self.t_mul, top * self.m_mul
        return self.initial_learning_rate * _cosine(step / length, self.alpha, top)


class OneCycle(LearningRateSchedule):
    """Up along half a cosine, then down along another, far below where it began.

    Parameters
    ----------
    max_learning_rate : float
        The rate at the top.
    total_steps : int
        How many steps both ways take; from then on the rate stays at its end.
    pct_start : float
        What share of them goes up.
    div_factor : float
        By what the top is divided at the beginning.
    final_div_factor : float
        By what the beginning is divided at the end.

    >>> schedule = OneCycle(0.1, total_steps=100)
    >>> round(schedule(0), 4), schedule(29), round(schedule(99), 9)
    (0.004, 0.1, 4e-07)

    Source: Smith & Topin, *Super-Convergence*, 2018, in the form of PyTorch's ``OneCycleLR``.
    """

    def __init__(
        self, max_learning_rate, total_steps, pct_start=0.3, div_factor=25.0, final_div_factor=1e4
    ):
        self.max_learning_rate = _rate(max_learning_rate, "max_learning_rate")
        self.total_steps = checks.positive_int(total_steps, "total_steps")
        self.pct_start = checks.limit(pct_start, "pct_start", most=1)
        self.div_factor = _factor(div_factor, "div_factor")
        self.final_div_factor = _factor(final_div_factor, "final_div_factor")

    def __call__(self, step):
        begin = self.max_learning_rate / self.div_factor
        top, last = self.pct_start * self.total_steps - 1, self.total_steps - 1
        if step <= top:
            return _between(begin, self.max_learning_rate, step / top if top else 1)
        share = min((step - top) / (last - top), 1) if last > top else 1
        return _between(self.max_learning_rate, begin / self.final_div_factor, share)


def _cosine(share, alpha, top=1.0):
    """From ``top`` to ``alpha`` as ``share`` goes from 0 to 1."""
    return (1 - alpha) * 0.5 * top * (1 + cos(pi * share)) + alpha


def _between(begin, end, share):
    """From ``begin`` to ``end`` along half a cosine."""
    return end + (begin - end) / 2 * (cos(pi * share) + 1)


def _rate(value, name):
    return float(arguments.real(value, name, least=0, most=MOST))


def _factor(value, name):
    return float(arguments.real(value, name, least=1 / MOST_FACTOR, most=MOST_FACTOR))
