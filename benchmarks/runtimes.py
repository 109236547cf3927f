"""Runtimes: programs that only run networks, those that others have trained.

Contenders as in `contenders`, for inference alone. The first two read the file that
`export.to_onnx` writes; for JAX, the network's steps are translated here, and compiled into one
function by XLA.
"""

import os
from functools import partial

import numpy as np
from contenders import data, repeat
from networks import NETWORKS

from cnncourse.inference import network as description
from cnncourse.inference import steps


def description_of(network):
    """The network in steps. On the reference backend, it brings no numba and its threads."""
    return description.of_model(NETWORKS[network].make(device="reference"))


def as_onnx(network):
    """The bytes of the network's ONNX file."""
    from cnncourse.export.onnx import onnx_model

    return onnx_model(description_of(network)).SerializeToString()


class Runtime:
    """What runtimes share."""

    def prepared(self, network, images):
        """A function without arguments that gives the network's outputs for the images."""
        raise NotImplementedError

    def inference(self, network, size):
        images = data(NETWORKS[network], size)[0][:size]
        return partial(repeat, self.prepared(network, images)), size


class OnnxRuntime(Runtime):
    package = "onnxruntime"

    def __init__(self, threads):
        import onnxruntime

        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession

    def prepared(self, network, images):
        session = self.session(as_onnx(network), self.options, ["CPUExecutionProvider"])
        return lambda: session.run(None, {"images": images})[0]


class OpenVino(Runtime):
    """OpenVINO, told that one request's time counts."""

    package = "openvino"

    def __init__(self, threads):
        import openvino

        self.core = openvino.Core()
        self.options = {
            "INFERENCE_NUM_THREADS": threads,
            "INFERENCE_PRECISION_HINT": "f32",  # else bfloat16 where the CPU has it
            "PERFORMANCE_HINT": "LATENCY",
        }

    def prepared(self, network, images):
        model = self.core.read_model(as_onnx(network))
        model.reshape(images.shape)
        request = self.core.compile_model(model, "CPU", self.options).create_infer_request()
        return lambda: request.infer([images])[0]


class Jax(Runtime):
    """JAX, whose functions XLA compiles; it takes as many threads as it has cores.

    Its own switch does not hold it to one any more: where the system can, it is given one core.
    """

    package = "jax"

    def __init__(self, threads):
        several = str(threads > 1).lower()
        os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={several}"
        os.environ["JAX_PLATFORMS"] = "cpu"
        if threads == 1 and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
        import jax

        self.jax = jax

    def prepared(self, network, images):
        chain = description_of(network).steps

        @self.jax.jit
        def forward(x):
            for step in chain:
                x = JAX[type(step)](step, x)
            return x.reshape(len(x), -1)

        return lambda: np.asarray(forward(images))


def _convolution(step, x):
    from jax import lax

    layout = ("NHWC", "HWIO", "NHWC")
    strides, padding = step.geometry.strides, _padding(step.geometry)
    x = lax.conv_general_dilated(x, step.kernel, strides, padding, dimension_numbers=layout)
    x = _ended(step, x)
    window, strides = ((1, *pair, 1) for pair in (step.pooling.window, step.pooling.strides))
    return lax.reduce_window(x, float("-inf"), lax.max, window, strides, "VALID")


def _dense(step, x):
    return _ended(step, x.reshape(len(x), -1) @ step.kernel)


def _ended(step, x):
    """With the bias, and ReLU if the step has it."""
    from jax import nn

    return nn.relu(x + step.bias) if step.relu else x + step.bias


def _softmax(step, x):
    from jax import nn

    return nn.softmax(x.reshape(len(x), -1))


def _padding(geometry):
    """Zeros before and behind the image, along each side."""
    sides = (
        geometry.image, geometry.window, geometry.strides, geometry.before, geometry.output,
    )  # fmt: skip
    return [
        (before, (count - 1) * stride + window - before - image)
        for image, window, stride, before, count in zip(*sides, strict=True)
    ]


JAX = {steps.Convolution: _convolution, steps.Dense: _dense, steps.Softmax: _softmax}

RUNTIMES = {"onnxruntime": OnnxRuntime, "openvino": OpenVino, "jax": Jax}
