"""What the lab with RMSprop draws and checks."""

from . import exercises
from .seeds_drawing import runs_by_recipe

__all__ = ["exercises", "runs_by_recipe"]
