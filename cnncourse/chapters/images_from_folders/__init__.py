"""What the chapter about images from folders draws and checks, and what was computed for it."""

from . import as_published, exercises, remedies
from .cuts_drawing import where_from
from .runs_drawing import runs_by_seed

__all__ = ["as_published", "exercises", "remedies", "runs_by_seed", "where_from"]
