"""What the chapter on small devices draws, compiles and checks, and what was computed for it."""

from . import boards, emulated, exercises, smaller
from .compiled import compiled
from .memory_drawing import memory

__all__ = ["boards", "compiled", "emulated", "exercises", "memory", "smaller"]
