"""What the chapter about MNIST with dropout draws and checks."""

from . import exercises
from .bars_drawing import bars_by_class
from .before_after_drawing import before_and_after

__all__ = ["bars_by_class", "before_and_after", "exercises"]
