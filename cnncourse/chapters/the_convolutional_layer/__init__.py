"""What the chapter about the convolutional layer draws, tries and checks."""

from . import exercises
from .commutative_square import commutative_square
from .connections import connections
from .crosses import crosses
from .padding_and_stride import padding_and_stride
from .positions import positions
from .volume import volume

__all__ = [
    "commutative_square",
    "connections",
    "crosses",
    "exercises",
    "padding_and_stride",
    "positions",
    "volume",
]
