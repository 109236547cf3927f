"""What the chapter about what a network sees checks."""

from . import exercises

__all__ = ["exercises"]
