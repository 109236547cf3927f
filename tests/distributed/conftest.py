"""Clusters for the tests: worker processes of this machine, as many as a test wants."""

import time
from contextlib import suppress

import pytest

MOST_SECONDS = 120  # until a worker has started, on a busy machine


@pytest.fixture(scope="session")
def cluster():
    """A cluster without workers; `clients` gives it some."""
    # not "distributed": without the package, this folder would be found by that name
    pytest.importorskip("dask", reason='the extra "distributed" is missing')
    from distributed import LocalCluster

    cluster = LocalCluster(
        n_workers=0, threads_per_worker=1, dashboard_address=None, silence_logs=50
    )
    yield cluster
    with suppress(TimeoutError):  # on a busy machine: then they are killed
        cluster.close()


@pytest.fixture
def clients(cluster):
    """``clients(3)``: a client of a cluster that has three workers now."""
    from distributed import Client

    with Client(cluster) as client:

        def with_workers(count):
            deadline = time.monotonic() + MOST_SECONDS
            while len(client.nthreads()) != count:
                assert time.monotonic() < deadline, f"no {count} workers: {client.nthreads()}"
                cluster.scale(count)
                time.sleep(0.05)
            return client

        yield with_workers
