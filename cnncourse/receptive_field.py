"""The receptive field of one position of a network's output, traced back layer by layer."""

import numpy as np

from .layers import Layer, Residual
from .support import arguments, checks
from .support.text import size_text


def trace(layers, input_shape, position):
    """The receptive field of the output's ``position``: its rows and columns in every layer.

    The trace goes back through the layers: positions ``first`` to ``last`` of a window of ``k``
    cells with stride ``s`` cover the pixels ``first · s − before`` to
    ``last · s − before + k − 1``, where ``before`` zeros were put in front of the image. What a
    residual block gives sees what either of its branches sees.

    Parameters
    ----------
    layers : list of Layer
        From the image on, as in ``model.layers``. Layers that give a row instead of maps
        (`Flatten`, `Dense`, global pooling) have no positions: leave them out.
    input_shape : tuple of int
        One image's: (height, width, channels).
    position : pair of int
        Row and column in the last layer's output.

    Returns
    -------
    list of (range, range)
        Rows and columns: of the image first, then of each layer's output, ``position`` itself last.
        Ranges that begin below 0 or end behind the image reach into the padding.
        Pixels that a layer drops at an edge, as a pooling does whose windows do not fill the image,
        are left out; those in the gaps of a dilated window are not.

    Raises ``ValueError`` for a position that the output does not have, and for a layer without
    positions, ``TypeError`` for what is no list of layers, no shape or no pair.

    >>> from cnncourse import layers
    >>> chain = [layers.Conv2D(32, 5), layers.MaxPooling2D(2)]
    >>> trace(chain, (28, 28, 1), (0, 3))[0]
    (range(0, 6), range(6, 12))

    Source: Araujo, Norris & Sim, *Computing Receptive Fields of Convolutional Neural Networks*,
    2019.
    """
    layers = _require_layers(layers)
    position = _pair(position)
    shapes = [checks.shape(input_shape, "input_shape")]
    for layer in layers:
        shapes.append(layer.output_shape(shapes[-1]))
        if layer.receptive_field is None or len(shapes[-1]) != 3:
            raise ValueError(
                f"{layer} gives a row, whose values have no position on the image; "
                "leave out this layer and all behind it"
            )
    if not all(0 <= at < size for at, size in zip(position, shapes[-1][:2], strict=True)):
        raise ValueError(
            f"position {tuple(position)} is not in the output of {size_text(shapes[-1][:2])} "
            "(rows × columns)"
        )
    return _back(layers, shapes[0], tuple(range(at, at + 1) for at in position))


def cut(image, field, beyond=0.0):
    """The pixels of an image that lie in a receptive field.

    ``image``: (height, width, channels); ``field``: its rows and columns, a pair of ranges as
    `trace` gives them; ``beyond``: the value of what lies beyond the image. Gives an array (rows,
    columns, channels) of the image's number type.

    >>> cut(np.ones((2, 2, 1)), (range(-1, 2), range(1, 3)))[:, :, 0]
    array([[0., 0.],
           [1., 0.],
           [1., 0.]])
    """
    out = np.full((*map(len, field), image.shape[2]), beyond, image.dtype)
    places = [np.array(part) for part in field]
    inside = [(at >= 0) & (at < side) for at, side in zip(places, image.shape[:2], strict=True)]
    there = [at[is_inside] for at, is_inside in zip(places, inside, strict=True)]
    out[np.ix_(*inside)] = image[np.ix_(*there)]
    return out


def _require_layers(layers):
    """``layers`` if it is a list of one or more; a ``TypeError`` or ``ValueError`` otherwise."""
    if not isinstance(layers, (list, tuple)) or not all(isinstance(x, Layer) for x in layers):
        raise TypeError(
            "layers must be a list of layers, as model.layers is, got "
            f"{arguments.described(layers)}"
        )
    if not layers:
        raise ValueError("layers: expected at least one layer, got an empty list")
    return layers


def _pair(position):
    """Row and column as two ints."""
    if not isinstance(position, (tuple, list)) or len(position) != 2:
        raise TypeError(
            f"position must be a pair (row, column), got {arguments.described(position)}"
        )
    return tuple(checks.whole_number(at, "position: row and column", least=0) for at in position)


def zeros_before(layer, input_shape):
    """How many zeros ``layer`` puts in front of the image: (rows, columns).

    Layers without windows, such as activations, take value by value and pad with none. Of a
    residual block, it is how far its first value sees beyond the image.
    """
    if isinstance(layer, Residual):
        return tuple(-seen.start for seen in _covered(layer, input_shape, (range(1), range(1))))
    return layer.geometry(input_shape).before if hasattr(layer, "geometry") else (0, 0)


def _back(layers, input_shape, positions):
    """What ``positions`` of the last layer's output see: of the input, and of each layer's output.

    ``positions``, and each of the list that is given: ranges of rows and columns.
    """
    shapes = [input_shape]
    for layer in layers:
        shapes.append(layer.output_shape(shapes[-1]))
    ranges = [positions]
    for layer, shape in zip(reversed(layers), reversed(shapes[:-1]), strict=True):
        ranges.append(_covered(layer, shape, ranges[-1]))
        if not all(map(len, ranges[-1])):
            raise ValueError(
                f"this position depends on no pixel: the kernels of {layer}, smaller than its "
                "strides, do not reach it"
            )
    return ranges[::-1]


def _covered(layer, input_shape, positions):
    """The input's rows and columns under windows at ``positions``, ranges of rows and columns.

    Positions beyond the layer's output are the padding of the layer behind it. They see what lies
    beyond the input: where the layer drops pixels at an edge, nobody sees these.
    """
    outputs = layer.output_shape(input_shape)[:2]
    there = [_clipped(at, count) for at, count in zip(positions, outputs, strict=True)]
    # along an axis on which all positions are padding, what is under them is sorted out below
    asked = [real or at for real, at in zip(there, positions, strict=True)]
    sides = zip(
        _under(layer, input_shape, positions),
        _under(layer, input_shape, asked),
        positions,
        there,
        input_shape[:2],
        strict=True,
    )
    return tuple(_seen(*side) for side in sides)


def _clipped(positions, count):
    """Those of ``positions``, a range, from 0 to ``count`` - 1."""
    return range(max(positions.start, 0), min(positions.stop, count))


def _seen(everywhere, seen, positions, there, side):
    """Of ``everywhere``, what ``positions`` are over, only what those that are ``there`` see.

    All but ``side``, the input's pixels, are ranges; ``seen`` is what those that are there are
    over. What lies beyond the input is kept of both.
    """
    if there:
        start = min(seen.start, everywhere.start) if seen.start <= 0 else seen.start
        return range(start, max(seen.stop, everywhere.stop) if seen.stop >= side else seen.stop)
    if positions.start < 0:
        return range(everywhere.start, min(everywhere.stop, 0))
    return range(max(everywhere.start, side), max(everywhere.stop, side + 1))


def _under(layer, input_shape, positions):
    """The input's rows and columns under windows at ``positions``, were there any beyond it."""
    if isinstance(layer, Residual):
        branches = layer.layers, layer.shortcut
        seen = zip(*(_back(branch, input_shape, positions)[0] for branch in branches), strict=True)
        return tuple(
            range(min(deep.start, past.start), max(deep.stop, past.stop)) for deep, past in seen
        )
    if hasattr(layer, "sources"):  # a layer that enlarges images
        return layer.sources(input_shape, positions)
    window, strides = layer.receptive_field
    before = zeros_before(layer, input_shape)
    return tuple(
        range(at.start * stride - pad, at[-1] * stride - pad + cells)
        for at, cells, stride, pad in zip(positions, window, strides, before, strict=True)
    )
