"""A network as a file for LiteRT (once TensorFlow Lite), and the time LiteRT takes for an image.

    python benchmarks/litert.py FILE.tflite REPEATS      prints microseconds a prediction

The file is written from the same description as our C, with the schema that LiteRT brings along,
so that no TensorFlow is needed. In int8, scales and zero points are laid down as TensorFlow Lite's
8-bit specification has it: activations from their range over some images, weights for each filter.
"""

import sys
import time

import numpy as np

from cnncourse.inference import steps
from cnncourse.inference.forward import outputs

NO_RANGE = 1e-6  # a tensor that is 0 everywhere still needs a scale


class File:
    """A model under construction: its tensors, their values and its operators."""

    def __init__(self, int8):
        from ai_edge_litert import schema_py_generated as schema

        self.schema, self.int8 = schema, int8
        self.buffers = [schema.BufferT()]  # the first one is that of tensors without values
        self.tensors, self.operators, self.codes = [], [], []

    def tensor(self, shape, values=None, scales=None, zero=0, axis=0):
        """A new tensor's number; ``scales``: one for all its values, or one for each filter."""
        types = {np.dtype("float32"): 0, np.dtype("int32"): 2, np.dtype("int8"): 9}
        dtype = np.dtype("int8" if self.int8 else "float32") if values is None else values.dtype
        quantization = None
        if scales is not None:
            scales = np.atleast_1d(scales)
            quantization = self.schema.QuantizationParametersT(
                scale=[float(scale) for scale in scales],
                zeroPoint=[int(zero)] * len(scales),
                quantizedDimension=axis,
            )
        place = 0
        if values is not None:
            place = len(self.buffers)
            self.buffers.append(self.schema.BufferT(data=np.frombuffer(values.tobytes(), np.uint8)))
        number = len(self.tensors)
        self.tensors.append(
            self.schema.TensorT(
                shape=[int(size) for size in shape],
                type=types[dtype],
                buffer=place,
                name=f"tensor_{number}",
                quantization=quantization,
            )
        )
        return number

    def operator(self, name, version, inputs, output, options):
        """An operator by its name in the schema: ``"CONV_2D"``, with its options."""
        code = getattr(self.schema.BuiltinOperator, name)
        if (code, version) not in self.codes:
            self.codes.append((code, version))
        kind = type(options).__name__.removesuffix("T")
        self.operators.append(
            self.schema.OperatorT(
                opcodeIndex=self.codes.index((code, version)),
                inputs=inputs,
                outputs=[output],
                builtinOptionsType=getattr(self.schema.BuiltinOptions, kind),
                builtinOptions=options,
            )
        )

    def content(self, first, last):
        """The file's bytes; ``first`` and ``last``: the tensors that go in and come out."""
        import flatbuffers

        codes = [
            self.schema.OperatorCodeT(deprecatedBuiltinCode=code, builtinCode=code, version=version)
            for code, version in self.codes
        ]
        graph = self.schema.SubGraphT(
            tensors=self.tensors, inputs=[first], outputs=[last], operators=self.operators
        )
        model = self.schema.ModelT(
            version=3, operatorCodes=codes, subgraphs=[graph], buffers=self.buffers
        )
        builder = flatbuffers.Builder(0)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def write(network, path, images=None):
    """Write a `Network` of convolutions and dense layers; in int8 where there are ``images``.

    ``images``: (N, H, W, C), whose outputs give each tensor its range. Raises ``ValueError`` for a
    step that no document's network has.
    """
    file = File(int8=images is not None)
    ranges = [None] * (len(network.steps) + 1)
    if file.int8:
        ranges = [_scale_and_zero(x) for x in (images, *outputs(network, images))]
    shape = network.steps[0].input_shape
    first = last = file.tensor((1, *shape), **_quantized(ranges[0]))
    for step, before, after in zip(network.steps, ranges, ranges[1:], strict=False):
        if isinstance(step, steps.Convolution):
            last = _convolution(file, step, last, before, after)
        elif isinstance(step, steps.Dense):
            last = _dense(file, step, last, before, after)
        else:
            raise ValueError(f"{step.name}: only convolutions and dense layers are translated")
    path.write_bytes(file.content(first, last))


def _scale_and_zero(values):
    """For int8: real value = scale · (stored − zero), with 0 among the values that are exact."""
    least, most = min(values.min(), 0), max(values.max(), NO_RANGE)
    scale = (most - least) / 255
    return scale, round(-128 - least / scale)


def _quantized(found):
    return {} if found is None else {"scales": found[0], "zero": found[1]}


def _weights(file, kernel, bias, before):
    """Numbers of a kernel's and a bias's tensors; the kernel's first axis are the filters."""
    if before is None:
        return file.tensor(kernel.shape, kernel), file.tensor(bias.shape, bias)
    largest = np.abs(kernel).reshape(len(kernel), -1).max(axis=1)  # (O,)
    scales = np.maximum(largest, NO_RANGE) / 127
    by_filter = scales.reshape(-1, *[1] * (kernel.ndim - 1))  # (O, 1, …)
    stored = np.round(kernel / by_filter).astype(np.int8)
    sums = before[0] * scales  # the scale of the products that the bias is added to: (O,)
    shift = np.round(bias / sums).astype(np.int32)
    return file.tensor(kernel.shape, stored, scales), file.tensor(bias.shape, shift, sums)


def _convolution(file, step, last, before, after):
    schema = file.schema
    if step.dilation != (1, 1) or step.pooled and step.pooling.before != (0, 0):
        raise ValueError(f"{step.name}: gaps and padded poolings are not translated")
    kernel = np.ascontiguousarray(step.kernel.transpose(3, 0, 1, 2))  # (O, U, V, C)
    weights = _weights(file, kernel, step.bias, before)
    quantized = _quantized(after)  # a pooling changes no scale
    out = file.tensor((1, *step.geometry.output, len(kernel)), **quantized)  # (1, I, J, O)
    down, right = step.geometry.strides
    options = schema.Conv2DOptionsT(
        padding=_padding(step.geometry, step.name),
        strideH=down,
        strideW=right,
        fusedActivationFunction=int(step.relu),
        dilationHFactor=1,
        dilationWFactor=1,
    )
    file.operator("CONV_2D", 3 if file.int8 else 1, [last, *weights], out, options)
    if not step.pooled:
        return out
    most = file.tensor((1, *step.output_shape), **quantized)  # (1, P, Q, O)
    (down, right), (rows, columns) = step.pooling.strides, step.pooling.window
    options = schema.Pool2DOptionsT(
        padding=1, strideH=down, strideW=right, filterHeight=rows, filterWidth=columns
    )
    file.operator("MAX_POOL_2D", 2 if file.int8 else 1, [out], most, options)
    return most


def _padding(geometry, name):
    """The schema's number: 0 for "same", 1 for "valid"; there is no other."""
    for number, padding in enumerate(("same", "valid")):
        if geometry == geometry.of(geometry.image, geometry.window, geometry.strides, padding):
            return number
    raise ValueError(f'{name}: LiteRT pads "same" or not at all')


def _dense(file, step, last, before, after):
    kernel = np.ascontiguousarray(step.kernel.T)  # (O, F)
    weights = _weights(file, kernel, step.bias, before)
    out = file.tensor((1, len(kernel)), **_quantized(after))
    options = file.schema.FullyConnectedOptionsT(fusedActivationFunction=int(step.relu))
    file.operator("FULLY_CONNECTED", 4 if file.int8 else 1, [last, *weights], out, options)
    return out


def interpreter(path):
    """LiteRT with the file at ``path``, on one thread."""
    from ai_edge_litert.interpreter import Interpreter

    found = Interpreter(str(path), num_threads=1)
    found.allocate_tensors()
    return found


def main():
    path, repeats = sys.argv[1], int(sys.argv[2])
    found = interpreter(path)
    for _ in range(repeats // 4):
        found.invoke()
    begin = time.perf_counter()
    for _ in range(repeats):
        found.invoke()
    print(f"{(time.perf_counter() - begin) / repeats * 1e6:.3f}")


if __name__ == "__main__":
    main()
