"""Convolution."""

from ..contract import kernel as contracted
from .launching import launch
from .naive import naive_conv2d, naive_conv2d_input_gradient, naive_conv2d_kernel_gradient


def _nd(a):
    return a.flat.reshape(a.shape)


@contracted
def conv2d(x, kernel, geometry, out):
    """See ``reference.conv2d``."""
    launch(naive_conv2d, out.size, _nd(x), _nd(kernel), geometry.strides, geometry.before, _nd(out))


@contracted
def conv2d_input_gradient(gradient, kernel, geometry, out):
    """See ``reference.conv2d_input_gradient``."""
    launch(
        naive_conv2d_input_gradient,
        out.size,
        _nd(gradient),
        _nd(kernel),
        geometry.strides,
        geometry.before,
        _nd(out),
    )


@contracted
def conv2d_kernel_gradient(x, gradient, geometry, out):
    """See ``reference.conv2d_kernel_gradient``."""
    launch(
        naive_conv2d_kernel_gradient,
        out.size,
        _nd(x),
        _nd(gradient),
        geometry.strides,
        geometry.before,
        _nd(out),
    )
