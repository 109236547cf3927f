"""What the chapter on scaling out starts, simulates, draws and checks, and what was measured."""

from . import exercises, live, simulation
from .scaling_drawing import scaling
from .timeline_drawing import timeline

__all__ = ["exercises", "live", "scaling", "simulation", "timeline"]
