"""The companion package of a course on convolutional neural networks.

A chapter calls a *model*, a model is a chain of *layers*, a layer knows shapes and holds weights, a
*kernel* does the arithmetic.

>>> from cnncourse import Sequential, layers, losses, optimizers, datasets, plots

A name is imported when it is first asked for: who only computes needs no matplotlib, and who only
draws waits for no compiler.
"""

from importlib import import_module

from .support.console import let_print

# where each public name comes from: a room of its own, or an object in a file
_OBJECTS = {
    "Sequential": ".model.sequential",
    "CNNClassifier": ".classifier",
    "progress": ".support.progress",
    "to_categorical": ".support.labels",
    "use_device": ".kernels",
}

__all__ = [
    "CNNClassifier",
    "Sequential",
    "animations",
    "augmentation",
    "callbacks",
    "datasets",
    "demos",
    "distributed",
    "explanations",
    "export",
    "filters",
    "gradients",
    "initializers",
    "kernels",
    "layers",
    "losses",
    "metrics",
    "networks",
    "optimizers",
    "plots",
    "progress",
    "quantization",
    "schedules",
    "to_categorical",
    "use_device",
]
__version__ = "0.2.0"

let_print()


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(
            f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    if name in _OBJECTS:
        value = getattr(import_module(_OBJECTS[name], __name__), name)
    else:
        value = import_module(f".{name}", __name__)
    globals()[name] = value
    return value


def __dir__():
    return __all__
