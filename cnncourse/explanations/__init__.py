"""What a trained network goes by, as arrays; `cnncourse.plots` draws each of them.

Why one image got its prediction: ``saliency.py`` (gradients), ``occlusion.py`` (covering parts),
``grad_cam.py`` (the maps of one layer). What one filter looks for: ``patches.py`` (in images that
there are), ``ascent.py`` (in images made for it), ``changes.py`` (before and after training). What
the layers give: ``activations.py`` (all maps), ``hidden.py`` (the last hidden layer, in two
dimensions).

None of them trains or changes the model. ``passes.py`` runs its layers beside it.

>>> import numpy as np
>>> from cnncourse import Sequential, explanations, layers
>>> chain = [layers.Flatten(), layers.Dense(3, activation="softmax")]
>>> model = Sequential(chain, input_shape=(8, 8, 1), seed=0)
>>> explanations.saliency(model, np.ones((2, 8, 8, 1))).shape
(2, 8, 8, 1)
"""

from .activations import activations
from .ascent import preferred_images
from .changes import filter_changes
from .grad_cam import grad_cam
from .hidden import in_two_dimensions, last_hidden
from .occlusion import occlusion
from .patches import strongest_patches
from .saliency import METHODS, saliency

__all__ = [
    "METHODS",
    "activations",
    "filter_changes",
    "grad_cam",
    "in_two_dimensions",
    "last_hidden",
    "occlusion",
    "preferred_images",
    "saliency",
    "strongest_patches",
]
