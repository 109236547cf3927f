"""What the chapter about learning from examples draws and checks."""

from . import exercises
from .losses_drawing import two_losses
from .neuron_drawing import neuron
from .softmax_drawing import softmax_steps

__all__ = ["exercises", "neuron", "softmax_steps", "two_losses"]
