"""Initialisation: random weights just large enough.

Too small, and each layer's output vanishes; too large, and it explodes. Glorot's and He's rules
keep the variance about the same from layer to layer, whatever the layers' sizes.

An initializer is called with a shape and a ``numpy.random.Generator`` and gives a float64 array.
Layers take one, or its name, for kernels and biases: ``layers.Dense(10, kernel_initializer=…)``.

>>> from cnncourse import initializers
>>> initializers.normal(stddev=0.1)((3, 2), np.random.default_rng(0)).shape
(3, 2)
"""

import math
from dataclasses import dataclass

import numpy as np

from .support.arguments import function, generator, real
from .support.checks import shape as sizes

LARGEST = 1e30  # a standard deviation whose weights float32 holds


class Initializer:
    """What initializers share: a call checks its arguments, and `draw` gives the array."""

    def __call__(self, shape, rng):
        shape = sizes(shape, "shape")
        if not shape:
            raise ValueError("shape: expected at least one axis, got ()")
        return self.draw(shape, generator(rng))


@dataclass(frozen=True)
class GlorotUniform(Initializer):
    """Uniform in ±√(6 / (fan in + fan out)): Keras's default for kernels.

    A kernel's shape is (features, units) or (height, width, in, out); the window's cells count in
    both fans.

    Source: Glorot & Bengio, *Understanding the difficulty of training deep feedforward neural
    networks*, 2010.
    """

    def draw(self, shape, rng):
        limit = math.sqrt(6 / (_fan_in(shape) + _fan_out(shape)))
        return rng.uniform(-limit, limit, shape)


@dataclass(frozen=True)
class GlorotNormal(Initializer):
    """Normal with variance 2 / (fan in + fan out), for the same reason as `GlorotUniform`."""

    def draw(self, shape, rng):
        return rng.normal(0, math.sqrt(2 / (_fan_in(shape) + _fan_out(shape))), shape)


@dataclass(frozen=True)
class LecunNormal(Initializer):
    """Normal with variance 1 / fan in: keeps the variance of a sum of products as it is.

    Source: LeCun et al., *Efficient BackProp*, 1998.
    """

    def draw(self, shape, rng):
        return rng.normal(0, math.sqrt(1 / _fan_in(shape)), shape)


@dataclass(frozen=True)
class HeUniform(Initializer):
    """Uniform in ±√(6 / fan in), with the variance of `HeNormal`."""

    def draw(self, shape, rng):
        limit = math.sqrt(6 / _fan_in(shape))
        return rng.uniform(-limit, limit, shape)


@dataclass(frozen=True)
class HeNormal(Initializer):
    """Normal with variance 2 / fan in: made for ReLU, which lets half of the values through.

    Keras draws from a normal truncated at two standard deviations; this one is not truncated.

    Source: He et al., *Delving Deep into Rectifiers*, 2015.
    """

    def draw(self, shape, rng):
        return rng.normal(0, math.sqrt(2 / _fan_in(shape)), shape)


@dataclass(frozen=True)
class Normal(Initializer):
    """Normal with mean 0 and standard deviation ``stddev``: the initialisation of POSTECH's lab."""

    stddev: float = 0.05

    def __post_init__(self):
        real(self.stddev, "stddev", least=0, most=LARGEST)

    def draw(self, shape, rng):
        return rng.normal(0, self.stddev, shape)


@dataclass(frozen=True)
class Zeros(Initializer):
    """All zeros, as suits biases. Kernels of zeros would all stay alike."""

    def draw(self, shape, rng):
        return np.zeros(shape)


@dataclass(frozen=True)
class Ones(Initializer):
    """All ones, as suits scales."""

    def draw(self, shape, rng):
        return np.ones(shape)


@dataclass(frozen=True)
class Constant(Initializer):
    """The same ``value`` everywhere: the start from which no two units ever differ."""

    value: float = 0.0

    def __post_init__(self):
        real(self.value, "value", least=-LARGEST, most=LARGEST)

    def draw(self, shape, rng):
        return np.full(shape, float(self.value))


glorot_normal = GlorotNormal()
glorot_uniform = GlorotUniform()
he_normal = HeNormal()
he_uniform = HeUniform()
lecun_normal = LecunNormal()
ones = Ones()
zeros = Zeros()
constant = Constant
normal = Normal


def _fan_in(shape):
    """How many products each unit sums up: the kernel's size without its last axis."""
    return math.prod(shape[:-1])


def _fan_out(shape):
    """In how many products each input value takes part."""
    return math.prod(shape[:-2]) * shape[-1]


BY_NAME = {
    "constant": Constant,
    "glorot_normal": GlorotNormal,
    "glorot_uniform": GlorotUniform,
    "he_normal": HeNormal,
    "he_uniform": HeUniform,
    "lecun_normal": LecunNormal,
    "normal": Normal,
    "ones": Ones,
    "zeros": Zeros,
}


def get(initializer, name="initializer"):
    """The initializer itself, or a new one by its name, such as ``"he_normal"``.

    ``name``: what a message calls the argument.

    Raises ``ValueError`` for an unknown name, ``TypeError`` for what cannot be called.
    """
    if isinstance(initializer, str):
        if initializer not in BY_NAME:
            raise ValueError(f"{name} must be one of {sorted(BY_NAME)}, got {initializer!r}")
        return BY_NAME[initializer]()
    try:
        function(initializer, name, "shape", "rng")
    except TypeError as error:
        reason = str(error).partition(" must be ")[2]
        raise TypeError(f"{name} must be a name, of {sorted(BY_NAME)}, or {reason}") from None
    return initializer
