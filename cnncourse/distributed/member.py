"""One worker of a cluster that computes micro-batches: a Dask actor, and what it holds."""

from time import time

from ..kernels.worker_threads import worker_threads
from .client import unpacked, workers_of
from .interrupts import spare
from .replica import Replica

LOOK = 1.0  # seconds without an answer after which to look whether the worker is still there


class Lost(Exception):
    """The worker is gone, and what it was to compute must be done again."""


class RemoteReplica:
    """A `Replica` on a worker, called through Dask.

    What it gets from people, models and functions, comes pickled, and what goes wrong with it is an
    answer: errors that are raised in a call are those of Dask.
    """

    def __init__(self):
        self.replica = None

    def begin(self, augment):
        """Make the replica; gives the error, if there is one."""
        try:
            self.replica = Replica(unpacked(augment))
        except Exception as error:
            return error

    def take(self, number, arrays):
        """Keep the images of a micro-batch number."""
        self.replica.take(number, arrays)

    def drop(self, number):
        """Forget them."""
        self.replica.drop(number)

    def compute(self, model, plan, numbers):
        """What `Replica.compute` gives, or the error; and when it began and ended, in seconds."""
        began = time()
        try:
            with worker_threads():
                result = self.replica.compute(unpacked(model), plan, numbers)
        except Exception as error:
            result = error
        return result, began, time()


class Member:
    """A worker that has a `RemoteReplica`, seen from the client.

    Attributes
    ----------
    address, identity : str
        A worker that was started again has another identity, perhaps at the same address.
    numbers : list of int
        The micro-batches whose images it has.

    Where the worker is gone, `answer` raises `Lost`.
    """

    def __init__(self, client, address, identity, augment):
        self.client = client
        self.address, self.identity = address, identity
        self.numbers = []
        spare(client, [address])
        replica = client.submit(RemoteReplica, actor=True, workers=[address], pure=False)
        self.actor = self.answer(replica)
        error = self.answer(self.call("begin", augment))
        if error is not None:
            raise error

    def call(self, name, *arguments):
        """Begin a call of the replica, for `answer` to wait for; ``None`` if the worker is gone."""
        try:
            return getattr(self.actor, name)(*arguments)
        except RuntimeError:  # Dask knows that it is lost
            return None

    def answer(self, call):
        """What a call gives."""
        if call is None:
            raise Lost
        while True:
            try:
                return call.result(timeout=LOOK)
            except TimeoutError:
                if not self._is_there():
                    raise Lost from None
            except OSError as error:  # it cannot be reached
                raise Lost from error
            except Exception as error:
                if self._is_there():
                    raise
                raise Lost from error

    def _is_there(self):
        return workers_of(self.client).get(self.address) == self.identity
