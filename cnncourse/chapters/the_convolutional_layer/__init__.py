"""What the chapter about the convolutional layer draws, tries and checks."""

from . import exercises
from .connections import connections
from .crosses import crosses
from .positions import positions
from .volume import volume

__all__ = ["connections", "crosses", "exercises", "positions", "volume"]
