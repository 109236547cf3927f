"""What the chapter about images from folders draws and checks."""

from . import exercises
from .cuts_drawing import where_from
from .runs_drawing import runs_by_seed

__all__ = ["exercises", "runs_by_seed", "where_from"]
