"""Training ended when it has become no better for a while."""

from numbers import Real

from ..support import arguments, checks
from .monitor import Monitor


class EarlyStopping(Monitor):
    """Ends training when a figure has not become better for ``patience`` epochs.

    Parameters
    ----------
    monitor : str
        The figure's name.
    min_delta : float
        By how much it must be better to count; from 0 on.
    patience : int
        How many epochs without a better figure are waited for; 0 ends at the first.
    verbose : int
        Whether to print when training is ended, and which weights are restored.
    mode : "auto", "min" or "max"
        Which way is better; ``"auto"``: larger for an accuracy, else smaller.
    baseline : float or None
        A figure that must be passed for an epoch to count as better at all.
    restore_best_weights : bool
        Whether the model gets back the weights of its best epoch at the end of training. Of a run
        that was resumed, these are the best since.
    start_from_epoch : int
        Epochs before this one are not looked at.

    Attributes: ``best``, the best figure, ``best_epoch``, and ``stopped_epoch``, the epoch that was
    the last one (``None`` if training went on to its end); epochs count from 0.

    Source: Keras's callback of this name; Prechelt, *Early Stopping – But When?*, 1998.
    """

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        verbose=0,
        mode="auto",
        baseline=None,
        restore_best_weights=False,
        start_from_epoch=0,
    ):
        super().__init__(monitor, mode, min_delta)
        if baseline is not None and not isinstance(baseline, Real):
            raise TypeError(f"baseline must be a number or None, got {baseline!r}")
        self.patience = checks.whole_number(patience, "patience", least=0)
        self.verbose = checks.verbosity(verbose)
        self.baseline = baseline
        self.restore_best_weights = arguments.flag(restore_best_weights, "restore_best_weights")
        self.start_from_epoch = checks.whole_number(start_from_epoch, "start_from_epoch", least=0)
        self._begin()

    def _begin(self):
        self.best = self.best_epoch = self.stopped_epoch = self._best_weights = None
        self._waited = 0

    def on_train_begin(self, logs=None):
        self._require_figure()
        self._begin()
        for epoch, figure in self._earlier():
            if not self._look(epoch, figure):
                self._stop_if_waited(epoch)

    def on_epoch_end(self, epoch, logs=None):
        improved = self._look(epoch, logs[self.monitor])
        if self.restore_best_weights and improved:
            self._best_weights = self.model.get_weights()
        if not improved:
            self._stop_if_waited(epoch)

    def _stop_if_waited(self, epoch):
        if self._waited >= max(self.patience, 1):
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def _look(self, epoch, figure):
        """Whether the figure is the best so far."""
        if epoch < self.start_from_epoch:
            return False
        improved = self._better(figure, self.best)
        if improved:
            self.best, self.best_epoch = figure, epoch
        passed = self.baseline is None or self._better(figure, self.baseline)
        self._waited = 0 if improved and passed else self._waited + 1
        return improved

    def on_train_end(self, logs=None):
        if self.verbose and self.stopped_epoch is not None:
            print(
                f"stopped after epoch {self.stopped_epoch + 1}: {self.monitor} was best in epoch "
                f"{self.best_epoch + 1}, {self.best:.4g}"
            )
        if self._best_weights is not None:
            self.model.set_weights(self._best_weights)
            if self.verbose:
                print(f"the weights are those after epoch {self.best_epoch + 1}")
        self._best_weights = None  # as large as the model
