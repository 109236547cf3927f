"""What the chapter about Fashion-MNIST draws and checks."""

from . import exercises
from .change_drawing import confusion_change
from .search_drawing import accuracy_maps

__all__ = ["accuracy_maps", "confusion_change", "exercises"]
