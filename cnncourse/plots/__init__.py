"""Pictures: each one call, giving a figure with a description for those who cannot see it."""

from .history import history
from .images import images
from .probabilities import probabilities
from .roofline import roofline

__all__ = ["history", "images", "probabilities", "roofline"]
