"""A backend with functions of one's own in place of some of another's.

>>> import numpy as np
>>> from cnncourse import kernels
>>> def einsum(x, kernel, geometry, out):
...     windows = np.lib.stride_tricks.sliding_window_view(x, geometry.window, axis=(1, 2))
...     out[...] = np.einsum("nijcuv,uvco->nijo", windows, kernel)
>>> kernels.variant("cpu", conv2d=einsum)
cpu, with your own conv2d
"""

import inspect
from functools import partial, wraps

import numpy as np

from . import contract, reference
from .own_gaps import heeding_gaps


class Variant:
    """What `kernels.variant` gives: a backend like ``base``, but for the functions of one's own.

    Attributes
    ----------
    base : module
        The backend that all the rest comes from.
    replaced : dict of str to function
        The functions of one's own, by the names of their namesakes in ``reference.py``.
    """

    def __init__(self, base, functions):
        self.base = base
        self.replaced = dict(functions)
        for name, function in functions.items():
            setattr(self, name, _guarded(name, function, base))

    def __getattr__(self, name):
        return getattr(self.base, name)

    def __repr__(self):
        return f"{self.base.name}, with your own {', '.join(self.replaced)}"

    def __reduce__(self):
        from . import variant

        return partial(variant, self.base.name, **self.replaced), ()


def require_replaceable(functions):
    """Refuse what no backend has a function for, and what cannot be called."""
    for name, function in functions.items():
        if name not in contract.SHAPES:
            raise ValueError(
                f"variant: no backend has a function {name!r}; there are "
                f"{', '.join(contract.SHAPES)}"
            )
        if not callable(function):
            raise TypeError(f"variant: {name} must be a function, got {function!r}")


def _guarded(name, function, base):
    """``function`` in the place of ``name``: what it gets and what it gives is checked.

    It writes its last arguments, as in ``reference.py``; where there is one of them, it may also
    return it. Its arrays are NaN before, so that what it leaves out shows. Convolutions must heed
    the gaps in windows.
    """
    names = list(inspect.signature(getattr(reference, name)).parameters)
    outputs = [(names.index(output), output) for output in contract.written(name)]
    called = f"{name}: your function {getattr(function, '__name__', repr(function))}"

    def filled(*arguments):
        for position, _ in outputs:
            _poison(arguments, position)
        try:
            result = function(*arguments)
        except (ValueError, TypeError, IndexError) as error:
            shapes = ", ".join(f"{output} {arguments[k].shape}" for k, output in outputs)
            raise type(error)(
                f"{called} failed: {error}. It is called with {', '.join(names)}"
                f"{f' and writes {shapes}' if outputs else ''}"
            ) from error
        if result is not None:
            _take(result, called, [arguments[k] for k, _ in outputs])
        for position, output in outputs:
            _require_whole(called, output, position, arguments, base)
        if name == "max_pool2d":
            _require_cells(called, arguments, base)

    dilated = name in contract.DILATED
    sound = heeding_gaps(name, filled, called, base) if dilated else filled
    return wraps(function)(contract.checked(name, names, sound, base.dtype))


def _poison(arguments, position):
    """Make an output NaN (or, in whole numbers, as large as can be), unless it is an input too."""
    out = arguments[position]
    if not any(out is other for k, other in enumerate(arguments) if k != position):
        out[...] = np.nan if out.dtype.kind == "f" else np.iinfo(out.dtype).max


def _take(result, called, outputs):
    """Copy what the function returned into its only output."""
    if len(outputs) != 1:
        raise ValueError(f"{called} must return nothing, and write its last arguments")
    (out,) = outputs
    if np.shape(result) != out.shape:
        raise ValueError(f"{called} gave the shape {np.shape(result)}, expected {out.shape}")
    out[...] = result


def _require_whole(called, output, position, arguments, base):
    """Refuse NaN in an output, where there is none in the inputs: the function left it out."""
    values = base.to_numpy(arguments[position])
    if values.dtype.kind != "f" or not np.isnan(values).any():
        return
    inputs = [a for k, a in enumerate(arguments) if k != position and hasattr(a, "dtype")]
    if all(np.isfinite(base.to_numpy(array)).all() for array in inputs):
        raise ValueError(
            f"{called} left {np.isnan(values).sum():,} of {values.size:,} elements of {output} "
            "unwritten, or made NaN of finite numbers"
        )


def _require_cells(called, arguments, base):
    """Refuse an argmax that is no cell of the window: the backward pass would write anywhere."""
    _, geometry, _, argmax = arguments
    cells = geometry.window[0] * geometry.window[1]
    largest = base.to_numpy(argmax).max(initial=0)
    if largest >= cells:
        raise ValueError(
            f"{called} wrote argmax {largest}; a window of {cells} cells has 0 to {cells - 1}"
        )
