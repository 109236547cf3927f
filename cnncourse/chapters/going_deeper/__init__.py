"""What the chapter on deeper networks draws and checks.

Its commands, and what was computed by them, are in files of their own: ``milestones``, ``depths``,
``transfer``.
"""

from . import block, exercises
from .block_drawing import residual_block
from .depth_drawing import losses_by_depth
from .gaps_drawing import seen_through_gaps
from .gradient_drawing import gradients_by_layer
from .transfer_drawing import learning_curves

__all__ = [
    "block",
    "exercises",
    "gradients_by_layer",
    "learning_curves",
    "losses_by_depth",
    "residual_block",
    "seen_through_gaps",
]
