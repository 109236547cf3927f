"""What chapter 07 needs to look into training.

``network.py`` is the network it trains, ``runs.py`` trains and notes the loss of each step,
``descent.py`` goes downhill in two dimensions, ``magnitudes.py`` follows numbers through many
layers, ``pictures.py`` has the drawings that explain.
"""

from . import pictures
from .descent import descend, valley
from .magnitudes import Magnitudes, magnitudes
from .network import network
from .runs import run, run_all

__all__ = [
    "Magnitudes",
    "descend",
    "magnitudes",
    "network",
    "pictures",
    "run",
    "run_all",
    "valley",
]
