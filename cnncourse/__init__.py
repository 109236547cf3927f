"""The companion package of a course on convolutional neural networks.

A chapter calls a *model*, a model is a chain of *layers*, a layer knows shapes and holds weights, a
*kernel* does the arithmetic.

>>> from cnncourse import Sequential, layers, losses, optimizers, datasets, plots
"""

from . import datasets, layers, losses, optimizers, plots
from .kernels import use_device
from .labels import to_categorical
from .model import Sequential
from .progress import progress

__all__ = [
    "Sequential",
    "datasets",
    "layers",
    "losses",
    "optimizers",
    "plots",
    "progress",
    "to_categorical",
    "use_device",
]
__version__ = "0.1.0"


def __getattr__(name):
    if name == "CNNClassifier":  # only when wanted: scikit-learn takes a second to import
        from .classifier import CNNClassifier

        return CNNClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
