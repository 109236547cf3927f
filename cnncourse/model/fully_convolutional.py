"""A network for images of any size: its dense layers as convolutions with the same weights.

A dense layer behind a `Flatten` sees all of a map at once. So does a convolution whose window is as
large as that map; on a larger one it slides, and gives at each position what the dense layer would
give for the part under the window. A global pooling becomes a pooling with such a window, and the
dense layers behind either get a window of 1×1.

Source: Long, Shelhamer & Darrell, *Fully Convolutional Networks for Semantic Segmentation*, 2015.
"""

from copy import deepcopy
from math import prod

from .. import layers as own
from ..support.text import size_text

SLIDING = {
    own.GlobalAveragePooling2D: own.AveragePooling2D,
    own.GlobalMaxPooling2D: own.MaxPooling2D,
}
VALUE_BY_VALUE = own.ReLU, own.Sigmoid, own.Tanh, own.Dropout
CHANNELS_OF_A_POSITION = own.BatchNormalization, own.LayerNormalization, own.Softmax
ONE = (1, 1)


def fully_convolutional(layers, input_shape):
    """Copies of built ``layers``, and convolutions and pooling in the place of those of rows.

    Raises ``ValueError`` for a layer that nothing can take the place of; see
    `Sequential.fully_convolutional`.
    """
    if len(input_shape) != 3:
        raise ValueError(
            "expected a model of images, (height, width, channels), got one that takes "
            f"{tuple(input_shape)}"
        )
    shape, window, result = input_shape, ONE, []
    for layer in layers:
        after = layer.output_shape(shape)
        if type(layer) is own.Flatten:
            if len(shape) == 3:
                window = shape[:2]  # whose values are in a row now
        elif type(layer) in SLIDING:
            result.append(SLIDING[type(layer)](shape[:2], strides=1))
            _take_name(result[-1], layer)
        elif type(layer) is own.Dense:
            result.append(_convolution(layer, window))
            window = ONE
        elif (
            len(after) == len(shape) == 3
            or type(layer) in VALUE_BY_VALUE
            or (type(layer) in CHANNELS_OF_A_POSITION and window == ONE)
        ):
            result.append(deepcopy(layer))
        else:
            raise ValueError(
                f"{layer} takes all {prod(shape):,} values at once, and only a layers.Dense that "
                "does so has a convolution that does the same"
            )
        shape = after
    if window != ONE:
        raise ValueError(
            f"the model ends in a row of {size_text(window)} positions, which has no meaning for "
            "larger images; leave out its Flatten, or add a layers.Dense"
        )
    return result


def _convolution(dense, window):
    """The convolution that gives for a map of ``window`` what ``dense`` gives for its values."""
    kernel, *bias = dense.get_weights()
    kernel = kernel.reshape(*window, -1, dense.units)  # (H·W·C, units) → (H, W, C, units)
    conv = own.Conv2D(
        dense.units,
        window,
        activation=dense.activation and dense.activation.keras_name,
        use_bias=dense.use_bias,
        kernel_initializer=dense.kernel_initializer,
        bias_initializer=dense.bias_initializer,
    )
    conv.build((*window, kernel.shape[2]), dense.backend)
    conv.set_weights([kernel, *bias])
    conv.trainable = dense.trainable
    _take_name(conv, dense)
    return conv


def _take_name(layer, other):
    """Call ``layer`` what ``other`` is called, whose place it takes."""
    layer.name, layer.named = other.name, other.named
