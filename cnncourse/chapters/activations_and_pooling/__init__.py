"""What the chapter about activations and pooling draws and checks."""

from . import exercises
from .activations import activations
from .convergence import convergence
from .gradient_sizes import gradient_sizes
from .pooled import pooled

__all__ = ["activations", "convergence", "exercises", "gradient_sizes", "pooled"]
