"""The steps in C of whole numbers: which functions a network needs, its constants and calls."""

import numpy as np

from ...inference import steps
from . import int8_functions as functions
from .common import STRUCT_WINDOW, window_fields
from .parts import Parts


class Int8(Parts):
    """Writes the steps of a `QuantizedModel`."""

    name = "int8"
    value_type, patch_type = "uint8_t", "int16_t"
    value_bytes, patch_bytes = 1, 2
    patch_multiple = 16

    def add(self, step, name, source, target):
        WRITERS[type(step.step)](self, step, name, source, target)

    def _needs_variant(self, function, step):
        """The function that writes bytes, or the one for 16-bit scores; gives its suffix."""
        suffix, kind = ("", "uint8_t") if step.output.dtype.itemsize == 1 else ("_to_16", "int16_t")
        self.needs(function.replace("@", suffix).replace("TYPE", kind))
        return suffix

    # One for each kind of step

    def convolution(self, step, name, source, target):
        self.needs(
            functions.REQUANTIZED,
            STRUCT_WINDOW,
            functions.STRUCT_CONVOLUTION,
            functions.GATHER,
            functions.SUMS,
        )
        pooled = step.step.pooled
        suffix = self._needs_variant(
            functions.CONVOLUTION_POOLED if pooled else functions.CONVOLUTION, step
        )
        kernel = _in_blocks(step.kernel, self.at_once(step.step))
        names = self.arrays(name, **step.constants() | {"kernel": kernel})
        layer = self.convolution_layer(
            step.step, name, **names, zero=step.input.zero, **_ends(step)
        )
        self.call(f"convolution{'_pooled' * pooled}{suffix}", layer, source, target)

    def dense(self, step, name, source, target):
        self.needs(functions.REQUANTIZED, functions.STRUCT_DENSE)
        suffix = self._needs_variant(functions.DENSE, step)
        features, units = step.kernel.shape
        added = step.input.zero * step.kernel.sum(axis=0, dtype=np.int32)  # (K,)
        weights = {"kernel": step.kernel.T, "bias": step.bias - added}
        names = self.arrays(name, **step.constants() | weights)
        sizes = {"features": features, "units": units}
        layer = self.layer("dense", name, **sizes, **names, **_ends(step))
        self.call(f"dense{suffix}", layer, source, target)

    def scaling(self, step, name, source, target):
        self.needs(functions.REQUANTIZED, functions.STRUCT_SCALING)
        suffix = self._needs_variant(functions.SCALING, step)
        names = self.arrays(
            name,
            factor=step.kernel,
            shift=step.bias,
            multiplier=step.multiplier,
            right=step.shift,
        )
        height, width, channels = step.step.input_shape
        sizes = {"pixels": height * width, "channels": channels}
        zero = {"zero": step.input.zero}
        layer = self.layer("scaling", name, **sizes, **names, **zero, **_ends(step))
        self.call(f"scaling{suffix}", layer, source, target)

    def max_pooling(self, step, name, source, target):
        self.needs(STRUCT_WINDOW, functions.MAX_POOLING)
        self.call("max_pooling", *self.window_layer(step.step, name), source, target)

    def average_pooling(self, step, name, source, target):
        self.needs(
            functions.REQUANTIZED,
            STRUCT_WINDOW,
            functions.STRUCT_AVERAGE_POOLING,
            functions.AVERAGE_POOLING,
        )
        layer = self.layer(
            "average_pooling",
            name,
            window=window_fields(step.step.geometry),
            channels=step.step.input_shape[2],
            **self.arrays(name, **step.constants()),
            each=int(step.multiplier.size > 1),
            shift=step.shift,
            zero=step.input.zero,
            output_zero=step.output.zero,
        )
        self.call("average_pooling", layer, source, target)

    def lp_pooling(self, step, name, source, target):
        self.needs(STRUCT_WINDOW, functions.LP_POOLING)
        tables = self.arrays(name, **step.constants()).values()
        sizes = (*self.window_layer(step.step, name), step.input.zero)
        self.call("lp_pooling", *sizes, *tables, source, target)

    def _by_table(self, step, name, function, function_name, source, target):
        self.needs(function)
        table = self.arrays(name, **step.constants())["table"]
        self.call(function_name, table, source, target, int(np.prod(step.step.input_shape)))

    def activation(self, step, name, source, target):
        self._by_table(step, name, functions.LOOKUP, "lookup", source, target)

    def softmax(self, step, name, source, target):
        self._by_table(step, name, functions.SOFTMAX, "softmax", source, target)


WRITERS = {
    steps.Convolution: Int8.convolution,
    steps.Dense: Int8.dense,
    steps.Scaling: Int8.scaling,
    steps.MaxPooling: Int8.max_pooling,
    steps.AveragePooling: Int8.average_pooling,
    steps.LpPooling: Int8.lp_pooling,
    steps.Activation: Int8.activation,
    steps.Softmax: Int8.softmax,
}


def _in_blocks(kernel, at_once):
    """A kernel (U, V, C, O) in the order in which ``sums`` reads it: one axis.

    For each ``at_once`` cells, filter by filter: their weights, and zeros up to a multiple of 16.

    >>> _in_blocks(np.ones((1, 3, 3, 2), np.int8), at_once=2).reshape(4, 16).sum(axis=1).tolist()
    [6, 6, 3, 3]
    """
    u, v, channels, filters = kernel.shape
    rows = kernel.reshape(u * v * channels, filters).T  # (O, U·V·C)
    length = at_once * channels
    blocks = [rows[:, start : start + length] for start in range(0, u * v * channels, length)]
    return np.concatenate(
        [np.pad(block, [(0, 0), (0, -block.shape[1] % 16)]).ravel() for block in blocks]
    )


def _ends(step):
    output = step.output
    return {"output_zero": output.zero, "low": output.low, "high": output.high}
