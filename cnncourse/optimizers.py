"""Optimizers: how gradients change the weights. Arguments and defaults are Keras's."""

from math import inf, sqrt
from numbers import Real
from weakref import WeakKeyDictionary

import numpy as np

from .layers.base import parts_of
from .schedules import LearningRateSchedule
from .support.arguments import described, flag
from .support.elsewhere import Elsewhere
from .support.text import call_text

LEAST, MOST = 1e-30, 1e38


class Optimizer:
    """Base class of all optimizers.

    To write one of your own, say in `update` how one parameter changes, and name in ``slots`` the
    arrays that each parameter has beside it (moments, as a rule); they begin as zeros. To be saved
    with a model, keep the constructor's arguments as attributes of the same names.

    Parameters
    ----------
    learning_rate : float, or LearningRateSchedule
        How far a step goes; one of ``cnncourse.schedules`` lets that change from step to step.
    weight_decay : float or None
        What share of each parameter goes in each step, times the learning rate: ``parameter −=
        weight_decay · learning_rate · parameter``, beside the step that the gradient asks for.
        `exclude_from_weight_decay` spares some.
    clipnorm : float or None
        The most that each parameter's gradient may measure: the root of the sum of its squares. A
        longer one is made shorter, its direction stays.
    clipvalue : float or None
        The most that each number of a gradient may be, above 0 and below.
    global_clipnorm : float or None
        The most that all the gradients may measure together. Only one of the three can be given.
        ``layer.gradients`` are then what was clipped.

    Attributes
    ----------
    learning_rate : float
        That of the next step. May be set between steps, unless there is a schedule.
    schedule : LearningRateSchedule or None
    iterations : int
        How many steps were taken for the layer that was moved last. Each layer has a count of its
        own: an optimizer may train several models, one after the other or in turn.
    """

    slots = ()
    decays_in_update = False  # whether `update` takes off ``decay_share``, or `step` does

    lr = Elsewhere("the learning rate is learning_rate")
    decay = Elsewhere("give learning_rate one of cnncourse.schedules, such as ExponentialDecay")

    def __init__(
        self,
        learning_rate,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
    ):
        self.iterations = 0
        self.schedule = None
        self.decay_share = 0.0  # the share of the parameter at hand that goes in this step
        self.learning_rate = learning_rate
        self.weight_decay = _positive_or_none(weight_decay, "weight_decay", least_included=True)
        self.clipnorm = _positive_or_none(clipnorm, "clipnorm")
        self.clipvalue = _positive_or_none(clipvalue, "clipvalue")
        self.global_clipnorm = _positive_or_none(global_clipnorm, "global_clipnorm")
        if [clipnorm, clipvalue, global_clipnorm].count(None) < 2:
            raise ValueError("only one of clipnorm, clipvalue and global_clipnorm can be given")
        self.excluded = ()
        # by layer, and gone with it: an optimizer does not keep old models alive
        self._slots = WeakKeyDictionary()  # parameter's name → its slots
        self._steps = WeakKeyDictionary()  # how many were taken

    def __repr__(self):
        return call_text(self)

    @property
    def learning_rate(self):
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        if isinstance(value, LearningRateSchedule):
            self.schedule = value
            self._learning_rate = self._rate_at(self.iterations)
        elif self.schedule is not None:
            raise TypeError(
                f"learning_rate: this optimizer goes by {self.schedule!r}, which would overwrite "
                f"{value!r} at the next step; make an optimizer without a schedule"
            )
        else:
            self._learning_rate = _positive(value, "learning_rate")

    @property
    def given_arguments(self):
        """Arguments whose attributes hold something else by now."""
        return {} if self.schedule is None else {"learning_rate": self.schedule}

    def exclude_from_weight_decay(self, var_names):
        """Spare all parameters whose names have one of ``var_names`` in them, such as "bias".

        Names are those of layer and parameter: ``"conv2d_1/kernel"``. Call it before training, as
        in Keras.
        """
        listed = isinstance(var_names, (list, tuple))
        if not listed or not all(isinstance(name, str) for name in var_names):
            raise TypeError(f"var_names must be a list of names, got {described(var_names)}")
        self.excluded = tuple(var_names)

    def step(self, layers):
        """One step for every parameter of ``layers`` whose gradient a backward pass has filled."""
        learning = [part for part in parts_of(layers) if part.gradients and part.trainable]
        self._clip(learning)
        for layer in learning:
            taken = self._steps.get(layer, 0)
            if self.schedule is not None:
                self._go_by(taken)
            self._steps[layer] = self.iterations = taken + 1
            for name, gradient in layer.gradients.items():
                parameter = layer.parameters[name]
                if self.weight_decay:
                    self.decay_share = self._decay_of(f"{layer.name}/{name}")
                    if self.decay_share and not self.decays_in_update:
                        layer.backend.scale(parameter, 1 - self.decay_share)
                self.update(layer.backend, parameter, gradient, *self.slots_of(layer, name))
        if self.schedule is not None:
            self._go_by(self.iterations)

    def _go_by(self, step):
        """Take the learning rate of a step from the schedule."""
        if step != self._rate_step:
            self._learning_rate = self._rate_at(step)

    def _rate_at(self, step):
        rate = self.schedule(step)
        if isinstance(rate, bool) or not isinstance(rate, Real) or not 0 <= rate < inf:
            raise ValueError(
                f"{self.schedule!r} must give a learning rate from 0 on, got {rate!r} at step "
                f"{step}"
            )
        self._rate_step = step
        return float(rate)

    def _decay_of(self, name):
        spared = any(part in name for part in self.excluded)
        return 0.0 if spared else self.weight_decay * self.learning_rate

    def _clip(self, layers):
        """Make the layers' gradients shorter where they are too long."""
        limits = self.clipvalue, self.clipnorm, self.global_clipnorm
        limit = next((limit for limit in limits if limit is not None), None)
        if limit is None:
            return
        pairs = [(layer.backend, g) for layer in layers for g in layer.gradients.values()]
        if self.clipvalue is not None:
            for backend, gradient in pairs:
                backend.clip(gradient, limit)
            return
        for group in [pairs] if self.clipnorm is None else [[pair] for pair in pairs]:
            norm = sqrt(sum(_square_norm(*pair) for pair in group))
            if norm > limit:
                for backend, gradient in group:
                    backend.scale(gradient, limit / norm)

    def steps_taken(self, layers):
        """How many steps were taken for ``layers``: the most of any of them."""
        return max((self._steps.get(part, 0) for part in parts_of(layers)), default=0)

    def resume(self, layers, steps):
        """Go on with ``layers`` as after so many steps: for a model from a file."""
        self.iterations = steps
        for part in parts_of(layers):
            self._steps[part] = steps
        if self.schedule is not None:
            self._go_by(steps)

    def update(self, backend, parameter, gradient, *slots):
        """Change one parameter, and its slots, in place."""
        raise NotImplementedError(f"{type(self).__name__} has no update")

    def slots_of(self, layer, name):
        """The arrays beside a layer's parameter, in the order of ``slots``."""
        by_name = self._slots.setdefault(layer, {})
        if name not in by_name:
            shape = layer.parameters[name].shape
            by_name[name] = [layer.backend.asarray(np.zeros(shape)) for _ in self.slots]
        return by_name[name]

    def to(self, layers, before, after):
        """Move the slots of ``layers`` from the backend ``before`` to ``after``: all or none."""
        moved = {
            layer: {
                name: [after.asarray(before.to_numpy(slot)) for slot in slots]
                for name, slots in self._slots[layer].items()
            }
            for layer in parts_of(layers)
            if layer in self._slots
        }
        self._slots.update(moved)

    def __getstate__(self):
        """For copies and pickles: the slots as NumPy arrays, whatever the backend."""
        slots = {
            layer: {
                name: [layer.backend.to_numpy(slot) for slot in slots]
                for name, slots in by_name.items()
            }
            for layer, by_name in self._slots.items()
        }
        return self.__dict__ | {"_slots": slots, "_steps": dict(self._steps)}

    def __setstate__(self, state):
        self.__dict__ = dict(state)
        self._steps = WeakKeyDictionary(state["_steps"])
        self._slots = WeakKeyDictionary()
        for layer, by_name in state["_slots"].items():
            self._slots[layer] = {  # copies, as these may be read-only
                name: [layer.backend.asarray(np.array(slot)) for slot in slots]
                for name, slots in by_name.items()
            }


class SGD(Optimizer):
    """Stochastic gradient descent: ``parameter -= learning_rate · gradient``.

    Parameters
    ----------
    learning_rate : float
        How far to go against the gradient; above 0.
    momentum : float
        From 0 to below 1: what part of the last step goes on,
        ``velocity = momentum · velocity − learning_rate · gradient; parameter += velocity``.
    nesterov : bool
        Whether the step is the one that will be gone on with from there:
        ``parameter += momentum · velocity − learning_rate · gradient``.
    weight_decay, clipnorm, clipvalue, global_clipnorm
        As for every `Optimizer`.

    Source: *CNN – Tutorial with Keras*, 7, where ``'sgd'`` means a learning rate of 0.01.
    """

    decays_in_update = True

    def __init__(
        self,
        learning_rate=0.01,
        momentum=0.0,
        nesterov=False,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
    ):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm)
        self.momentum = _below_one(momentum, "momentum")
        self.nesterov = flag(nesterov, "nesterov")
        if self.nesterov and not momentum:
            raise ValueError("nesterov: give momentum, too, from above 0 to below 1")
        self.slots = ("velocity",) if momentum else ()

    def update(self, backend, parameter, gradient, *slots):
        if slots:
            arguments = self.learning_rate, self.momentum, self.nesterov, self.decay_share
            backend.momentum_step(parameter, gradient, *slots, *arguments)
        else:
            backend.sgd_step(parameter, gradient, self.learning_rate, self.decay_share)


class RMSprop(Optimizer):
    """Each parameter's step is divided by the root of its gradient's running mean square.

    ``mean_square = rho · mean_square + (1 − rho) · gradient²``,
    ``parameter -= learning_rate · gradient / √(mean_square + epsilon)``.

    Parameters
    ----------
    learning_rate : float
    rho : float
        What part of the running mean stays in each step.
    epsilon : float
        Added under the root.
    weight_decay, clipnorm, clipvalue, global_clipnorm
        As for every `Optimizer`.

    Source: Hinton, *Neural Networks for Machine Learning*, lecture 6e; used in *Deep Learning
    Lecture – Convolution NN*.
    """

    slots = ("mean_square",)
    decays_in_update = True

    def __init__(
        self,
        learning_rate=0.001,
        rho=0.9,
        epsilon=1e-7,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
    ):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm)
        self.rho = _below_one(rho, "rho")
        self.epsilon = _positive(epsilon, "epsilon")

    def update(self, backend, parameter, gradient, mean_square):
        arguments = self.learning_rate, self.rho, self.epsilon, self.decay_share
        backend.rmsprop_step(parameter, gradient, mean_square, *arguments)


class Adam(Optimizer):
    """A step along the gradient's running mean, divided by the root of its running mean square.

    ``mean = beta_1 · mean + (1 − beta_1) · gradient``,
    ``mean_square = beta_2 · mean_square + (1 − beta_2) · gradient²``, and in step t, with
    ``rate = learning_rate · √(1 − beta_2ᵗ) / (1 − beta_1ᵗ)``,
    ``parameter -= rate · mean / (√mean_square + epsilon)``.

    Parameters
    ----------
    learning_rate : float
    beta_1, beta_2 : float
        What part of the running mean, and of the running mean square, stays in each step.
    epsilon : float
        Added to the root.
    weight_decay, clipnorm, clipvalue, global_clipnorm
        As for every `Optimizer`.

    Source: Kingma & Ba, *Adam: A Method for Stochastic Optimization*, 2015.
    """

    slots = ("mean", "mean_square")
    decays_in_update = True

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
    ):
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm)
        self.beta_1 = _below_one(beta_1, "beta_1")
        self.beta_2 = _below_one(beta_2, "beta_2")
        self.epsilon = _positive(epsilon, "epsilon")

    def update(self, backend, parameter, gradient, mean, mean_square):
        arguments = self.learning_rate, self.beta_1, self.beta_2, self.epsilon, self.iterations
        backend.adam_step(parameter, gradient, mean, mean_square, *arguments, self.decay_share)


class AdamW(Adam):
    """`Adam` with weight decay from the start, as Keras has it.

    The decay is *decoupled*: it goes beside the step of the gradient, and is not divided by the
    root of the mean square as a penalty in the loss would be.

    Source: Loshchilov & Hutter, *Decoupled Weight Decay Regularization*, 2019.
    """

    def __init__(
        self,
        learning_rate=0.001,
        weight_decay=0.004,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
    ):
        clipping = clipnorm, clipvalue, global_clipnorm
        super().__init__(learning_rate, beta_1, beta_2, epsilon, weight_decay, *clipping)


def _square_norm(backend, array):
    """The sum of the squares of a backend's array."""
    out = backend.empty((1,))
    backend.sum_of_squares(array, out)
    return float(backend.to_numpy(out)[0])


def _positive(value, name):
    if not isinstance(value, Real) or not 0 < value < float("inf"):
        raise ValueError(f"{name} must be a number above 0, got {described(value)}")
    if not LEAST <= value <= MOST:
        raise ValueError(
            f"{name} must be from {LEAST:g} to {MOST:g}, so that float32 holds it, got {value!r}"
        )
    return value


def _positive_or_none(value, name, least_included=False):
    zero = isinstance(value, Real) and not isinstance(value, bool) and value == 0
    if value is None or (least_included and zero):
        return value
    return _positive(value, name)


def _below_one(value, name):
    if not isinstance(value, Real) or not 0 <= value < 1:
        raise ValueError(f"{name} must be a number from 0 to below 1, got {described(value)}")
    return value


BY_NAME = {"sgd": SGD, "rmsprop": RMSprop, "adam": Adam, "adamw": AdamW}


def get(optimizer):
    """The optimizer itself, or a new one by its name with its default arguments."""
    if isinstance(optimizer, Optimizer):
        return optimizer
    if not isinstance(optimizer, str) or optimizer not in BY_NAME:
        raise ValueError(
            f"optimizer must be an Optimizer or one of {sorted(BY_NAME)}, got "
            f"{described(optimizer)}"
        )
    return BY_NAME[optimizer]()
