"""Processes that run drawn calls, and are replaced when one dies or takes too long."""

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from threading import Thread

LIMIT = 180  # seconds for a call beside others; numba may have to compile for it
HERE = Path(__file__).parent


class Worker:
    """One process that judges line after line."""

    def __init__(self):
        self._process = None

    def judge(self, call):
        """What is wrong with a call; ``crash`` or ``hang`` where the process did not survive."""
        if self._process is None:
            self._start()
        message = {"line": call.line, "raises": call.raises, "names": call.names}
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
            answer = self._answer()
        except BrokenPipeError:
            answer = b""
        if answer is None:
            self.stop()
            return {"verdict": "hang"}
        if not answer:
            code = self._process.wait()
            self._process = None
            return {"verdict": "crash", "error": f"exit code {code}"}
        return json.loads(answer)

    def _start(self):
        environment = os.environ | {"NUMBA_NUM_THREADS": "2", "MPLBACKEND": "agg"}
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._process.stdout.readline()  # it is ready: kernels may have to be compiled first

    def _answer(self):
        ready, _, _ = select.select([self._process.stdout], [], [], LIMIT)
        return self._process.stdout.readline() if ready else None

    def stop(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def judged(calls, processes=2):
    """Each call with what was found, in the calls' order."""
    found = [None] * len(calls)

    def work(start):
        worker = Worker()
        for k in range(start, len(calls), processes):
            found[k] = worker.judge(calls[k])
        worker.stop()

    threads = [Thread(target=work, args=(k,)) for k in range(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(zip(calls, found, strict=True))
