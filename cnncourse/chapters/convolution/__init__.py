"""What the chapter about convolution draws and checks."""

from . import exercises
from .signals import contributions, steps_and_curve

__all__ = ["contributions", "exercises", "steps_and_curve"]
