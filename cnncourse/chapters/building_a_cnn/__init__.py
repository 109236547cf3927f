"""What the chapter about building a CNN compares and checks."""

from . import exercises
from .compare import compare

__all__ = ["compare", "exercises"]
