"""What the lab with RMSprop checks."""

from . import exercises

__all__ = ["exercises"]
