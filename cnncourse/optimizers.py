"""Optimizers: how gradients change the weights. Arguments and defaults are Keras's."""

from numbers import Real
from weakref import WeakKeyDictionary

import numpy as np

from .support.elsewhere import Elsewhere
from .support.text import call_text


class Optimizer:
    """Base class of all optimizers.

    To write one of your own, say in `update` how one parameter changes, and name in ``slots`` the
    arrays that each parameter has beside it (moments, as a rule); they begin as zeros. To be saved
    with a model, keep the constructor's arguments as attributes of the same names.

    Attributes
    ----------
    learning_rate : float
        May be set between steps, for learning-rate decay in a loop of your own for example.
    iterations : int
        How many steps were taken for the layer that was moved last. Each layer has a count of its
        own: an optimizer may train several models, one after the other or in turn.
    """

    slots = ()

    lr = Elsewhere("the learning rate is learning_rate")
    decay = Elsewhere("set learning_rate between epochs, in a loop of fit(…)")
    weight_decay = Elsewhere("there is no weight decay yet")
    clipnorm = Elsewhere("gradients are not clipped; take a smaller learning_rate")

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate
        self.iterations = 0
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
        self._learning_rate = _positive(value, "learning_rate")

    def step(self, layers):
        """One step for every parameter of ``layers`` whose gradient a backward pass has filled."""
        for layer in layers:
            if not layer.gradients or not layer.trainable:
                continue
            self._steps[layer] = self.iterations = self._steps.get(layer, 0) + 1
            for name, gradient in layer.gradients.items():
                slots = self.slots_of(layer, name)
                self.update(layer.backend, layer.parameters[name], gradient, *slots)

    def steps_taken(self, layers):
        """How many steps were taken for ``layers``: the most of any of them."""
        return max((self._steps.get(layer, 0) for layer in layers), default=0)

    def resume(self, layers, steps):
        """Go on with ``layers`` as after so many steps: for a model from a file."""
        self.iterations = steps
        for layer in layers:
            self._steps[layer] = steps

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
        """Move the slots of ``layers`` from the backend ``before`` to ``after``."""
        for layer in layers:
            for name, slots in self._slots.get(layer, {}).items():
                self._slots[layer][name] = [after.asarray(before.to_numpy(slot)) for slot in slots]

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

    Source: *CNN – Tutorial with Keras*, 7, where ``'sgd'`` means a learning rate of 0.01.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0):
        super().__init__(learning_rate)
        self.momentum = _below_one(momentum, "momentum")
        self.slots = ("velocity",) if momentum else ()

    def update(self, backend, parameter, gradient, *slots):
        if slots:
            backend.momentum_step(parameter, gradient, *slots, self.learning_rate, self.momentum)
        else:
            backend.sgd_step(parameter, gradient, self.learning_rate)


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

    Source: Hinton, *Neural Networks for Machine Learning*, lecture 6e; used in *Deep Learning
    Lecture – Convolution NN*.
    """

    slots = ("mean_square",)

    def __init__(self, learning_rate=0.001, rho=0.9, epsilon=1e-7):
        super().__init__(learning_rate)
        self.rho = _below_one(rho, "rho")
        self.epsilon = _positive(epsilon, "epsilon")

    def update(self, backend, parameter, gradient, mean_square):
        arguments = self.learning_rate, self.rho, self.epsilon
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

    Source: Kingma & Ba, *Adam: A Method for Stochastic Optimization*, 2015.
    """

    slots = ("mean", "mean_square")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        self.beta_1 = _below_one(beta_1, "beta_1")
        self.beta_2 = _below_one(beta_2, "beta_2")
        self.epsilon = _positive(epsilon, "epsilon")

    def update(self, backend, parameter, gradient, mean, mean_square):
        arguments = self.learning_rate, self.beta_1, self.beta_2, self.epsilon, self.iterations
        backend.adam_step(parameter, gradient, mean, mean_square, *arguments)


def _positive(value, name):
    if not isinstance(value, Real) or not 0 < value < float("inf"):
        raise ValueError(f"{name} must be a number above 0, got {value!r}")
    return value


def _below_one(value, name):
    if not isinstance(value, Real) or not 0 <= value < 1:
        raise ValueError(f"{name} must be a number from 0 to below 1, got {value!r}")
    return value


BY_NAME = {"sgd": SGD, "rmsprop": RMSprop, "adam": Adam}


def get(optimizer):
    """The optimizer itself, or a new one by its name with its default arguments."""
    if isinstance(optimizer, Optimizer):
        return optimizer
    if optimizer not in BY_NAME:
        raise ValueError(
            f"optimizer must be an Optimizer or one of {sorted(BY_NAME)}, got {optimizer!r}"
        )
    return BY_NAME[optimizer]()
