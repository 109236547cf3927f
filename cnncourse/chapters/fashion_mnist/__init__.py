"""What the chapter about Fashion-MNIST draws and checks."""

from . import exercises
from .change_drawing import confusion_change

__all__ = ["confusion_change", "exercises"]
