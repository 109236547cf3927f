"""One contender in a process of its own, which works when it is asked to and sleeps in between.

In one process, the frameworks' threads would get in each other's way: some keep spinning for a
while when their work is done. The parent asks one worker after the other, so only one works.

Requests and answers are lines of JSON: ``{"job": "training", "network": …, "size": …, "seconds":
…}`` is answered with the microseconds a sample that steps for about so many seconds took. A job's
first request prepares it, compiles it and warms it up.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

# OpenMP's threads spin for milliseconds after their work; macOS's for 200
PAUSE = 0.25 if sys.platform == "darwin" else 0.03


class Worker:
    """The parent's handle of a worker."""

    def __init__(self, contender, process, complaints):
        self.contender, self.process, self.complaints = contender, process, complaints

    @classmethod
    @contextmanager
    def start(cls, contender, threads):
        """A worker for as long as the ``with`` block lasts; then its process is gone."""
        threads = str(threads)
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints,
            subprocess.Popen(
                [sys.executable, __file__, contender, threads],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                encoding="utf-8",
                env=os.environ | {"NUMBA_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            ) as process,
        ):
            try:
                yield cls(contender, process, complaints)
            finally:
                process.kill()

    def ask(self, job, seconds, **arguments):
        """Do a job for about so many seconds; the microseconds a sample that it took."""
        request = json.dumps({"job": job, "seconds": seconds, **arguments})
        try:
            print(request, file=self.process.stdin, flush=True)
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self.process.wait()
            self.complaints.seek(0)
            raise RuntimeError(f"{self.contender} failed at {request}:\n{self.complaints.read()}")
        time.sleep(PAUSE)
        return json.loads(answer)


class Job:
    """Steps that take about ``seconds``, timed."""

    def __init__(self, steps, samples, seconds):
        self.steps, self.samples = steps, samples
        steps(1)  # compiles
        trials = 2
        start = time.perf_counter()
        steps(trials)
        self.count = max(1, math.ceil(seconds / (time.perf_counter() - start) * trials))

    def microseconds(self):
        start = time.perf_counter()
        self.steps(self.count)
        return (time.perf_counter() - start) / self.count / self.samples * 1e6


def main(name, threads):
    from contenders import CONTENDERS
    from runtimes import RUNTIMES

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a framework prints must not come between the answers
    contender = (CONTENDERS | RUNTIMES)[name](int(threads))
    jobs = {}
    for line in sys.stdin:
        if line not in jobs:
            request = json.loads(line)
            kind, seconds = request.pop("job"), request.pop("seconds")
            jobs[line] = Job(*getattr(contender, kind)(**request), seconds)
        print(jobs[line].microseconds(), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
