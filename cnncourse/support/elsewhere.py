"""Names that mean something in other libraries, and here would do nothing in silence."""

import inspect
from functools import wraps


class Elsewhere:
    """An attribute that cannot be set or read: each attempt says what there is instead.

    >>> class Rate:
    ...     lr = Elsewhere("the learning rate is learning_rate")
    >>> Rate().lr = 0.1
    Traceback (most recent call last):
    AttributeError: Rate has no 'lr': the learning rate is learning_rate
    """

    def __init__(self, advice):
        self.advice = advice

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        raise self._error(instance)

    def __set__(self, instance, value):
        raise self._error(instance)

    def _error(self, instance):
        return AttributeError(f"{type(instance).__name__} has no {self.name!r}: {self.advice}")


class NamesElsewhere:
    """A class with `Elsewhere` attributes, which are not offered for completion."""

    def __dir__(self):
        kind = type(self)
        names = super().__dir__()
        return [name for name in names if not isinstance(getattr(kind, name, None), Elsewhere)]


def advising(*advices, **advice):
    """Decorate a method: an argument that it does not have is a ``TypeError`` with advice.

    ``advices``: dicts of advice by argument; ``advice``: more of it. The signature stays.

    >>> class Rate:
    ...     @advising(lr="the learning rate is learning_rate")
    ...     def __init__(self, learning_rate):
    ...         self.learning_rate = learning_rate
    >>> Rate(lr=0.1)
    Traceback (most recent call last):
    TypeError: Rate has no argument 'lr': the learning rate is learning_rate
    """
    said = {}
    for given in (*advices, advice):
        said |= given

    def decorate(method):
        known = list(inspect.signature(method).parameters)[1:]

        @wraps(method)
        def call(self, *arguments, **named):
            for name in named:
                if name not in known:
                    instead = f": {said[name]}" if name in said else f"; it has {', '.join(known)}"
                    raise TypeError(f"{type(self).__name__} has no argument {name!r}{instead}")
            return method(self, *arguments, **named)

        return call

    return decorate
