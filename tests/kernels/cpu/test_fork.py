"""A process forks after its first kernel: the child goes on by one thread, with the same bits."""

import os
import subprocess
import sys

import pytest

CODE = """
import sys, threading
import numpy as np
from cnncourse import Sequential, layers

def trained(_=None):
    model = Sequential([layers.Conv2D(20, 3, activation="relu"), layers.MaxPooling2D(2),
                        layers.LayerNormalization(), layers.Flatten(), layers.Dense(3)],
                       (12, 12, 1), seed=0)
    model.compile("adam")
    x = np.random.default_rng(0).random((40, 12, 12, 1))
    model.fit(x, np.arange(40) % 3, verbose=0)
    return [weight.tobytes() for weight in model.get_weights()]

here = trained()
{WAY}
assert there == here, "other bits"
print("the same bits")
"""
WAYS = {
    "multiprocessing": """
import multiprocessing
with multiprocessing.get_context("fork").Pool(2) as pool:
    for there in pool.map(trained, range(2)): assert there == here
""",
    "joblib": """
from joblib import Parallel, delayed
there, _ = Parallel(2, backend="multiprocessing")(delayed(trained)(k) for k in range(2))
""",
    "while another thread computes": """
import multiprocessing
stop = threading.Event()
def busy():
    while not stop.is_set(): trained()
thread = threading.Thread(target=busy); thread.start()
with multiprocessing.get_context("fork").Pool(1) as pool:
    there = pool.apply_async(trained).get(60)
stop.set(); thread.join()
""",
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("way", WAYS)
def test_a_forked_child_computes_the_same(way):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CODE.replace("{WAY}", WAYS[way])],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "the same bits\n"
