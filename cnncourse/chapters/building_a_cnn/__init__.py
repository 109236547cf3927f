"""What the chapter about building a CNN draws and checks."""

from . import exercises
from .hierarchy import hierarchy
from .pixels import pixels

__all__ = ["exercises", "hierarchy", "pixels"]
