"""Weights in whole numbers from −127 to 127: each filter has a scale of its own.

A filter's sum is then in units of *input scale · filter's scale*, and so is its bias.

Source: Jacob et al., 2018, section 2.4; a scale a filter: Krishnamoorthi, *Quantizing Deep
Convolutional Networks for Efficient Inference*, 2018, section 3.1.
"""

import numpy as np

LARGEST = 127
LARGEST_BIAS = 2**30  # leaves the sums of products as much again
LARGEST_SUM = 2**31 - 1
LARGEST_INPUT = 255 + 128  # a byte, and the zero that goes into a bias


def quantized(step, input_scale):
    """The kernel (int8), the bias (int32) and the filters' scales (float64) of a `Weighted` step.

    Raises ``ValueError`` where a sum might take more than 32 bits.
    """
    kernel, bias = np.float64(step.kernel), np.float64(step.bias)
    scales = abs(kernel.reshape(-1, kernel.shape[-1])).max(axis=0) / LARGEST  # (O,)
    # a filter of tiny weights beside a large bias: a coarser scale, for the bias has to fit, too
    scales = np.maximum(scales, abs(bias) / (input_scale * LARGEST_BIAS))
    scales[scales == 0] = 1  # a filter that gives 0 whatever it sees
    kernel = np.rint(kernel / scales).astype(np.int8)
    bias = np.rint(bias / (input_scale * scales)).astype(np.int64)
    sums = abs(kernel.reshape(-1, kernel.shape[-1]).astype(np.int64)).sum(axis=0)  # (O,)
    if (LARGEST_INPUT * sums + abs(bias)).max() > LARGEST_SUM:
        raise ValueError(
            f"{step.name} has {kernel[..., 0].size:,} weights for each output, whose sum might "
            "take more than 32 bits in int8; pool the images before, or export float32"
        )
    return kernel, bias.astype(np.int32), scales
