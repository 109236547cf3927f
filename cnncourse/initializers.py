"""Initial weights: random numbers just large enough.

Too small, and each layer's output fades; too large, and it explodes. Glorot's rule keeps the
variance of activations and of gradients about the same from layer to layer.
"""

import math


def glorot_uniform(shape, rng):
    """Uniform in ±√(6 / (fan in + fan out)): Keras's default for kernels.

    ``shape``: (features, units) or (height, width, in, out); a window's cells count in both fans.
    ``rng``: a ``numpy.random.Generator``. Gives a float64 array.

    Source: Glorot & Bengio, *Understanding the difficulty of training deep feedforward neural
    networks*, 2010.
    """
    cells = math.prod(shape[:-2])  # of the window; 1 for a dense layer
    limit = math.sqrt(6 / (cells * (shape[-2] + shape[-1])))
    return rng.uniform(-limit, limit, shape)
