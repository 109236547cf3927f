"""A dense layer, its bias and ReLU in one go."""

from ..contract import contracted
from .dense import dense_least
from .simd.micro_kernel import NO_LEAST, ZERO


@contracted
def fused_dense(x, kernel, bias, relu, out):
    """See ``contract``."""
    dense_least(x, kernel, bias, ZERO if relu else NO_LEAST, out)
