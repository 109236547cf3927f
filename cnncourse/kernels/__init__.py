"""The arithmetic: the same functions, by several backends.

=============  =====================================================================
``reference``  NumPy, float64, obvious and slow: the definition of every function
``cpu``        numba, float32: compiled loops over all cores
``cuda``       numba.cuda, float32: kernels on an NVIDIA GPU, where there is one
=============  =====================================================================

``contract.py`` says what a backend provides, ``geometry.py`` holds the formulas for sizes,
``gpu_detection.py`` looks for a GPU, ``own_functions.py`` puts functions of your own in place of a
backend's: see `variant`.
"""

import os
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module

DEVICES = ("cpu", "cuda", "reference")
AUTO = "auto"

_default = "cpu"  # a device's name, or a variant
_chosen_by = None  # the process in which `use_device` chose it
_in_this_block = ContextVar("device", default=None)  # the one that `using` has chosen


def get(device=None):
    """The backend for ``device``, or for the device that `use_device` has chosen.

    ``"auto"`` is the GPU, or else the CPU, after a printed line that says why. A backend, from here
    or from `variant`, is given back as it is. Raises ``ValueError`` for a name that is none of
    ``DEVICES``, ``TypeError`` for what is neither name nor backend, and ``RuntimeError``, with the
    reason and what to do, for ``"cuda"`` where no GPU can be used, and for ``"cpu"`` where numba is
    told to compile nothing.

    >>> get("reference").name
    'reference'
    """
    device = in_use() if device is None else device
    if _is_backend(device):
        return device
    if not isinstance(device, str):
        raise TypeError(
            f"device must be one of {', '.join(DEVICES)} or {AUTO}, or what kernels.get or "
            f"kernels.variant gave, got {type(device).__name__}"
        )
    if device == AUTO:
        device = _best()
    if device not in DEVICES:
        raise ValueError(
            f"there is no device {device!r}; choose one of {', '.join(DEVICES)} or {AUTO}"
        )
    if device == "cuda":
        _require_gpu()
    if device == "cpu":
        _require_compiler()
    return import_module(f"{__name__}.{device}")  # imported when first wanted: compilers are slow


def variant(device, **functions):
    """A backend like ``device``, with functions of your own in place of some of its.

    ``functions``: by the names of their namesakes in ``reference.py``, as in ``conv2d=mine``. Each
    is called with the same arguments, ``mine(x, kernel, geometry, out)``: arrays of the backend's
    type, those to be written last. It fills these, or returns the only one of them. What it gets
    and gives is checked against the contract: a wrong shape is a ``ValueError`` that names the
    function, and so are elements that it leaves unwritten, and gaps in a window that it ignores.

    A model takes it as its device: ``Sequential(…, device=that)``, ``model.to(that)``. Fused steps
    that would bypass your functions are not used. Saved to a file, the model is one of ``device``.

    Raises ``ValueError`` for a name that no backend has, ``TypeError`` for what is no function.

    >>> import numpy as np
    >>> mine = variant("cpu", relu=lambda x, out: np.maximum(x, 0, out=out))
    >>> mine, mine.name
    (cpu, with your own relu, 'cpu')
    """
    from .own_functions import Variant, require_replaceable

    base = get(device)
    require_replaceable(functions)
    if isinstance(base, Variant):
        base, functions = base.base, base.replaced | functions
    return Variant(base, functions)


def use_device(device):
    """Choose the device for all models built from now on: ``"cpu"``, ``"cuda"``, ``"auto"``, …

    See `get` for what each means, and for the errors.

    >>> use_device("cpu")
    """
    global _default, _chosen_by
    _default = portable(get(device))
    _chosen_by = os.getpid()


def in_use():
    """The device that models are built for where none is named, as `portable` has it.

    For what is sent to other processes, which know nothing of `use_device`'s choice here.
    """
    return _in_this_block.get() or _default


@contextmanager
def using(device):
    """Within the block, and in this thread alone, models are built for ``device``.

    >>> with using("reference"):
    ...     get().name
    'reference'
    """
    before = _in_this_block.set(portable(get(device)))
    try:
        yield
    finally:
        _in_this_block.reset(before)


def chosen_here():
    """Whether `use_device` has chosen the device in this process, and not one it was forked from.

    >>> use_device("cpu")
    >>> chosen_here()
    True
    """
    return _chosen_by == os.getpid()


def backend_of(array):
    """The backend whose array this is: float64 arrays belong to the reference.

    Losses use it where they are told arrays, not devices.
    """
    on_host = "reference" if array.dtype == get("reference").dtype else "cpu"
    return get("cuda" if array.device == "cuda" else on_host)


def portable(backend):
    """What stands for a backend in a copy or a pickle: a module's name, a variant itself."""
    return backend if hasattr(backend, "replaced") else backend.name


def restored(device):
    """The backend that `portable` stood for: without its GPU, the CPU steps in."""
    from .gpu_detection import detect

    return get(AUTO if device == "cuda" and not detect().usable else device)


def _is_backend(device):
    return hasattr(device, "replaced") or getattr(device, "__name__", "") in {
        f"{__name__}.{name}" for name in DEVICES
    }


@cache  # said once
def _best():
    """What ``"auto"`` means here: a real GPU, or the CPU."""
    from .gpu_detection import detect

    found = detect()
    if found.usable and not found.simulated:
        return "cuda"
    print(f"No GPU: {found.description}. The CPU is used instead.")
    return "cpu"


def _require_compiler():
    from numba import config

    if config.DISABLE_JIT:
        raise RuntimeError(
            "device 'cpu': its kernels are compiled by numba, and NUMBA_DISABLE_JIT forbids that.\n"
            "What you can do: unset NUMBA_DISABLE_JIT (or set it to 0) and start Python again; or "
            "go on with device 'reference', plain NumPy: use_device('reference')."
        )


@cache  # asked, and said, once
def _require_gpu():
    from .gpu_detection import detect

    found = detect()
    if not found.usable:
        raise RuntimeError(
            f"device 'cuda': no GPU can be used, for {found.description}.\n"
            f"What you can do: {found.advice}; or go on with device 'cpu', or with 'auto', which "
            "takes the GPU where there is one."
        )
    if found.simulated:
        print(
            "The GPU is simulated (NUMBA_ENABLE_CUDASIM): the same kernels with the same results, "
            "but thousands of times slower."
        )
