"""Pictures: each one call, giving a figure with a description for those who cannot see it."""

from .grids import grids
from .history import history
from .images import images
from .photographs import photographs
from .probabilities import probabilities
from .roofline import roofline
from .signals import contributions, steps_and_curve

__all__ = [
    "contributions",
    "grids",
    "history",
    "images",
    "photographs",
    "probabilities",
    "roofline",
    "steps_and_curve",
]
