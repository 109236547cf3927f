"""What is asked of a model and a Dask client, and what is sent through it."""

import pickle
from concurrent.futures import CancelledError
from contextlib import contextmanager

from ..model import Sequential
from ..support.arguments import described

MISSING = 'cnncourse.distributed needs the extra "distributed": pip install -e ".[distributed]"'
START = (
    "distributed.Client(address) is one for a running cluster, distributed.Client(n_workers=2, "
    "threads_per_worker=1) starts one on this machine"
)
RUNNING = "running"


def require_model(model):
    """Refuse what is no model, with a ``TypeError``."""
    if not isinstance(model, Sequential):
        raise TypeError(f"model must be a Sequential, got {described(model)}")


def require_client(client):
    """Refuse what is no client that is connected to a scheduler.

    Raises ``ModuleNotFoundError`` without the extra ``distributed``, ``TypeError`` for something
    else, ``ValueError`` for a client that is closed or asynchronous.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ModuleNotFoundError(MISSING, name=error.name) from error
    if not isinstance(client, Client):
        raise TypeError(f"client must be a Dask client or None, got {described(client)}; {START}")
    if client.asynchronous:
        raise ValueError("client must wait for its results; make it without asynchronous=True")
    if client.status != RUNNING:
        raise ValueError(f"client must be connected, and it is {client.status}; {START}")


@contextmanager
def scheduler_at_hand(client):
    """Within the block, what fails because the scheduler is gone is a ``ConnectionError``."""
    address = client.scheduler.address
    try:
        if client.status != RUNNING:
            raise CancelledError
        yield
    except (CancelledError, OSError, RuntimeError) as error:
        if client.status == RUNNING:
            raise
        raise ConnectionError(
            f"the cluster's scheduler, {address}, cannot be reached any more; start a cluster "
            f"again: {START}"
        ) from error


def workers_of(client):
    """The cluster's workers: address → identity. One that was started again has another identity.

    Raises ``ConnectionError`` where the scheduler is gone.
    """
    with scheduler_at_hand(client):
        known = client.scheduler_info(n_workers=-1)["workers"]
    return {address: worker["id"] for address, worker in known.items()}


def packed(thing):
    """A model or a function as bytes, classes and functions of a notebook included.

    Raises ``TypeError`` for what cannot be sent to another process.
    """
    import cloudpickle

    try:
        return cloudpickle.dumps(thing)
    except Exception as error:  # what a person's own object does when it is pickled
        raise TypeError(
            f"{described(thing)} cannot be sent to other processes, for it cannot be pickled: "
            f"{error}"
        ) from error


def unpacked(content):
    """What `packed` made bytes of."""
    return pickle.loads(content)
