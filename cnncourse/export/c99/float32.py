"""The steps in float32 C: which functions a network needs, its constants and its calls."""

import numpy as np

from ...inference import steps
from . import float32_functions as functions
from .common import STRUCT_WINDOW
from .parts import Parts
from .text import number


class Float32(Parts):
    """Writes the steps of a `Network` in float32."""

    name = "float32"
    value_type = patch_type = "float"
    value_bytes = patch_bytes = 4

    def add(self, step, name, source, target):
        WRITERS[type(step)](self, step, name, source, target)

    # One for each kind of step

    def convolution(self, step, name, source, target):
        pooled = step.pooled
        self.needs(
            functions.LARGER,
            STRUCT_WINDOW,
            functions.STRUCT_CONVOLUTION,
            functions.GATHER,
            functions.SUMS,
        )
        self.needs(functions.CONVOLUTION_POOLED if pooled else functions.CONVOLUTION)
        names = self.arrays(name, kernel=step.kernel, bias=step.bias)
        layer = self.convolution_layer(step, name, **names, low=_low(step))
        self.call("convolution_pooled" if pooled else "convolution", layer, source, target)

    def dense(self, step, name, source, target):
        self.needs(functions.LARGER, functions.STRUCT_DENSE, functions.DENSE)
        names = self.arrays(name, kernel=step.kernel, bias=step.bias)
        features, units = step.kernel.shape
        sizes = {"features": features, "units": units}
        layer = self.layer("dense", name, **sizes, **names, low=_low(step))
        self.call("dense", layer, source, target)

    def scaling(self, step, name, source, target):
        self.needs(functions.LARGER, functions.STRUCT_SCALING, functions.SCALING)
        names = self.arrays(name, factor=step.kernel, shift=step.bias)
        height, width, channels = step.input_shape
        sizes = {"pixels": height * width, "channels": channels}
        layer = self.layer("scaling", name, **sizes, **names, low=_low(step))
        self.call("scaling", layer, source, target)

    def _pooling(self, step, name, function):
        self.needs(functions.LARGER, STRUCT_WINDOW, function)
        return self.window_layer(step, name)

    def max_pooling(self, step, name, source, target):
        self.call("max_pooling", *self._pooling(step, name, functions.MAX_POOLING), source, target)

    def average_pooling(self, step, name, source, target):
        weights = self.arrays(name, cells=step.cells)["cells"]
        sizes = self._pooling(step, name, functions.AVERAGE_POOLING)
        self.call("average_pooling", *sizes, weights, source, target)

    def lp_pooling(self, step, name, source, target):
        self.needs(functions.EXPONENTIAL, functions.LOGARITHM)
        sizes = self._pooling(step, name, functions.LP_POOLING)
        self.call("lp_pooling", *sizes, number(np.float32(step.p)), source, target)

    def activation(self, step, name, source, target):
        needed = {
            "relu": (functions.LARGER, functions.RELU),
            "tanh": (functions.EXPONENTIAL, functions.TANH),
            "sigmoid": (functions.EXPONENTIAL, functions.SIGMOID),
        }
        self.needs(*needed[step.function])
        function = "tanh_of" if step.function == "tanh" else step.function
        self.call(function, source, target, int(np.prod(step.input_shape)))

    def softmax(self, step, name, source, target):
        self.needs(functions.LARGER, functions.EXPONENTIAL, functions.SOFTMAX)
        self.call("softmax", source, target, int(np.prod(step.input_shape)))


WRITERS = {
    steps.Convolution: Float32.convolution,
    steps.Dense: Float32.dense,
    steps.Scaling: Float32.scaling,
    steps.MaxPooling: Float32.max_pooling,
    steps.AveragePooling: Float32.average_pooling,
    steps.LpPooling: Float32.lp_pooling,
    steps.Activation: Float32.activation,
    steps.Softmax: Float32.softmax,
}


def _low(step):
    return "0.0f" if step.relu else functions.LOWEST
