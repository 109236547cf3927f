"""Max pooling with any window and stride: forward, and back."""

import numpy as np

from ..support.cases import case_rng
from .piece import Piece

SIDES = 5, 9  # pixels of the drawn images: from, to below


def max_pool(x, F, S):
    """A solution: cell (u, v) of all windows at once, beside the largest so far.

    ``x``: (N, H, W, C), ``F``: a window's side, ``S``: stride; the result is (N, I, J, C). What is
    left over at the right and below is dropped.

    >>> max_pool(np.array([[1, 5, 0], [3, 2, 7]])[None, :, :, None], F=2, S=1)[0, :, :, 0]
    array([[5., 7.]])
    """
    down, across = (x.shape[1] - F) // S + 1, (x.shape[2] - F) // S + 1
    out = np.full((len(x), down, across, x.shape[3]), -np.inf)
    for u, v in np.ndindex(F, F):
        out = np.maximum(out, x[:, u : u + S * down : S, v : v + S * across : S])
    return out


def max_pool_backward(x, F, S, g):
    """A solution: each gradient goes to the largest value of its window, where it is added.

    ``g``: (N, I, J, C), the gradient of the output of `max_pool`; gives that of ``x``.

    >>> x = np.array([[1, 5, 0], [3, 2, 7.0]])[None, :, :, None]
    >>> max_pool_backward(x, 2, 1, np.array([10.0, 20.0]).reshape(1, 1, 2, 1))[0, :, :, 0]
    array([[ 0., 10.,  0.],
           [ 0.,  0., 20.]])
    """
    out = max_pool(x, F, S)
    by_x, given = np.zeros(x.shape), np.zeros(out.shape, bool)
    down, across = out.shape[1:3]
    for u, v in np.ndindex(F, F):
        part = np.s_[:, u : u + S * down : S, v : v + S * across : S]  # cell (u, v) of all windows
        won = (x[part] == out) & ~given  # the first of equals
        by_x[part] += g * won
        given |= won
    return by_x


# The cases

_rng = case_rng(3)


def _drawn(F, S, images=2, channels=3):
    """Images of unlike sides that are mostly below 0, so that a 0 from nowhere shows."""
    height, width = _rng.permutation(np.arange(*SIDES))[:2]
    return _rng.normal(-2, 1, (images, height, width, channels)), F, S


def _with_gradient(arguments):
    return *arguments, _rng.normal(size=max_pool(*arguments).shape)


STEPS = {
    "windows of 2×2 side by side": [
        (_rng.normal(-2, 1, (2, 4, 6, 3)), 2, 2),
        (_rng.normal(-2, 1, (1, 8, 2, 1)), 2, 2),
    ],
    "rows and columns left over": [
        (_rng.normal(-2, 1, (2, 4, 7, 3)), 2, 2),
        (_rng.normal(-2, 1, (2, 5, 5, 1)), 2, 2),
    ],
    "other windows": [_drawn(3, 3), _drawn(1, 2), _drawn(2, 3)],
    "windows that overlap": [_drawn(3, 2), _drawn(2, 1), _drawn(4, 3)],
}
BACKWARD_STEPS = {step: [_with_gradient(case) for case in cases] for step, cases in STEPS.items()}


# The mistakes


def _reduced(reduce, cells=lambda F: np.ndindex(F, F)):
    """`max_pool` with ``reduce`` in the place of the maximum, over the ``cells`` of a window."""

    def mistake(x, F, S):
        down, across = (x.shape[1] - F) // S + 1, (x.shape[2] - F) // S + 1
        seen = [x[:, u : u + S * down : S, v : v + S * across : S] for u, v in cells(F)]
        return reduce(np.array(seen))

    return mistake


def _rounded_up(x, F, S):
    """Windows that reach beyond the image are taken, too."""
    more = [-(side - F) % S for side in x.shape[1:3]]
    widths = [(0, 0), (0, more[0]), (0, more[1]), (0, 0)]
    return max_pool(np.pad(x, widths, constant_values=-np.inf), F, S)


def _largest(cells):
    return cells.max(axis=0)


_TWO = "looks as if only {} of each window were compared; look at all its values"
MISTAKES = (
    (_reduced(lambda cells: cells.mean(axis=0)), "these are the means; take the largest values"),
    (_reduced(lambda cells: cells.min(axis=0)), "these are the smallest values of the windows"),
    (_reduced(lambda cells: cells.sum(axis=0)), "these are the sums of the windows"),
    (
        _reduced(lambda cells: cells[0]),
        "looks as if only one value of each window were taken",
    ),
    (
        _reduced(lambda cells: np.maximum(cells.max(axis=0), 0)),
        "looks as if there were a 0 in each window; all its values may be below 0",
    ),
    (
        _reduced(lambda cells: abs(cells).max(axis=0)),
        "the largest value, not the largest size: −3 is smaller than −1",
    ),
    (_reduced(_largest, lambda F: [(0, v) for v in range(F)]), _TWO.format("the first row")),
    (_reduced(_largest, lambda F: [(u, 0) for u in range(F)]), _TWO.format("the first column")),
    (_reduced(_largest, lambda F: [(u, u) for u in range(F)]), _TWO.format("one diagonal")),
    (
        _reduced(_largest, lambda F: [(u, F - 1 - u) for u in range(F)]),
        _TWO.format("one diagonal"),
    ),
    (
        _reduced(lambda cells: cells.max(axis=(0, 4), keepdims=True)[0]),
        "pooling works channel by channel; yours takes the largest of all channels",
    ),
    (
        _reduced(lambda cells: 0 * cells[0] + cells.max(axis=(0, 4), keepdims=True)[0]),
        "pooling works channel by channel; yours gives each the largest of all",
    ),
    (lambda x, F, S: max_pool(x, F, 1), "the windows move by S pixels, not by one"),
    (lambda x, F, S: max_pool(x, F, F), "the windows move by S pixels, not by F"),
    (lambda x, F, S: max_pool(x, S, S), "the windows have a side of F, not of S"),
    (lambda x, F, S: max_pool(x, 2, S), "the windows have a side of F; yours is always 2"),
    (_rounded_up, "a window that does not fit whole is left out"),
)


def _given_back(to_cell, join=np.add):
    """A backward pass by windows: ``to_cell(window, g)`` (F, F), joined to what was there."""

    def mistake(x, F, S, g):
        by_x = np.zeros(x.shape)
        for n, i, j, c in np.ndindex(g.shape):
            window = np.s_[n, i * S : i * S + F, j * S : j * S + F, c]
            by_x[window] = join(by_x[window], to_cell(x[window], g[n, i, j, c]))
        return by_x

    return mistake


def _to_the_largest(window, g):
    return g * (window == window.max())


def _replaced(old, new):
    return np.where(new == 0, old, new)


BACKWARD_MISTAKES = (
    (
        _given_back(lambda window, g: np.full(window.shape, g)),
        "only the largest value of a window gets its gradient; yours go to all",
    ),
    (
        _given_back(lambda window, g: np.full(window.shape, g / window.size)),
        "that is average pooling's; here the largest value gets the whole gradient",
    ),
    (
        _given_back(lambda window, g: g * (window == window.min())),
        "the smallest value of each window gets the gradient; the largest should",
    ),
    (
        _given_back(lambda window, g: window * _to_the_largest(window, g)),
        "a copy has the derivative 1: hand g on as it is, not multiplied by x",
    ),
    (
        _given_back(_to_the_largest, _replaced),
        "a value that is the largest of several windows gets a gradient from each: add them",
    ),
    (
        _given_back(_to_the_largest, lambda old, new: new),
        "a window must not wipe out what its neighbour has given: add",
    ),
    (
        _given_back(lambda window, g: _to_the_largest(window, g) * (window > 0)),
        "the largest value gets the gradient even where it is below 0",
    ),
    (
        _given_back(lambda window, g: _to_the_largest(window, 1)),
        "that is where the gradient goes; multiply by g",
    ),
)

MAX_POOL = Piece(
    solution=max_pool,
    steps=STEPS,
    outputs=("the maps",),
    mistakes=MISTAKES,
    praise="channel by channel, for any window and stride",
)
MAX_POOL_BACKWARD = Piece(
    solution=max_pool_backward,
    steps=BACKWARD_STEPS,
    outputs=("the gradient of x",),
    mistakes=BACKWARD_MISTAKES,
    praise="each gradient goes to the largest value, and overlapping windows add up",
)


def check_max_pool(function):
    """Say up to which step ``function(x, F, S)`` is max pooling, as `max_pool` is.

    A function that returns None counts as not written yet.

    >>> check_max_pool(lambda x, F, S: max_pool(x, F, F))
    not yet: at step 3 of 4, "other windows": the windows move by S pixels, not by F
    """
    return MAX_POOL.check(function)


def check_max_pool_backward(function):
    """Say up to which step ``function(x, F, S, g)`` is max pooling's backward pass.

    Arguments and result are those of `max_pool_backward`. A function that returns None counts as
    not written yet.

    >>> check_max_pool_backward(lambda x, F, S, g: None)
    not answered yet
    """
    return MAX_POOL_BACKWARD.check(function)
