"""The arithmetic: the same functions, by several backends.

=============  =====================================================================
``reference``  NumPy, float64, obvious and slow: the definition of every function
``cpu``        numba, float32: compiled loops over all cores
``cuda``       numba.cuda, float32: kernels on an NVIDIA GPU, where there is one
=============  =====================================================================

``contract.py`` says what a backend provides, ``geometry.py`` holds the formulas for sizes,
``gpu.py`` looks for a GPU.
"""

from functools import cache
from importlib import import_module

DEVICES = ("cpu", "cuda", "reference")
AUTO = "auto"

_default = "cpu"


def get(device=None):
    """The backend for ``device``, or for the device that `use_device` has chosen.

    ``"auto"`` is the GPU, or else the CPU, after a printed line that says why. Raises
    ``ValueError`` for a name that is none of ``DEVICES``, and ``RuntimeError`` for ``"cuda"``
    where no GPU can be used, with the reason and what to do.

    >>> get("reference").name
    'reference'
    """
    device = _default if device is None else device
    if device == AUTO:
        device = _best()
    if device not in DEVICES:
        raise ValueError(
            f"there is no device {device!r}; choose one of {', '.join(DEVICES)} or {AUTO}"
        )
    if device == "cuda":
        _require_gpu()
    return import_module(f"{__name__}.{device}")  # imported when first wanted: compilers are slow


def use_device(device):
    """Choose the device for all models built from now on: ``"cpu"``, ``"cuda"``, ``"auto"``, …

    See `get` for what each means, and for the errors.

    >>> use_device("cpu")
    """
    global _default
    _default = get(device).name


def backend_of(array):
    """The backend whose array this is: float64 arrays belong to the reference.

    Losses and optimizers use it: they are told arrays, not devices.
    """
    on_host = "reference" if array.dtype == get("reference").dtype else "cpu"
    return get("cuda" if array.device == "cuda" else on_host)


def restored(name):
    """The backend of that name for a model from a file: without its GPU, the CPU steps in."""
    from .gpu_detection import detect

    return get(AUTO if name == "cuda" and not detect().usable else name)


@cache  # said once
def _best():
    """What ``"auto"`` means here: a real GPU, or the CPU."""
    from .gpu_detection import detect

    found = detect()
    if found.usable and not found.simulated:
        return "cuda"
    print(f"No GPU: {found.description}. The CPU is used instead.")
    return "cpu"


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
            "but many thousand times slower."
        )
