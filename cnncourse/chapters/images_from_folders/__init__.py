"""What the chapter about images from folders draws and checks.

Its commands, and what was computed by them, are in files of their own: ``as_published``,
``remedies``.
"""

from . import exercises
from .cuts_drawing import where_from

__all__ = ["exercises", "where_from"]
