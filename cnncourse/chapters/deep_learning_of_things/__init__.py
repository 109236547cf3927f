"""What the chapter on small devices draws, compiles and checks, and what was computed for it."""

from . import boards, exercises, smaller
from .compiled import compiled
from .memory_drawing import memory

__all__ = ["boards", "compiled", "exercises", "memory", "smaller"]
