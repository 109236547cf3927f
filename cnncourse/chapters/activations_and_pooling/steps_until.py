"""Convergence: how many steps of training a model takes to an accuracy."""

import numpy as np

from ...support.checks import positive_int

EVERY = 10  # steps between two looks at the accuracy


def steps_until(accuracy, model, x, y, limit=500, batch_size=50, seed=0):
    """Train a compiled model until the share ``accuracy`` of its predictions is correct.

    Arguments: ``x``, ``y``: images and labels as for ``model.fit``; ``limit``: the most steps to
    take; ``batch_size``: images a step, drawn at random by ``seed``.

    Returns the number of steps, a multiple of 10, or ``None`` where ``limit`` was not enough.
    Raises ``ValueError`` or ``TypeError`` for bad arguments, before any weight is changed.

    >>> from cnncourse import Sequential, layers
    >>> model = Sequential([layers.Dense(2)], input_shape=(1,), seed=0)
    >>> model.compile("sgd")
    >>> steps_until(1.0, model, np.array([[-9.0], [9.0]]), np.array([0, 1]))
    20
    """
    if not 0 < accuracy <= 1:
        raise ValueError(f"accuracy must be above 0 and at most 1, got {accuracy!r}")
    limit = positive_int(limit, "limit")
    batch_size = positive_int(batch_size, "batch_size")
    rng = np.random.default_rng(seed)
    for step in range(1, limit + 1):
        chosen = rng.integers(0, len(x), batch_size)
        model.train_on_batch(x[chosen], y[chosen])
        if step % EVERY == 0 and model.evaluate(x, y)[1] >= accuracy:
            return step
    return None
