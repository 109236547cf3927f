"""The bias: a value for each channel, added at every position; its gradient, a sum over them."""

from ..contract import contracted
from .column_sums import sum_rows
from .compiler import cuda, jit
from .launching import launch


@contracted
def add_bias(x, bias, out):
    """See ``reference.add_bias``."""
    launch(_add_bias, x.size, x.flat, bias.flat, out.flat)


@jit
def _add_bias(x, bias, out):
    """Thread k computes element k; ``x`` and ``out`` (…, channels) flat, ``bias`` (channels,)."""
    k = cuda.grid(1)
    if k < out.size:
        out[k] = x[k] + bias[k % bias.size]


@contracted
def bias_gradient(gradient, out):
    """See ``reference.bias_gradient``."""
    sum_rows(gradient.flat, gradient.size // out.size, out.size, 1, out.flat)
