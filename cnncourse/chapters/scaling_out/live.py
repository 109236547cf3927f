"""A small cluster of this computer's processes for the chapter, where Dask is installed."""

import os
from contextlib import suppress
from importlib.util import find_spec

MISSING = (
    'The extra "distributed" is not installed: this process computes alone, and what a cluster '
    'takes is shown as it was measured elsewhere. pip install -e ".[distributed]" brings it.'
)


def client(workers):
    """A client of that many processes with one thread each, or ``None`` after a printed line.

    `stop` ends them.
    """
    if find_spec("dask") is None:
        print(MISSING)
        return None
    from distributed import Client, LocalCluster

    processes = LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=50
    )
    return Client(processes)


def kill_one(client):
    """Kill one of the workers, as a power cut would: it can say nothing any more.

    Nothing happens without a client.
    """
    if client is not None:
        address = next(iter(client.nthreads()))
        client.run(os._exit, 1, workers=[address], on_error="ignore")


def stop(client):
    """End the processes, if there are any."""
    if client is not None:
        cluster = client.cluster
        client.close()
        with suppress(TimeoutError):  # on a busy computer: then they are killed
            cluster.close()
