"""Work done in the background, one part ahead of its use."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor

from ..support.interrupts import defer_interrupt

NAME = "cnncourse-reader"  # how the threads' names begin


def prefetch(function, parts, workers):
    """``[function(item) for item in part]`` for each of ``parts``, in order.

    While one part is being used, ``workers`` threads compute the next. That helps where
    ``function`` spends its time outside Python: in waiting for a disk, or in Pillow's decoders.
    The results do not depend on the number of threads. Threads live for one part only: a loop
    that stops half-way, by Ctrl-C or by an error, leaves none behind.

    >>> list(prefetch(abs, [[-1, 2], [-3]], workers=2))
    [[1, 2], [3]]
    """
    ahead = None
    try:
        for part in parts:
            done = ahead and ahead.results()
            with defer_interrupt():  # or a thread might be started that nobody knows of
                ahead = _Part(function, part, workers)
            if done:
                yield done
        if ahead:
            yield ahead.results()
    finally:
        if ahead:
            ahead.stop()


class _Part:
    """One part at work: its threads take the items one by one, whoever is free the next."""

    def __init__(self, function, items, workers):
        self._function = function
        self._items = items
        self._results = [None] * len(items)
        self._waiting = deque(range(len(items)))
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=NAME)
        # a job for each thread and not for each item: waking threads takes time, too
        self._jobs = [self._pool.submit(self._work) for _ in range(min(workers, len(items)))]
        self._pool.shutdown(wait=False)  # its threads end when these jobs are done

    def _work(self):
        while self._waiting:
            try:
                index = self._waiting.popleft()
            except IndexError:  # another thread was faster
                return
            self._results[index] = self._function(self._items[index])

    def results(self):
        """The results, as soon as all are there; the first error, if there was one."""
        for job in self._jobs:
            job.result()
        self._pool.shutdown()  # its threads have ended, too, when the loop goes on
        return self._results

    def stop(self):
        """Leave what has not been begun, and wait for what has."""
        self._waiting.clear()
        self._pool.shutdown()
