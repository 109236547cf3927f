"""What every callback is: methods that `fit` calls while it trains."""

from ..support.text import call_text


class Callback:
    """Base class of all callbacks: override what you need.

    ``logs`` is a dict of figures: ``"loss"``, ``"accuracy"``, ``"val_loss"``, ``"val_accuracy"``
    and ``"learning_rate"`` of the epoch, as far as there are any; after a batch, the means of the
    epoch so far. To end training after this batch or epoch, set ``self.model.stop_training =
    True``.

    Attributes
    ----------
    model : Sequential
        The one that is trained; set by `fit`.
    params : dict
        ``"epochs"``, ``"steps"`` (batches an epoch), ``"verbose"``, and ``"metrics"``, the names
        in an epoch's ``logs``.

    A callback that keeps the training loss of each batch:

    >>> class BatchLosses(Callback):
    ...     def on_train_begin(self, logs=None):
    ...         self.losses = []
    ...     def on_train_batch_end(self, batch, logs=None):
    ...         self.losses.append(logs["loss"])
    """

    model = params = None

    def __repr__(self):
        return call_text(self)

    def set_model(self, model):
        self.model = model

    def set_params(self, params):
        self.params = params

    def on_train_begin(self, logs=None):
        """Before the first step."""

    def on_train_end(self, logs=None):
        """After the last epoch; not after Ctrl-C or an error."""

    def on_epoch_begin(self, epoch, logs=None):
        """Before an epoch; ``epoch`` counts from 0."""

    def on_epoch_end(self, epoch, logs=None):
        """After an epoch and its validation."""

    def on_train_batch_begin(self, batch, logs=None):
        """Before a step; ``batch`` counts from 0 in each epoch."""

    def on_train_batch_end(self, batch, logs=None):
        """After a step."""
