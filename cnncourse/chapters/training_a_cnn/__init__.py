"""What the chapter about training needs to look into training.

``network.py`` is the network it trains, ``runs.py`` trains and notes the loss of each step,
``descent.py`` goes downhill in two dimensions, ``magnitudes.py`` follows activations and gradients
through many layers; ``pictures.py``, ``paths.py`` and ``magnitudes_drawing.py`` draw,
``exercises.py`` checks.
"""

from . import exercises, pictures
from .descent import descend, valley
from .magnitudes import Magnitudes, magnitudes
from .magnitudes_drawing import draw_magnitudes
from .network import network
from .paths import paths
from .runs import run, run_all

__all__ = [
    "Magnitudes",
    "descend",
    "draw_magnitudes",
    "exercises",
    "magnitudes",
    "network",
    "paths",
    "pictures",
    "run",
    "run_all",
    "valley",
]
