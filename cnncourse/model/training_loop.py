"""The loop behind `Sequential.fit`: epochs of steps, and what is said and kept of them."""

from contextlib import closing
from itertools import islice
from math import isfinite
from time import perf_counter

from ..kernels.compiling import while_compiling
from ..losses import Loss
from ..support.interrupts import defer_interrupt
from ..support.progress import progress
from ..support.text import duration
from .totals import in_words

# an epoch's last line; it fits the bar's 96 characters with validation figures in it
CLOSING = "{n_fmt}/{total_fmt} |{bar:5}|, {elapsed_s:.1f} s{postfix}"


class TrainingLoop:
    """Trains a model on batches, from where its ``run`` stands to the end of a given epoch.

    ``source`` gives the training's batches, ``step(*batch, done=…)`` takes a step on one, as
    `Sequential._step` does; ``validation`` gives those to evaluate on, or is ``None``;
    ``callbacks`` is a `CallbackList`. The other arguments are those of `Sequential.fit`.
    """

    def __init__(self, model, source, step, validation, callbacks, verbose, validation_steps):
        self.model = model
        self.source = source
        self.step = step
        self.validation = validation
        self.verbose = verbose
        self.validation_steps = validation_steps
        self.watchers = callbacks

    def train(self, epochs):
        """Train to the end of epoch ``epochs``, unless a callback or the loss ends it before."""
        model, run = self.model, self.model.run
        params = {
            "epochs": epochs,
            "steps": run.epoch_length,
            "verbose": self.verbose,
            "metrics": self._names(),
        }
        self.watchers.begin(model, params)
        model.stop_training = False
        self.watchers.call("on_train_begin", {})
        begun, first, figures = perf_counter(), run.epoch, {}
        with closing(run.stream(self.source)) as stream:
            while run.epoch < epochs and not model.stop_training:
                left = (perf_counter() - begun) / max(run.epoch - first, 1) * (epochs - run.epoch)
                figures = self._epoch(stream, epochs, left if run.epoch > first else None)
                if not isfinite(figures["loss"]):
                    print(model._why_not_finite(self.source.max_value))
                    break
        self.watchers.call("on_train_end", figures)

    def _epoch(self, stream, epochs, left):
        """One epoch, and all that follows on it; its figures. ``left``: seconds of the run."""
        model, run = self.model, self.model.run
        epoch, steps, begun = run.epoch, run.epoch_length, perf_counter()
        self.watchers.call("on_epoch_begin", epoch, {})
        title = f"epoch {epoch + 1}/{epochs}"
        options = {"total": steps, "initial": run.steps, "disable": self.verbose != 1}
        running = title if left is None else f"{title}, {duration(left)} left"

        def tell(compiling):
            text = f"{title}, compiling (this once)" if compiling else running
            bar.set_description_str(text, refresh=compiling)

        with progress(desc=running, closing=CLOSING, **options) as bar, while_compiling(tell):
            self._steps_of_an_epoch(islice(stream, steps - run.steps), bar)
            figures = run.totals.figures()
            if self.validation is not None:
                after = model._evaluate(self.validation, self.validation_steps)
                figures |= {f"val_{name}": figure for name, figure in after.items()}
                bar.set_postfix_str(in_words(figures), refresh=False)
            bar.set_description_str(title, refresh=False)
        figures["learning_rate"] = float(model.optimizer.learning_rate)
        with defer_interrupt():  # both, or the epoch would be done a second time
            model.history.note(figures)
            run.next_epoch()
        if self.verbose == 2:
            print(f"{title}: {steps} steps, {perf_counter() - begun:.1f} s, {in_words(figures)}")
        self.watchers.call("on_epoch_end", epoch, figures)
        return figures

    def _steps_of_an_epoch(self, batches, bar):
        """A step for each batch, or until the loss is not finite or a callback ends training."""
        model, run, watchers = self.model, self.model.run, self.watchers
        watched = watchers.watches_batches
        for batch in batches:
            if watched:
                watchers.call("on_train_batch_begin", run.steps, {})
            loss = self.step(*batch, done=self._note)
            if watched:
                watchers.call("on_train_batch_end", run.steps - 1, run.totals.figures())
            if self.verbose == 1:
                bar.set_postfix_str(in_words(run.totals.figures()), refresh=False)
                bar.update()
            if model.stop_training or not isfinite(loss):
                break

    def _note(self, loss, images, correct):
        """Note a step that was taken."""
        self.model.run.totals.add(loss, images, correct)
        self.model.run.advance(self.source)

    def _names(self):
        """The names of an epoch's figures."""
        counts = type(self.model.loss).count_correct is not Loss.count_correct
        names = ["loss", "accuracy"] if counts else ["loss"]
        if self.validation is not None:
            names += [f"val_{name}" for name in names]
        return [*names, "learning_rate"]
