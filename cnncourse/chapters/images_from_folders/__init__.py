"""What the chapter about images from folders draws and checks, and what was computed for it."""

from . import as_published, exercises, remedies
from .cuts_drawing import where_from

__all__ = ["as_published", "exercises", "remedies", "where_from"]
