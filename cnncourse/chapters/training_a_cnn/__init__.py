"""What the chapter about training draws and checks.

Each drawing is one call and a file: ``graph_drawing.py`` the computational graph,
``paths_drawing.py`` optimizers on their way downhill, ``sweep_drawing.py`` a search for learning
rates, ``sizes_drawing.py`` activations and gradients layer by layer, ``axes_drawing.py`` what batch
normalisation averages. ``exercises.py`` checks the short exercises, ``built/`` the long one.
"""

from . import built, exercises
from .axes_drawing import normalised_axes
from .graph_drawing import graph
from .paths_drawing import paths
from .sizes_drawing import sizes_by_layer
from .sweep_drawing import sweep

__all__ = ["built", "exercises", "graph", "normalised_axes", "paths", "sizes_by_layer", "sweep"]
