"""Clusters for the tests: worker processes of this machine, as many as a test wants."""

import os
import subprocess
import sys
import time
from contextlib import suppress

import pytest

MOST_SECONDS = 120  # until a worker has started, or all have ended, on a busy machine


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
        cluster.close(timeout=MOST_SECONDS)


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


@pytest.fixture
def lonely_cluster(tmp_path):
    """A scheduler and two workers, each started by a command: their processes and a client."""
    pytest.importorskip("dask", reason='the extra "distributed" is missing')
    from distributed import Client

    found = []
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}

    def start(*command):
        command = [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]]
        found.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))

    file = str(tmp_path / "scheduler.json")
    start("dask_scheduler", "--scheduler-file", file, "--host", "127.0.0.1", "--port", "0",
          "--no-dashboard")  # fmt: skip
    for _ in range(2):
        start("dask_worker", "--scheduler-file", file, "--nthreads", "1", "--no-dashboard",
              "--host", "127.0.0.2", "--local-directory", str(tmp_path))  # fmt: skip
    try:
        with Client(scheduler_file=file, timeout=60) as client:
            client.wait_for_workers(2, timeout=120)
            yield found, client
    finally:
        for process in found:
            process.terminate()
        for process in found:
            process.wait(timeout=60)
