"""What the chapter about convolution draws and checks."""

from . import exercises
from .flipped import flipped_or_not
from .signals import contributions, steps_and_curve

__all__ = ["contributions", "exercises", "flipped_or_not", "steps_and_curve"]
