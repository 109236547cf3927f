"""Work done in the background, one part ahead of its use."""

from concurrent.futures import ThreadPoolExecutor

from ..interrupts import held_back

NAME = "cnncourse-reader"  # how the threads' names begin


def read_ahead(function, parts, workers):
    """``[function(item) for item in part]`` for each of ``parts``, in order.

    While one part is being used, ``workers`` threads compute the next. That helps where
    ``function`` spends its time outside Python: in waiting for a disk, or in Pillow's decoders.
    The results do not hang on the number of threads. Threads live for one part only: whoever stops
    half-way, by Ctrl-C or by an error, leaves none behind.

    >>> list(read_ahead(abs, [[-1, 2], [-3]], workers=2))
    [[1, 2], [3]]
    """
    pool, jobs = None, []
    try:
        for part in parts:
            done = [job.result() for job in jobs]
            with held_back():  # or a thread might be started that the pool does not know of
                pool = ThreadPoolExecutor(workers, thread_name_prefix=NAME)
                jobs = [pool.submit(function, item) for item in part]
                pool.shutdown(wait=False)  # its threads end when these jobs are done
            if done:
                yield done
        if jobs:
            yield [job.result() for job in jobs]
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)  # waits for those at work
