"""Quantisation: a trained network in whole numbers of 8 bits, as small boards compute.

>>> import numpy as np
>>> from cnncourse import networks, quantization
>>> model, images = networks.tutorial(), np.random.default_rng(0).random((20, 28, 28, 1))
>>> quantized = quantization.quantize(model, images)
>>> quantized.integers(images).shape, quantized.integers(images).dtype
((20, 10), dtype('int16'))

`integers` is plain NumPy and the definition: the C that `export` writes gives the same numbers.
What stands for what is said in ``tensor.py`` (activations), ``weights.py`` and ``fixed_point.py``.
"""

from .quantized_model import QuantizedModel, quantize

__all__ = ["QuantizedModel", "quantize"]
