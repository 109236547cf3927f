"""A dense layer, its bias and ReLU in one go."""

from ..contract import contracted
from .dense import dense_least
from .simd.micro_kernel import NO_LEAST, ZERO


@contracted
def fused_dense(x, kernel, bias, relu, out):
    """A dense layer and its bias, then ReLU if ``relu``.

    ``out[n, k] = Σ x[n, f] · kernel[f, k] + bias[k]`` over f, or ``max(0, …)`` of it. NaN stays.

    ``x``: (N, F); ``kernel``: (F, K); ``bias``: (K,); ``out``: (N, K), all float32; ``relu``:
    bool.
    """
    dense_least(x, kernel, bias, ZERO if relu else NO_LEAST, out)
