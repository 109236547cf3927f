"""What the chapter about activations and pooling draws, measures and checks."""

from . import exercises
from .activations import activations
from .pooled import pooled
from .steps_until import steps_until

__all__ = ["activations", "exercises", "pooled", "steps_until"]
