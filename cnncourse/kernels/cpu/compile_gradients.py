"""Compile the gradients of convolutions, so that another process finds them: `second_compiler`.

python -m cnncourse.kernels.cpu.compile_gradients
"""

import numpy as np

from ..geometry import Geometry
from .convolution_input_gradient import conv2d_input_gradient
from .convolution_kernel_gradient import conv2d_kernel_gradient


def main():
    """Call each once, on images of zeros; small ones would go other ways."""
    geometry = Geometry.of((33, 33), (2, 2), (1, 1), "valid")
    images, gradient = np.zeros((1, 33, 33, 1), np.float32), np.zeros((1, 32, 32, 1), np.float32)
    kernel = np.zeros((2, 2, 1, 1), np.float32)
    conv2d_kernel_gradient(images, gradient, geometry, np.empty_like(kernel))
    conv2d_input_gradient(gradient, kernel, geometry, np.empty_like(images))


if __name__ == "__main__":
    main()
