"""Attributes that mean something in other libraries, and here would do nothing in silence."""


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
