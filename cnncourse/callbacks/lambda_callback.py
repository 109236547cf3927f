"""Plain functions as a callback."""

from .callback import Callback


class LambdaCallback(Callback):
    """Plain functions as a callback, each under the name of the method that it stands for.

    >>> LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch)).on_epoch_end(3, {})
    3
    """

    def __init__(
        self,
        on_epoch_begin=None,
        on_epoch_end=None,
        on_train_begin=None,
        on_train_end=None,
        on_train_batch_begin=None,
        on_train_batch_end=None,
    ):
        for name, function in locals().copy().items():
            if name == "self" or function is None:
                continue
            if not callable(function):
                raise TypeError(f"{name} must be a function, got {function!r}")
            setattr(self, name, function)

    def __repr__(self):
        names = [name for name in vars(self) if name.startswith("on_")]
        return f"LambdaCallback({', '.join(f'{name}=…' for name in names)})"
