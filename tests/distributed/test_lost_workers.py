"""Workers that are killed, and a scheduler that is: the same bits, or an error and a whole model.

pytest tests/distributed/test_lost_workers.py --kills 20
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from cnncourse import callbacks, distributed
from cnncourse.distributed import crew

sys.path.insert(0, str(Path(__file__).parent))

from runs import compiled, digest, trained  # noqa: E402

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
EPOCHS, STEPS = 8, 5  # and steps an epoch


def pids(client):
    """The processes of all workers, as soon as none is left that has just been killed."""
    while True:
        found = list(client.run(os.getpid, on_error="return").values())
        if found and all(isinstance(each, int) for each in found):
            return found
        time.sleep(0.05)


class KillsAt(callbacks.Callback):
    """Kills a process so many seconds after the beginning of a step of the run."""

    def __init__(self, step, delay, pid):
        self.step, self.pid = step, pid
        self.timer = threading.Timer(delay, os.kill, (pid, signal.SIGKILL))

    def on_train_batch_begin(self, batch, logs=None):
        run = self.model.run
        if run.epoch * run.epoch_length + batch == self.step:
            self.timer.start()


def test_a_killed_worker_is_replaced_and_its_work_done_again(clients, request):
    expected = digest(trained(None, epochs=EPOCHS))
    begun = time.perf_counter()
    assert digest(trained(clients(2), epochs=EPOCHS)) == expected
    steps = EPOCHS * STEPS
    one = (time.perf_counter() - begun) / steps
    rng = np.random.default_rng(0)
    in_time = 0
    for _ in range(request.config.getoption("--kills")):
        client = clients(2)  # the cluster has started another one
        victim = int(rng.choice(pids(client)))
        killer = KillsAt(int(rng.integers(steps - 2)), rng.uniform(0, one), victim)
        assert digest(trained(client, epochs=EPOCHS, callbacks=[killer])) == expected
        in_time += killer.timer.finished.is_set()
        killer.timer.join()
    print(f"{in_time} of the kills came while the training ran")


def test_killed_at_a_step_for_certain(clients):
    """The first of two workers dies at the beginning of a step; another one joins later."""
    client = clients(2)
    model = compiled()
    victim = pids(client)[0]

    def kill(batch, logs):
        if model.run.epoch == 1 and batch == 1:
            os.kill(victim, signal.SIGKILL)

    trained(client, model, callbacks=[callbacks.LambdaCallback(on_train_batch_begin=kill)])
    assert digest(model) == digest(trained(None))


def test_the_only_worker_is_killed(clients):
    """Training waits for the one that the cluster starts instead."""
    client = clients(1)
    model = compiled()
    (victim,) = pids(client)

    def kill(batch, logs):
        if model.run.epoch == 1 and batch == 1:
            os.kill(victim, signal.SIGKILL)

    trained(client, model, callbacks=[callbacks.LambdaCallback(on_train_batch_begin=kill)])
    assert digest(model) == digest(trained(None))


def test_workers_that_join_take_part(clients, monkeypatch):
    monkeypatch.setattr(crew, "RECRUITING", 0)
    client = clients(1)
    timeline = distributed.Timeline()

    def join(epoch, logs):
        if epoch == 0:
            clients(3)

    model = trained(client, callbacks=[join], timeline=timeline)
    assert digest(model) == digest(trained(None))
    assert len({span.who for span in timeline.spans if span.what == "compute"}) == 3


def test_no_worker_comes(clients, monkeypatch):
    monkeypatch.setattr(crew, "PATIENCE", 0.5)
    model = compiled()
    before = model.get_weights()
    with pytest.raises(
        RuntimeError, match="has had no workers for 0.5 seconds; start one: dask wo"
    ):
        trained(clients(0), model)
    assert all(map(np.array_equal, before, model.get_weights()))


class Dies:
    """A change to images that kills whoever computes it."""

    def __init__(self, here):
        self.here = here

    def __call__(self, images, rng):
        if os.getpid() != self.here:
            os.kill(os.getpid(), signal.SIGKILL)
        return images


def test_a_step_that_kills_every_worker_ends_training(clients, monkeypatch):
    monkeypatch.setattr(crew, "MOST_LOSSES", 2)
    model = compiled()
    with pytest.raises(RuntimeError, match="3 workers were lost in one step"):
        trained(clients(2), model, augment=Dies(os.getpid()))
    assert digest(model) == digest(compiled())


def test_two_commands_and_another_host_name(lonely_cluster):
    _, client = lonely_cluster
    assert all("//127.0.0.2:" in address for address in client.nthreads())
    assert digest(trained(client)) == digest(trained(None))


def test_a_killed_scheduler_is_a_clear_error_and_the_model_is_whole(lonely_cluster):
    (scheduler, *_), client = lonely_cluster
    whole, model = trained(None), compiled()

    def kill(batch, logs):
        if model.run.epoch == 1 and batch == 1:
            scheduler.kill()
            scheduler.wait()

    watcher = callbacks.LambdaCallback(on_train_batch_begin=kill)
    with pytest.raises(ConnectionError, match="scheduler, tcp://127.0.0.1:.* cannot be reached"):
        trained(client, model, callbacks=[watcher])
    assert (model.run.epoch, model.run.steps) == (1, 1) and len(model.history["loss"]) == 1
    trained(None, model, resume=True)
    assert digest(model) == digest(whole)
