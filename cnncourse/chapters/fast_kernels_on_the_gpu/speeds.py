"""How fast the rungs are on a GPU, without the copies."""

import numpy as np

from ...kernels import cuda as gpu
from ...kernels.cuda.compiler import SIMULATED, cuda
from ...timing.convolution import operations, result_shape
from ...timing.measure import measure
from .costs import synchronized
from .rungs import launch_course, launch_naive, launch_registers, launch_tiled


def speeds(x, kernel, budget=0.3):
    """A `Timing` for each rung, by name; none where the GPU is simulated.

    ``x``, ``kernel``: arrays as a rung takes them; ``budget``: seconds for each rung.
    """
    if SIMULATED:
        return {}
    arrays = cuda.to_device(x), cuda.to_device(kernel)
    out = cuda.device_array(result_shape(x, kernel), np.float32)
    jobs = {
        "naive": (launch_naive, *arrays, out),
        "tiled": (launch_tiled, *arrays, out),
        "register_tiled": (launch_registers, *arrays, out),
        "course": (launch_course, gpu.asarray(x), gpu.asarray(kernel), gpu.empty(out.shape)),
    }
    work = operations(x, kernel)
    return {
        name: measure(synchronized, *job, operations=work, budget=budget)
        for name, job in jobs.items()
    }
