"""What checks of the long exercise ask of any answer."""

import numpy as np


def is_pair(result):
    return isinstance(result, (tuple, list)) and len(result) == 2


def matching(array, wrong, otherwise):
    """The hint of the wrong array that ``array`` is."""
    return next((hint for other, hint in wrong if np.allclose(array, other)), otherwise)
