"""Where training stands: all that it takes to go on after a stop as if there had been none.

A model's weights, its optimizer's state and its random generators say how it would take the next
step, and not on which images. A `Run` knows: how many epochs are done, how many steps of the one
that is under way, and where in the data the next batch lies.
"""

from .totals import Totals


class Run:
    """The training that one call of `fit` began, and that perhaps another goes on with.

    Attributes
    ----------
    epoch : int
        The epoch that is under way, counted from 0: so many are done.
    steps : int
        How many steps of it are done.
    totals : Totals
        Their figures.
    bookmark : object
        What the source of batches says to find again the beginning of this pass over the data:
        see ``Batches.bookmark``.
    batches : int
        How many batches of this pass are done. A pass need not be an epoch: ``steps_per_epoch``.
    pass_length, epoch_length : int
        How many batches a pass has, and how many steps an epoch.
    """

    def __init__(self, epoch=0):
        self.epoch = epoch
        self.steps = 0
        self.totals = Totals()
        self.bookmark = None
        self.batches = 0
        self.pass_length = None
        self.epoch_length = None

    @property
    def begun(self):
        """Whether any step was taken, so that there is something to go on with."""
        return self.bookmark is not None

    def stream(self, source):
        """The batches of ``source`` from where the run stands, one pass after the other."""
        if self.begun:
            source.go_to(self.bookmark)
        while True:
            self._open(source)
            batches = iter(source)
            for _ in range(self.batches):  # those that are done
                next(batches, None)
            yield from batches
            self.batches = 0

    def _open(self, source):
        self.bookmark = source.bookmark()
        self.pass_length = len(source)

    def advance(self, source):
        """Note that a step was taken on the batch that the stream gave last."""
        self.steps += 1
        self.batches += 1
        if self.batches == len(source):  # a pass is done: the next one is where to go on
            self._open(source)
            self.batches = 0

    def next_epoch(self):
        self.epoch += 1
        self.steps = 0
        self.totals = Totals()

    def require_same(self, source, epoch_length):
        """Refuse to go on with other batches or epochs than those the run began with."""
        if not self.begun:
            return
        before, now = (self.pass_length, self.epoch_length), (len(source), epoch_length)
        if before != now:
            raise ValueError(
                f"resume: the training that stopped had {before[0]} batches of all images and "
                f"{before[1]} steps an epoch, now there are {now[0]} and {now[1]}; give fit the "
                "same images, batch_size and steps_per_epoch, or leave out resume to begin anew"
            )
        before, now = map(_micro_batches, (self.bookmark, source.bookmark()))
        if before != now:
            raise ValueError(
                f"resume: the training that stopped was {_kind(before)}, and this is {_kind(now)}; "
                "go on with the same, or leave out resume to begin anew"
            )

    # For a model's file

    def state(self):
        """The run as JSON can hold it."""
        return vars(self) | {"totals": self.totals.state()}

    @classmethod
    def from_state(cls, state):
        """The run that `state` gave; a ``KeyError`` or ``TypeError`` for anything else."""
        run = cls()
        for name in vars(run):
            setattr(run, name, state[name])
        run.totals = Totals(**state["totals"])
        return run


def _micro_batches(bookmark):
    """Into how many micro-batches the training cuts a batch that a bookmark is of, or ``None``."""
    return bookmark.get("micro_batches") if isinstance(bookmark, dict) else None


def _kind(micro_batches):
    """A training in words, by the number of micro-batches that it cuts a batch into, or none."""
    if micro_batches is None:
        return "one of fit"
    return f"one of distributed.fit with micro_batches={micro_batches}"
