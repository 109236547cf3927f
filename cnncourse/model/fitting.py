"""One call of `Sequential.fit`: what it was given, checked, and the training that it asks for."""

from numbers import Real

from ..callbacks.callback_list import CallbackList
from ..support import arguments, checks
from .history import History
from .run import Run
from .sources import source_of, validation_source
from .training_loop import TrainingLoop
from .validation_split import split_off


class Fitting:
    """A call's arguments, which are those of `Sequential.fit`, and what it does with them.

    Where the batches come from and how a step is taken are methods, `source` and `step`: training
    on many machines has others of them. Raises what `fit` raises for arguments.
    """

    def __init__(
        self,
        model,
        x,
        y,
        batch_size,
        epochs,
        verbose,
        callbacks,
        validation_split,
        validation_data,
        shuffle,
        class_weight,
        sample_weight,
        initial_epoch,
        steps_per_epoch,
        validation_steps,
        augment,
        resume,
    ):
        self.model = model
        self.epochs = checks.rounds(epochs, "epochs")
        self.initial_epoch = checks.whole_number(initial_epoch, "initial_epoch", least=0)
        self.verbose = checks.verbosity(verbose)
        self.steps_per_epoch = _steps(steps_per_epoch, "steps_per_epoch")
        self.validation_steps = _steps(validation_steps, "validation_steps")
        self.shuffle = arguments.flag(shuffle, "shuffle")
        self.resume = arguments.flag(resume, "resume")
        if not (isinstance(validation_split, Real) and validation_split == 0):
            x, y, sample_weight, validation_data = split_off(
                x, y, sample_weight, validation_split, validation_data
            )
        self.x, self.y, self.batch_size = x, y, batch_size
        self.weighting = {"sample_weight": sample_weight, "class_weight": class_weight}
        self.augment = augment
        self.callbacks = callbacks
        self.validation_data = validation_data

    def source(self):
        """The training's batches: each is what `step` takes."""
        rng = self.model._order_rng if self.shuffle else None
        return self.batches(rng)

    def batches(self, rng):
        """Batches of the images that were given, in an order that ``rng`` draws, if any."""
        return source_of(
            self.model, self.x, self.y, self.batch_size, 32, rng, **self.weighting,
            augment=self.augment,
        )  # fmt: skip

    def step(self, *batch, done):
        """One step on a batch; see `Sequential._step`."""
        return self.model._step(*batch, done=done)

    def train(self):
        """Train, and give the history; a call that is refused leaves the model as it was."""
        model, source = self.model, self.source()
        validation = validation_source(model, self.validation_data, self.batch_size, source)
        watchers = CallbackList(self.callbacks)
        steps = self.steps_per_epoch or len(source)
        if self.resume:
            model.run.require_same(source, steps)
        model._build_for(source.dummy_images())
        model._require_trainable()
        before = model.run, model.history, model.stop_training
        length = model.run.epoch_length
        if not self.resume:
            model.run = Run(self.initial_epoch)
            model.history = History(first_epoch=self.initial_epoch)
        model.run.epoch_length = steps
        loop = TrainingLoop(
            model, source, self.step, validation, watchers, self.verbose, self.validation_steps
        )
        try:
            loop.train(self.epochs)
        except (ValueError, TypeError):
            if not model.run.begun:  # a callback has refused to begin
                model.run, model.history, model.stop_training = before
                model.run.epoch_length = length
            raise
        return model.history


def _steps(steps, name):
    """A number of batches, or ``None`` for those of all images."""
    return None if steps is None else checks.rounds(steps, name)
