"""The arithmetic: the same functions, by several backends.

=============  =====================================================================
``reference``  NumPy, float64, obvious and slow: the definition of every function
``cpu``        numba, float32: compiled loops over all cores
=============  =====================================================================

``contract.py`` says what a backend provides, ``geometry.py`` holds the formulas for sizes.
"""

from importlib import import_module

DEVICES = ("cpu", "reference")

_default = "cpu"


def get(device=None):
    """The backend for ``device``, or for the device that `use_device` has chosen.

    Raises ``ValueError`` for a name that is none of ``DEVICES``.

    >>> get("reference").name
    'reference'
    """
    device = _default if device is None else device
    if device not in DEVICES:
        raise ValueError(f"there is no device {device!r}; choose one of {', '.join(DEVICES)}")
    return import_module(f"{__name__}.{device}")  # imported when first wanted: compilers are slow


def use_device(device):
    """Choose the device for all models built from now on: ``"cpu"`` or ``"reference"``.

    >>> use_device("cpu")
    """
    global _default
    _default = get(device).name


def backend_of(array):
    """The backend whose array this is: float64 arrays belong to the reference.

    Losses and optimizers use it: they are told arrays, not devices.
    """
    return get("reference" if array.dtype == get("reference").dtype else "cpu")
