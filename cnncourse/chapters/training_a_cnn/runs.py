"""Training with a note of every step's loss."""

from math import isfinite

import numpy as np

from ...support.progress import progress


def run(model, images, labels, steps=400, batch_size=50, shuffle=True, seed=0):
    """Take ``steps`` steps and give the loss of each, as it was before the step.

    ``model``: compiled; ``images``, ``labels``: to train on, again and again, each time in a new
    order fixed by ``seed`` (or, without ``shuffle``, in the order they have). It ends earlier at a
    loss that is not finite. Returns a list of floats.
    """
    return run_all({"training": model}, images, labels, steps, batch_size, shuffle, seed)[
        "training"
    ]


def run_all(models, images, labels, steps=400, batch_size=50, shuffle=True, seed=0):
    """`run` for several models, ``name → model``, one after the other: name → losses.

    Other arguments as in `run`. All models see the same batches in the same order.
    """
    result = {name: [] for name in models}
    with progress(desc="training", total=steps * len(models)) as bar:
        for name, model in models.items():
            for batch in _batches(len(images), steps, batch_size, shuffle, seed):
                result[name].append(model.train_on_batch(images[batch], labels[batch]))
                bar.update()
                if not isfinite(result[name][-1]):
                    bar.update(steps - len(result[name]))
                    break
    return result


def _batches(count, steps, batch_size, shuffle, seed):
    """The images of each step, as indices."""
    rng = np.random.default_rng(seed)
    order = np.empty(0, int)
    for _ in range(steps):
        if len(order) == 0:
            order = rng.permutation(count) if shuffle else np.arange(count)
        yield order[:batch_size]
        order = order[batch_size:]
