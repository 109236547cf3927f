"""How many threads the kernels take in a worker of a Dask cluster: as many as Dask has given it.

numba takes a thread for each core that it sees; several workers on one machine would each do so.
"""

import sys
from contextlib import contextmanager


@contextmanager
def worker_threads():
    """Within the block, kernels take no more threads than the Dask worker has that runs it.

    Outside of a worker, nothing changes.

    >>> with worker_threads():
    ...     pass
    """
    count = _given()
    if count is None:
        yield
        return
    import numba

    before = numba.get_num_threads()
    numba.set_num_threads(min(before, count))
    try:
        yield
    finally:
        numba.set_num_threads(before)


def _given():
    """The threads of the worker that runs this, or ``None``."""
    running = sys.modules.get("distributed.worker")  # a worker has imported it
    try:
        return None if running is None else running.get_worker().state.nthreads
    except ValueError:  # this runs in no worker
        return None
