"""What the lab with SGD checks."""

from . import exercises

__all__ = ["exercises"]
