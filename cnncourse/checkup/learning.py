"""A tiny model that is trained for a moment: the compiler works, and the loss falls."""

from ..layers import Dense
from ..model.sequential import Sequential


def learn(device):
    """Train it on ``device``.

    Raises ``RuntimeError`` where the loss does not fall, and the error of whatever does not work.

    >>> learn("reference")
    """
    model = Sequential([Dense(2)], input_shape=(2,), seed=0, device=device)
    model.compile()
    points, sides = [[-1.0, 0.0], [1.0, 0.0]], [0, 1]
    before = model.evaluate(points, sides)[0]
    model.fit(points, sides, epochs=10, verbose=False)
    if not model.evaluate(points, sides)[0] < before:
        raise RuntimeError("a tiny model did not learn: the kernels give wrong results")
