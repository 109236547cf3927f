"""Several callbacks called as one."""

from .callback import Callback
from .lambda_callback import LambdaCallback


class CallbackList:
    """Several callbacks, and plain functions among them, called as one in their order.

    ``watches_batches``: whether any of them does something before or after a step; else `fit` need
    not ask them. Raises ``TypeError`` for what is no callback.
    """

    def __init__(self, callbacks):
        if callbacks is None or isinstance(callbacks, Callback) or callable(callbacks):
            callbacks = [] if callbacks is None else [callbacks]
        if not isinstance(callbacks, (list, tuple)):
            raise TypeError(f"callbacks must be a list, got {callbacks!r}")
        self.callbacks = [_as_callback(callback) for callback in callbacks]
        self.watches_batches = any(
            getattr(type(callback), name) is not getattr(Callback, name) or name in vars(callback)
            for callback in self.callbacks
            for name in ("on_train_batch_begin", "on_train_batch_end")
        )

    def begin(self, model, params):
        """Tell all of them whom they watch."""
        for callback in self.callbacks:
            callback.set_model(model)
            callback.set_params(params)

    def call(self, name, *arguments):
        """Call the method ``name`` of each."""
        for callback in self.callbacks:
            getattr(callback, name)(*arguments)


def _as_callback(callback):
    if isinstance(callback, Callback):
        return callback
    if isinstance(callback, type) or not callable(callback):
        raise TypeError(
            "callbacks must be a list of callbacks, such as callbacks.EarlyStopping(), or of "
            f"functions (epoch, logs), got {callback!r}"
        )
    return LambdaCallback(on_epoch_end=callback)
