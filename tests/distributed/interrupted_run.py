"""A run on a cluster, in a process of its own that gets Ctrl-C at random moments and goes on.

    python interrupted_run.py SEED COUNT

It presses Ctrl-C itself, from a thread, and as a terminal does: its whole group gets it, workers
included. The last line says how often, and whether the weights are
those of a run that nobody has stopped.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from runs import compiled, digest, trained  # noqa: E402

EPOCHS = 20


def stopped(model, client, delay):
    """Go on with the run until Ctrl-C comes; whether it came before the end."""
    pressed = threading.Timer(delay, os.killpg, (os.getpgid(0), signal.SIGINT))
    try:
        pressed.start()
        trained(client, model, epochs=EPOCHS, resume=True)
        pressed.join()
    except KeyboardInterrupt:
        pass
    pressed.join()
    learning = [layer for layer in model.layers if layer.parameters]
    steps = {model.optimizer.steps_taken([layer]) for layer in learning}
    assert len(steps) == 1, "a step was taken for some layers only"
    assert all(np.isfinite(weight).all() for weight in model.get_weights())
    return model.run.epoch < EPOCHS


if __name__ == "__main__":
    from distributed import Client, LocalCluster

    rng, count = np.random.default_rng(int(sys.argv[1])), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    options = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with LocalCluster(n_workers=2, **options) as cluster, Client(cluster) as client:
        client.wait_for_workers(2)
        expected = digest(trained(client, epochs=EPOCHS))
        interrupts, same = 0, True
        while interrupts < count:
            model = compiled()
            while stopped(model, client, rng.uniform(0, 0.6)):
                interrupts += 1
            same = same and digest(model) == expected
    print(json.dumps({"interrupts": interrupts, "the same bits": same}))
