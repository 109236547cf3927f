"""The model saved while it trains."""

from numbers import Real
from pathlib import Path

from ..support import arguments, checks
from ..support.progress import progress
from .monitor import Monitor


class ModelCheckpoint(Monitor):
    """Saves the model while it trains, so that a run that is stopped can go on.

    Parameters
    ----------
    filepath : str or pathlib.Path
        Where to; ``"{epoch:02d}-{val_loss:.2f}.npz"`` takes the epoch's number, from 1, and its
        figures.
    monitor, mode
        Which figure ``save_best_only`` goes by, and which way is better, as in `EarlyStopping`.
    verbose : int
        Whether to print a line for each file.
    save_best_only : bool
        Whether to save only after an epoch whose figure is the best so far.
    save_freq : "epoch" or int
        When: after each epoch, or every so many steps of the run.
    initial_value_threshold : float or None
        A figure that ``save_best_only`` must pass from the start.

    A file is there whole or not at all, whenever the process dies. It holds all that training
    depends on, so this goes on where the last file was saved, to the same weights, bit for bit, as
    a run that was never stopped::

        checkpoint = callbacks.ModelCheckpoint("digits.npz")
        model = Sequential.load("digits.npz") if Path("digits.npz").exists() else build()
        model.fit(x, y, epochs=20, callbacks=[checkpoint], resume=True)

    Raises ``ValueError`` before training begins for a folder that is not there, or a figure that
    this training does not give; ``OSError`` where nothing can be written.
    """

    def __init__(
        self,
        filepath,
        monitor="val_loss",
        verbose=0,
        save_best_only=False,
        mode="auto",
        save_freq="epoch",
        initial_value_threshold=None,
    ):
        super().__init__(monitor, mode)
        if not isinstance(filepath, (str, Path)):
            raise TypeError(f"filepath must be a path, got {filepath!r}")
        threshold = initial_value_threshold
        if threshold is not None and not isinstance(threshold, Real):
            raise TypeError(f"initial_value_threshold must be a number or None, got {threshold!r}")
        save_best_only = arguments.flag(save_best_only, "save_best_only")
        if not isinstance(save_freq, str) or save_freq != "epoch":
            save_freq = checks.positive_int(save_freq, "save_freq")
            if save_best_only:
                raise ValueError(
                    "save_freq must be 'epoch' with save_best_only: figures are those of an epoch"
                )
        self.filepath = filepath
        self.verbose = checks.verbosity(verbose)
        self.save_best_only = save_best_only
        self.save_freq = save_freq
        self.initial_value_threshold = threshold
        self.best = None

    def on_train_begin(self, logs=None):
        names = self.params["metrics"]
        if self.save_freq != "epoch":
            names = [name for name in names if name in ("loss", "accuracy")]  # known after a step
        folder = Path(self._path(1, dict.fromkeys(names, 0.0))).parent
        if not folder.is_dir():
            raise ValueError(f"{self!r}: there is no folder {folder}; make it first")
        self.best = self.initial_value_threshold
        self._steps = 0
        if self.save_best_only:
            self._require_figure()
            for _, figure in self._earlier():
                self.best = figure if self._better(figure, self.best) else self.best

    def on_train_batch_end(self, batch, logs=None):
        self._steps += 1
        if self.save_freq != "epoch" and self._steps % self.save_freq == 0:
            self._save(self.model.run.epoch + 1, logs)

    def on_epoch_end(self, epoch, logs=None):
        if self.save_freq != "epoch":
            return
        if self.save_best_only:
            if not self._better(logs[self.monitor], self.best):
                return
            self.best = logs[self.monitor]
        self._save(epoch + 1, logs)

    def _save(self, epoch, logs):
        path = self._path(epoch, logs)
        self.model.save(path)
        if self.verbose:
            progress.write(f"epoch {epoch}: saved as {path}")  # above a bar that is running

    def _path(self, epoch, logs):
        try:
            return str(self.filepath).format(epoch=epoch, **logs)
        except (KeyError, ValueError, IndexError) as error:
            raise ValueError(
                f"filepath {str(self.filepath)!r} cannot be filled in ({error}); there are epoch, "
                f"{', '.join(logs)}"
            ) from None
