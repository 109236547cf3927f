"""The documents' networks, trained for an epoch, and digits for them."""

import numpy as np
import pytest

from cnncourse import networks

LARGE = ("postech", "renom")  # a million weights, which a compiler reads for a while


def trained(name, digits, request):
    """A network, and test images (N, 28, 28, 1) float32: few of each, or all with ``--whole``.

    It learns from few, or from all. The large networks are skipped without ``--whole``.
    """
    whole = request.config.getoption("--whole")
    if name in LARGE and not whole:
        pytest.skip("takes long; --whole does it")
    learned, count = (None, None) if whole else (200, 20)
    model = networks.DOCUMENTS[name](seed=0)
    model.compile("adam")
    train = digits.train.images[:learned], digits.train.labels[:learned]
    model.fit(*train, batch_size=50, verbose=0)
    return model, np.float32(digits.test.images[:count])
