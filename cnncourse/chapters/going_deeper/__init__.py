"""What the chapter on deeper networks draws and checks, and what was computed for it."""

from . import block, depths, exercises, milestones, transfer
from .block_drawing import residual_block
from .depth_drawing import losses_by_depth
from .gradient_drawing import gradients_by_layer
from .transfer_drawing import learning_curves

__all__ = [
    "block",
    "depths",
    "exercises",
    "gradients_by_layer",
    "learning_curves",
    "losses_by_depth",
    "milestones",
    "residual_block",
    "transfer",
]
