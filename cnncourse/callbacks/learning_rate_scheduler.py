"""A learning rate for each epoch."""

import inspect
from numbers import Real

from ..support import checks
from .callback import Callback


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
