"""Runs one kernel on a backend and on the reference, and compares within derived tolerances.

What may differ. A backend computes in float32, where a sum of n products in any order is off by at
most γ(n) · Σ |products| (`cnncourse.support.rounding` has γ, and where it comes from). Σ |products|
is what the reference gives for the inputs' absolute values, so this bound is computed, cell by
cell, never guessed; the float64 reference's own error is 2⁻²⁹ times smaller. Comparisons and
selections must be exact.
"""

import numpy as np

from cnncourse import kernels
from cnncourse.support.rounding import gamma

REFERENCE = kernels.get("reference")


def poisoned(backend, shape, dtype=None):
    """An array whose every cell is wrong until the kernel writes it."""
    dtype = np.dtype(dtype or backend.dtype)
    array = backend.empty(shape, dtype)
    array[...] = np.nan if dtype.kind == "f" else np.iinfo(dtype).max
    return array


def on(backend, argument):
    """An argument as ``backend`` takes it; `asarray` would make floats of integers."""
    if not isinstance(argument, np.ndarray):
        return argument
    if argument.dtype.kind == "f":
        return backend.asarray(argument)
    array = backend.empty(argument.shape, argument.dtype)
    array[...] = argument
    return array


def run(backend, name, inputs, outputs, dtypes=None):
    """Call ``name`` on ``inputs`` with poisoned outputs of the given shapes; what it wrote.

    Fails if the kernel changed an input, or left a cell of an output as it was.
    """
    given = [on(backend, a) for a in inputs]
    before = [np.array(backend.to_numpy(a)) if hasattr(a, "shape") else a for a in given]
    dtypes = dtypes or [None] * len(outputs)
    written = [poisoned(backend, s, d) for s, d in zip(outputs, dtypes, strict=True)]
    getattr(backend, name)(*given, *written)
    for a, b in zip(given, before, strict=True):
        if hasattr(a, "shape"):
            np.testing.assert_array_equal(backend.to_numpy(a), b, err_msg=f"{name} wrote its input")
    written = [np.array(backend.to_numpy(a)) for a in written]
    for array in written:
        left = np.isnan(array) if array.dtype.kind == "f" else array == np.iinfo(array.dtype).max
        assert not left.any(), f"{name} left {left.sum()} of {array.size} cells unwritten"
    return written


def check_sum(backend, name, inputs, output, terms):
    """The kernel's single output is, cell by cell, a sum of at most ``terms`` products."""
    sizes = [abs(a) if isinstance(a, np.ndarray) else a for a in inputs]
    (got,) = run(backend, name, inputs, [output])
    (expected,) = run(REFERENCE, name, inputs, [output])
    (bound,) = run(REFERENCE, name, sizes, [output])
    check_within(got, expected, gamma(terms) * bound, name)


def check_within(got, expected, tolerance, name):
    """|got − expected| ≤ tolerance in every cell, with the worst cell in the message."""
    excess = abs(got - expected) - tolerance
    worst = np.unravel_index(np.argmax(excess), excess.shape)
    assert excess[worst] <= 0, (
        f"{name}: cell {tuple(map(int, worst))} is {got[worst]}, expected {expected[worst]} "
        f"± {np.broadcast_to(tolerance, excess.shape)[worst]:.3g}"
    )
