"""The model: a chain of layers, trained and used as a whole.

``sequential.py`` is what a chapter calls (compile, fit, evaluate, predict, save, load);
``chain.py`` builds layers into a chain and runs it in its two directions; ``targets.py`` makes of
labels what a loss takes, ``loss_inputs.py`` says which outputs it takes; ``fusion.py``,
``fused_steps.py`` and ``fused_upsampling.py`` run several layers as one step; ``saving.py`` writes
a model to a file, ``summary.py`` describes it.
"""

from .sequential import Sequential

__all__ = ["Sequential"]
