"""A network as ONNX, the file that other programs read: with the extra ``onnx``.

ONNX has its images channels first, (N, C, H, W). One transposition at the input does it, and one at
the end of a network that gives maps; the rows of a dense layer's kernel are put into ONNX's order.

Source: the operators' specification, https://onnx.ai/onnx/operators, opset 17.
"""

from math import prod

import numpy as np

from ..inference import network, steps
from ..inference.forward import window_sums
from ..support import checks
from ..support.files import replacing

OPSET, IR = 17, 8  # of 2022: what reads ONNX reads these
CHANNELS_FIRST, CHANNELS_LAST = (0, 3, 1, 2), (0, 2, 3, 1)
MISSING = 'export.to_onnx needs the extra "onnx": pip install -e ".[onnx]"'


def to_onnx(model, path):
    """Write a trained ``model`` to ``path`` as ONNX, for ONNX Runtime and what else reads it.

    The file's input ``images`` (images, *input_shape) and its output ``predictions`` (images,
    *output_shape) are float32, and those of ``model.predict``, for any number of images.

    Parameters
    ----------
    model : Sequential
        A trained model of the course's layers.
    path : text or pathlib.Path
        The file to write.

    Raises ``TypeError`` and ``ValueError`` for what cannot be exported, ``ModuleNotFoundError``
    without the extra ``onnx``, and then writes no file; ``OSError`` where none can be written.

    >>> from cnncourse import export, networks
    >>> export.to_onnx(networks.tutorial(), "digits.onnx")  # doctest: +SKIP
    """
    path = checks.file_path(path, "path")
    found = network.of_model(model)
    try:
        import onnx
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(MISSING, name=error.name) from error
    written = onnx_model(found)
    onnx.checker.check_model(written, full_check=True)
    with replacing(path) as file:
        file.write(written.SerializeToString())


def onnx_model(found, images="N"):
    """A `Network` as an ``onnx.ModelProto``; ``images``: how many at a time, a name for any."""
    from onnx import TensorProto, helper

    graph = Graph(found.input_shape)
    for step in found.steps:
        WRITERS[type(step)](graph, step)
    nodes, constants = graph.finished(found.output_shape)
    ends = (("images", found.input_shape), ("predictions", found.output_shape))
    images, predictions = (
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [images, *shape])]
        for name, shape in ends
    )
    return helper.make_model(
        helper.make_graph(nodes, "network", images, predictions, constants),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR,
        producer_name="cnncourse",
    )


class Graph:
    """Nodes that follow each other, the constants that they read, and how the last value lies.

    ``shape``: the value's (H, W, C); ``axes``: in which order it has them, behind the images':
    ``"HWC"``, ``"CHW"``, or ``"F"``, a row of features.
    """

    def __init__(self, input_shape):
        self.nodes, self.constants, self.value = [], [], "images"
        self.shape = network.image_of(input_shape)
        self.axes = "HWC" if len(input_shape) == 3 else "F"

    def node(self, operator, *inputs, to=None, **attributes):
        """Apply an operator to the last value, or that named ``to``, and to further ``inputs``."""
        from onnx import helper

        name = f"{operator.lower()}_{len(self.nodes) + 1}"
        read = [to or self.value, *inputs]
        self.nodes.append(helper.make_node(operator, read, [name], name, **attributes))
        self.value = name

    def constant(self, values):
        """The name of an array that is part of the file."""
        from onnx import numpy_helper

        name = f"constant_{len(self.constants) + 1}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def finished(self, output_shape):
        """The nodes and constants; the last value has the model's shape and its name."""
        if len(output_shape) == 3:
            self.maps_last()
        else:
            self.flat()
        self.nodes[-1].output[0] = "predictions"
        return self.nodes, self.constants

    # How the value lies

    def maps_first(self):
        """(N, C, H, W)"""
        if self.axes == "HWC":
            self.node("Transpose", perm=CHANNELS_FIRST)
        self.axes = "CHW"

    def maps_last(self):
        """(N, H, W, C)"""
        if self.axes == "CHW":
            self.node("Transpose", perm=CHANNELS_LAST)
        self.axes = "HWC"

    def flat(self):
        """(N, H · W · C), the channels running fastest, as ``layers.Flatten`` has them."""
        if self.axes == "F":
            return
        height, width, channels = self.shape
        if height * width > 1 and channels > 1:
            self.maps_last()
        self.node("Flatten", axis=1)
        self.shape, self.axes = (1, 1, prod(self.shape)), "F"

    def for_step(self, step):
        """Flatten where the layers did: the step reads a row of what are maps here."""
        if step.input_shape != self.shape:
            self.flat()

    def by_channel(self, values):
        """A constant with a value for each channel, to multiply with or to add."""
        return self.constant(values[:, None, None] if self.axes == "CHW" else values)


def _pads(geometry):
    """Pixels added above, to the left, below and to the right."""
    behind = [
        max((count - 1) * stride + window - before - image, 0)
        for image, window, stride, before, count in zip(
            geometry.image,
            geometry.window,
            geometry.strides,
            geometry.before,
            geometry.output,
            strict=True,
        )
    ]
    return [*geometry.before, *behind]


def _window(geometry):
    return {
        "kernel_shape": geometry.window,
        "strides": geometry.strides,
        "pads": _pads(geometry),
    }


# One for each kind of step


def _convolution(graph, step):
    graph.maps_first()
    graph.node(
        "Conv",
        graph.constant(step.kernel.transpose(3, 2, 0, 1)),  # (O, C, U, V)
        graph.constant(step.bias),
        **_window(step.geometry) | {"kernel_shape": step.kernel.shape[:2]},
        dilations=step.dilation,
    )
    if step.relu:
        graph.node("Relu")
    if step.pooled:
        graph.node("MaxPool", **_window(step.pooling))
    graph.shape = step.output_shape


def _dense(graph, step):
    kernel = step.kernel  # (F, O)
    if graph.axes == "CHW":
        maps = kernel.reshape(*graph.shape, -1)  # (H, W, C, O)
        kernel = maps.transpose(2, 0, 1, 3).reshape(kernel.shape)
    if graph.axes != "F":
        graph.node("Flatten", axis=1)
    graph.node("Gemm", graph.constant(kernel), graph.constant(step.bias))
    if step.relu:
        graph.node("Relu")
    graph.shape, graph.axes = step.output_shape, "F"


def _scaling(graph, step):
    graph.for_step(step)
    graph.node("Mul", graph.by_channel(step.kernel))
    graph.node("Add", graph.by_channel(step.bias))
    if step.relu:
        graph.node("Relu")


def _max_pooling(graph, step):
    graph.maps_first()
    graph.node("MaxPool", **_window(step.geometry))
    graph.shape = step.output_shape


def _average_pooling(graph, step):
    """Equal weights have an operator; others are a convolution of each channel by itself."""
    graph.maps_first()
    cells = step.cells  # (U, V) float32
    if (cells == cells[0, 0]).all():
        graph.node("AveragePool", **_window(step.geometry), count_include_pad=0)
    else:
        total = cells.sum()
        _each_channel(graph, step.geometry, (cells / total)[None])
        if any(_pads(step.geometry)):  # what lies beyond the image does not count
            ones = np.ones((1, *step.geometry.image, 1), np.float32)
            on_image = window_sums(ones, step.geometry, cells)[0, ..., 0]  # (I, J)
            graph.node("Mul", graph.constant(total / on_image))
    graph.shape = step.output_shape


def _lp_pooling(graph, step):
    """The largest size under each window is taken out of the sum, so that no power overflows.

    ONNX's ``LpPool`` does not, and has whole numbers for p alone.
    """
    graph.maps_first()
    geometry, channels = step.geometry, step.input_shape[2]
    cells = prod(geometry.window)
    each = np.eye(cells, dtype=np.float32).reshape(cells, *geometry.window)
    _each_channel(graph, geometry, each)  # (N, C · cells, I, J)
    graph.node("Reshape", graph.constant(np.int64([0, channels, cells, *geometry.output])))
    graph.node("Abs")
    sizes = graph.value
    graph.node("ReduceMax", axes=[2], keepdims=0)  # (N, C, I, J)
    largest = graph.value
    graph.node("Unsqueeze", graph.constant(np.int64([2])))
    graph.node("Max", graph.constant(np.float32(1e-37)))
    graph.node("Div", graph.value, to=sizes)
    graph.node("Pow", graph.constant(np.float32(step.p)))
    graph.node("ReduceSum", graph.constant(np.int64([2])), keepdims=0)  # (N, C, I, J)
    graph.node("Pow", graph.constant(np.float32(1 / step.p)))
    graph.node("Mul", largest)
    graph.shape = step.output_shape


def _each_channel(graph, geometry, kernels):
    """Convolve each channel with ``kernels`` (K, U, V): K maps of every channel."""
    channels = graph.shape[2]
    kernel = np.tile(np.float32(kernels)[:, None], (channels, 1, 1, 1))  # (C · K, 1, U, V)
    graph.node("Conv", graph.constant(kernel), **_window(geometry), group=channels)


def _activation(graph, step):
    graph.for_step(step)
    graph.node({"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh"}[step.function])


def _softmax(graph, step):
    graph.flat()
    graph.node("Softmax", axis=1)


WRITERS = {
    steps.Convolution: _convolution,
    steps.Dense: _dense,
    steps.Scaling: _scaling,
    steps.MaxPooling: _max_pooling,
    steps.AveragePooling: _average_pooling,
    steps.LpPooling: _lp_pooling,
    steps.Activation: _activation,
    steps.Softmax: _softmax,
}
