"""Compile the gradients of convolutions, so that another process finds them: `second_compiler`.

python -m cnncourse.kernels.cpu.compile_gradients
"""

import numpy as np

from ..geometry import Geometry
from .convolution_input_gradient import conv2d_input_gradient
from .convolution_kernel_gradient import conv2d_kernel_gradient
from .convolution_kernel_gradient_by_patches import FEW_POSITIONS


def main():
    """Call each once, on zeros: enough positions not to go the ways for few."""
    images = FEW_POSITIONS // 8**2
    geometry = Geometry.of((9, 9), (2, 2), (1, 1), "valid")
    x, gradient = np.zeros((images, 9, 9, 1), np.float32), np.zeros((images, 8, 8, 1), np.float32)
    kernel = np.zeros((2, 2, 1, 1), np.float32)
    conv2d_kernel_gradient(x, gradient, geometry, np.empty_like(kernel))
    conv2d_input_gradient(gradient, kernel, geometry, np.empty_like(x))


if __name__ == "__main__":
    main()
