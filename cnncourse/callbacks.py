"""Callbacks: what `fit` calls while it trains, to watch, to keep, or to stop.

Names and arguments are Keras's. ``fit(…, callbacks=[…])`` takes callbacks, and plain functions of
an epoch's number and its figures:

    model.fit(x, y, epochs=10, callbacks=[lambda epoch, logs: print(epoch, logs["loss"])])
"""

import csv
import inspect
import io
from math import isnan
from numbers import Real
from pathlib import Path

from .support import arguments, checks
from .support.files import replacing
from .support.progress import progress
from .support.text import call_text

MODES = ("auto", "min", "max")


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


class _Monitor(Callback):
    """What watches one figure: its name, and which way is better."""

    def __init__(self, monitor, mode, min_delta=0.0):
        if not isinstance(monitor, str):
            raise TypeError(f"monitor must be the name of a figure, 'val_loss', got {monitor!r}")
        self.monitor = monitor
        self.mode = arguments.one_of(mode, "mode", MODES)
        self.min_delta = checks.limit(min_delta, "min_delta")

    @property
    def _sign(self):
        """1 where larger figures are better, else -1."""
        if self.mode == "auto":
            return 1 if self.monitor.endswith("accuracy") else -1
        return 1 if self.mode == "max" else -1

    def _better(self, figure, best):
        if best is None or isnan(best):
            return True
        return self._sign * (figure - best) > self.min_delta

    def _require_figure(self):
        """Refuse a figure that this training does not give, before it begins."""
        if self.monitor not in self.params["metrics"]:
            more = ""
            if self.monitor.startswith("val_"):
                more = "; give fit validation_data or validation_split"
            raise ValueError(
                f"{self!r}: there is no {self.monitor!r} to monitor, but "
                f"{', '.join(self.params['metrics'])}{more}"
            )

    def _earlier(self):
        """The figures of the epochs that were done before training was resumed, by epoch."""
        history = self.model.history
        return list(zip(history.epoch, history.get(self.monitor, ()), strict=False))


class EarlyStopping(_Monitor):
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


class ModelCheckpoint(_Monitor):
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


class LearningRateScheduler(Callback):
    """Sets the optimizer's learning rate at the start of each epoch.

    ``schedule``: a function of the epoch's number, from 0, or of that and the rate so far; gives
    the rate. Schedules that go by steps are in ``cnncourse.schedules``, and an optimizer takes them
    as its ``learning_rate``. ``verbose``: whether to print the rate.

    >>> LearningRateScheduler(lambda epoch: 0.1 * 0.5**epoch).schedule(2)
    0.025
    """

    def __init__(self, schedule, verbose=0):
        if not callable(schedule) or _takes(schedule) == 0:
            raise TypeError(f"schedule must be a function of the epoch, got {schedule!r}")
        self.schedule = schedule
        self.verbose = checks.verbosity(verbose)

    def on_epoch_begin(self, epoch, logs=None):
        optimizer = self.model.optimizer
        rate = self.schedule(*(epoch, optimizer.learning_rate)[: _takes(self.schedule)])
        if isinstance(rate, bool) or not isinstance(rate, Real):
            raise TypeError(f"schedule must give a number, got {rate!r} for epoch {epoch}")
        optimizer.learning_rate = float(rate)
        if self.verbose:
            print(f"epoch {epoch + 1}: learning rate {rate:g}")


def _takes(schedule):
    """How many arguments a schedule takes: 2 if it can, 1 or none."""
    for count in (2, 1):
        try:
            inspect.signature(schedule).bind(*range(count))
        except TypeError:
            continue
        except ValueError:  # a function that does not say
            pass
        return count
    return 0


class CSVLogger(Callback):
    """Writes the figures of each epoch to a table that spreadsheets and pandas read.

    Parameters
    ----------
    filename : str or pathlib.Path
    separator : str
        What stands between two columns.
    append : bool
        Whether rows of an earlier training stay. Of one that is resumed, those stay that are not
        done again.

    After each epoch the whole table is written anew and takes the old one's place, so that it is
    whole at every moment. Columns are ``epoch``, from 0, and the figures in alphabetical order.
    """

    def __init__(self, filename, separator=",", append=False):
        if not isinstance(filename, (str, Path)):
            raise TypeError(f"filename must be a path, got {filename!r}")
        if not isinstance(separator, str) or len(separator) != 1:
            raise ValueError(f"separator must be one character, got {separator!r}")
        self.filename = filename
        self.separator = separator
        self.append = arguments.flag(append, "append")

    def on_train_begin(self, logs=None):
        self._columns = ["epoch", *sorted(self.params["metrics"])]
        self._rows = self._earlier_rows() if self.append else []
        self._write()  # what cannot be written is better known now

    def on_epoch_end(self, epoch, logs=None):
        self._rows.append({"epoch": epoch} | logs)
        self._write()

    def _earlier_rows(self):
        path = Path(self.filename)
        if not path.exists():
            return []
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter=self.separator))
        if rows and sorted(rows[0]) != sorted(self._columns):
            raise ValueError(
                f"{path}: expected a table with the columns {', '.join(self._columns)}, got "
                f"{', '.join(map(str, rows[0]))}; take another filename, or append=False"
            )
        again = self.model.run.epoch  # epochs from here on are done (again)
        return rows if again == 0 else [row for row in rows if int(row["epoch"]) < again]

    def _write(self):
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self._columns, delimiter=self.separator, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows)
        with replacing(self.filename) as file:
            file.write(text.getvalue().encode())


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


__all__ = [
    "CSVLogger",
    "Callback",
    "EarlyStopping",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
]
