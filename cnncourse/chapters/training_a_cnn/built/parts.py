"""What a network is built of: a student's own functions where they are right, else the course's."""

from ....building import CONV2D, CONV2D_BACKWARD, LOSS, MAX_POOL, MAX_POOL_BACKWARD
from .batch_norm import BATCH_NORM, BATCH_NORM_BACKWARD

PIECES = {
    "conv2d": CONV2D,
    "conv2d_backward": CONV2D_BACKWARD,
    "max_pool": MAX_POOL,
    "max_pool_backward": MAX_POOL_BACKWARD,
    "batch_norm": BATCH_NORM,
    "batch_norm_backward": BATCH_NORM_BACKWARD,
    "loss": LOSS,
}


class Parts:
    """The functions of ``PIECES``, as attributes.

    ``functions``: by those names, what a student has written; None, or a function that returns
    None, is not written yet. Raises ``TypeError`` for other names. Its repr says whose they are.

    >>> Parts(max_pool=MAX_POOL.solution, loss=lambda z, labels: (0, z))
    yours: max_pool
    the course's: conv2d, conv2d_backward, max_pool_backward, batch_norm, batch_norm_backward, loss
    your loss, not yet: at step 1 of 2, "small logits": the loss: 0 is not right, for z (4, 3), \
labels (4,)
    """

    def __init__(self, **functions):
        unknown = functions.keys() - PIECES.keys()
        if unknown:
            raise TypeError(
                f"Parts: expected {', '.join(PIECES)}, got {', '.join(sorted(unknown))}"
            )
        self.verdicts = {name: piece.check(functions.get(name)) for name, piece in PIECES.items()}
        for name, piece in PIECES.items():
            setattr(self, name, functions[name] if self.verdicts[name] else piece.solution)

    def __repr__(self):
        own = [name for name, verdict in self.verdicts.items() if verdict]
        ours = [name for name, verdict in self.verdicts.items() if not verdict]
        lines = [f"yours: {', '.join(own) or 'none yet'}"]
        lines += [f"the course's: {', '.join(ours)}"] if ours else []
        lines += [
            f"your {name}, {verdict}"
            for name, verdict in self.verdicts.items()
            if not verdict and verdict.text
        ]
        return "\n".join(lines)
