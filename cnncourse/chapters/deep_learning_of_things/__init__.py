"""What the chapter on small devices draws, compiles and checks.

Its commands, and what was computed by them, are in files of their own: ``smaller``, ``cortex_m4``.
"""

from . import boards, exercises
from .compiled import compiled
from .memory_drawing import memory

__all__ = ["boards", "compiled", "exercises", "memory"]
