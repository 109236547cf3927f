"""What the lab with Adam checks."""

from . import exercises

__all__ = ["exercises"]
