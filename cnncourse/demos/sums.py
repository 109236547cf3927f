"""How one value of a layer's output comes about: the sum, or whatever it is, in numbers.

One function for each kind of operation: it takes the operation, its input for one image as float64
(height, width, channels) or (features,), and the unit whose value is asked for, (row, column,
channel) or (feature,); it gives a `Sum`. They follow the formulas of ``kernels/reference.py``,
written out for a single value.
"""

from dataclasses import dataclass, field

import numpy as np

from .. import layers
from ..explanations.passes import Pass
from ..receptive_field import cut
from ..support.text import size_text

MOST_CELLS = 144  # in a grid that is shown
MOST_TERMS = 8  # of a dense layer's sum that are shown one by one


@dataclass(frozen=True)
class Sum:
    """How a value comes about.

    Attributes
    ----------
    formula : str
    value : float
        The formula's result, worked out in float64; NaN where there is no formula.
    grids : dict of str to array (rows, columns)
        What goes into it, to be shown side by side; NaN is a cell on the padding.
    marked : pair of int, or None
        The row and column of the one cell that counts.
    lines : list of (str, float)
        Its parts, one below the other.
    parts : list of float
        A convolution's sums over the window, one for each input channel; ``channel`` is the one
        that the grids show.
    """

    formula: str
    value: float
    grids: dict = field(default_factory=dict)
    marked: tuple | None = None
    lines: list = field(default_factory=list)
    parts: list = field(default_factory=list)
    channel: int | None = None


def sum_of(operation, x, unit, channel=None, name="input {}".format):
    """The `Sum` behind one value of ``operation``'s output.

    ``x``: the operation's input for one image; ``unit``: the value's index in the output;
    ``channel``: which input channel a convolution's grids show, that with the largest part if left
    out; ``name``: the function that names a dense layer's inputs by their numbers. Operations of
    somebody's own have no formula here.

    >>> relu = layers.ReLU()
    >>> sum_of(relu, np.array([1.5, -2]), (1,))
    Sum(formula='max(0, x)', value=0.0, grids={}, marked=None, lines=[('x', -2.0)], parts=[],
    channel=None)
    """
    x = np.asarray(x, np.float64)
    kind = type(operation)
    if kind is layers.Conv2D:
        return _convolution(operation, x, unit, channel)
    if kind is layers.SeparableConv2D:
        return _separable(operation, x, unit)
    if kind is layers.Dense:
        return _dense(operation, x, unit, name)
    if kind in _BY_TYPE:
        return _BY_TYPE[kind](operation, x, unit)
    return Sum(f"{operation} is a layer of your own: its forward says how", np.nan)


# Windows


def _window(operation, x, unit):
    """The window's cells of a unit (row, column, …): (rows, columns, channels), NaN on padding."""
    geometry = operation.geometry(x.shape)
    at = unit[:2] if len(unit) == 3 else (0, 0)  # global pooling has one window
    starts = [k * s - pad for k, s, pad in zip(at, geometry.strides, geometry.before, strict=True)]
    field = [range(k, k + cells) for k, cells in zip(starts, geometry.extent, strict=True)]
    down, right = geometry.dilation
    return cut(x, field, beyond=np.nan)[::down, ::right]  # without the gaps


def _shown(**grids):
    """The grids, where all of them are small enough to be read."""
    return {} if any(grid.size > MOST_CELLS for grid in grids.values()) else grids


def _convolution(operation, x, unit, channel):
    window = _window(operation, x, unit)  # (U, V, C)
    kernel = _weight(operation, "kernel")[..., unit[-1]]  # (U, V, C)
    products = np.nan_to_num(window) * kernel
    parts = products.sum(axis=(0, 1))  # (C,)
    channel = int(np.abs(parts).argmax()) if channel is None else channel
    lines = [(f"the {products[..., channel].size} products, added up", parts[channel])]
    if len(parts) > 1:
        lines[0] = (f"channel {channel}: {lines[0][0]}", lines[0][1])
        lines.append((f"all {len(parts)} channels, added up", parts.sum()))
    value = parts.sum()
    if operation.use_bias:
        bias = _weight(operation, "bias")[unit[-1]]
        lines.append(("bias", bias))
        value += bias
    grids = {"window": window, "kernel": kernel, "products": products}
    return Sum(
        "Σ window · kernel" + " + bias" * operation.use_bias,
        float(value),
        _shown(**{name: grid[..., channel] for name, grid in grids.items()}),
        lines=_numbers(lines),
        parts=parts.tolist(),
        channel=channel,
    )


def _depthwise(operation, x, unit):
    channel, number = divmod(unit[-1], operation.depth_multiplier)
    window = _window(operation, x, unit)[..., channel]  # (U, V)
    kernel = _weight(operation, "kernel")[..., channel, number]  # (U, V)
    products = np.nan_to_num(window) * kernel
    value = products.sum()
    lines = [(f"channel {channel} alone: the {products.size} products, added up", value)]
    if operation.use_bias:
        bias = _weight(operation, "bias")[unit[-1]]
        lines.append(("bias", bias))
        value += bias
    return Sum(
        "Σ window · kernel" + " + bias" * operation.use_bias,
        float(value),
        _shown(window=window, kernel=kernel, products=products),
        lines=_numbers(lines),
    )


def _separable(operation, x, unit):
    window = _window(operation, x, unit)[..., None]  # (U, V, C, 1)
    kernel = _weight(operation, "depthwise_kernel")  # (U, V, C, M)
    products = np.nan_to_num(window) * kernel
    weights = _weight(operation, "pointwise_kernel")[0, 0, :, unit[-1]]  # (C·M,)
    parts = products.sum(axis=(0, 1)).reshape(-1) * weights
    largest = int(np.abs(parts).argmax())
    channel, number = divmod(largest, operation.depth_multiplier)
    lines = [
        (f"channel {channel}: the {kernel[..., 0, 0].size} products, added up",
         products[..., channel, number].sum()),
        ("its weight", weights[largest]),
        (f"all {len(parts)} such sums, each times its weight, added up", parts.sum()),
    ]  # fmt: skip
    value = parts.sum()
    if operation.use_bias:
        bias = _weight(operation, "bias")[unit[-1]]
        lines.append(("bias", bias))
        value += bias
    return Sum(
        "Σ weight · (Σ window · kernel)" + " + bias" * operation.use_bias,
        float(value),
        _shown(
            window=window[..., channel, 0],
            kernel=kernel[..., channel, number],
            products=products[..., channel, number],
        ),
        lines=_numbers(lines),
    )


def _max_pooling(operation, x, unit):
    window = _window(operation, x, unit)[..., unit[-1]]
    where = np.unravel_index(np.nanargmax(window), window.shape)
    formula = f"the largest of {size_text(window.shape)} values"
    return Sum(formula, float(window[where]), _shown(window=window), marked=tuple(map(int, where)))


def _average_pooling(operation, x, unit):
    window = _window(operation, x, unit)[..., unit[-1]]
    weights = np.where(np.isnan(window), 0, operation.cell_weights(window.shape))
    total, count = np.nansum(window * weights), weights.sum()
    lines = _numbers([("Σ weight · value", total), ("Σ weight", count)])
    if np.all((weights == 0) | (weights == 1)):
        lines = _numbers([("values, added up", total), ("how many", count)])
        return Sum(
            "the mean of the window", float(total / count), _shown(window=window), None, lines
        )
    grids = _shown(window=window, weights=weights)
    return Sum("Σ weight · value / Σ weight", float(total / count), grids, None, lines)


def _lp_pooling(operation, x, unit):
    window = _window(operation, x, unit)[..., unit[-1]]
    sizes = np.abs(np.nan_to_num(window))
    largest = sizes.max() or 1.0
    value = largest * ((sizes / largest) ** operation.p).sum() ** (1 / operation.p)
    p = f"{operation.p:g}"
    return Sum(f"(Σ |x|^{p})^(1/{p})", float(value), _shown(window=window))


def _upsampling(operation, x, unit):
    row, column, channel = unit
    if not operation.bilinear:
        down, right = operation.size
        pixel = row // down, column // right, channel
        return Sum(f"the value {unit_name(pixel)}", float(x[pixel]))
    (rows, down), (columns, right) = (
        _between(at, factor, side)
        for at, factor, side in zip((row, column), operation.size, x.shape, strict=False)
    )
    window, weights = x[rows[:, None], columns, channel], np.outer(down, right)
    return Sum(
        "Σ pixel · weight, which is larger the closer a pixel is",
        float((window * weights).sum()),
        _shown(window=window, weights=weights),
    )


def _between(at, factor, side):
    """Along one axis: the two pixels that an enlarged one lies between, and their weights."""
    place = (at + 0.5) / factor - 0.5  # where pixel k's centre is at k
    before = int(np.floor(place))
    pixels = np.clip([before, before + 1], 0, side - 1)
    return pixels, np.array([before + 1 - place, place - before])


def _transposed_convolution(operation, x, unit):
    row, column, number = unit
    geometry = operation.geometry(x.shape)
    kernel = _weight(operation, "kernel")[:, :, number]  # (U, V, C)
    rows, columns = operation.sources(x.shape, (range(row, row + 1), range(column, column + 1)))
    lines = []
    for i in range(max(rows.start, 0), min(rows.stop, x.shape[0])):
        for j in range(max(columns.start, 0), min(columns.stop, x.shape[1])):
            u, v = (
                at + pad - k * s
                for at, pad, k, s in zip(
                    (row, column), geometry.before, (i, j), geometry.strides, strict=True
                )
            )
            lines.append((f"pixel {i}, {j} · its cell {u}, {v}", x[i, j] @ kernel[u, v]))
    value = sum(product for _, product in lines)
    if operation.use_bias:
        lines.append(("bias", _weight(operation, "bias")[number]))
        value += lines[-1][1]
    formula = "Σ pixel · kernel" + " + bias" * operation.use_bias
    return Sum(formula, float(value), lines=_numbers(lines))


# Rows


def _dense(operation, x, unit, name):
    (number,) = unit
    kernel = _weight(operation, "kernel")[:, number]  # (F,)
    products = x * kernel
    order = np.argsort(-np.abs(products), kind="stable")
    lines = [
        (f"{name(int(k))}: {x[k]:.3g} · {kernel[k]:.3g}", products[k]) for k in order[:MOST_TERMS]
    ]
    rest = order[MOST_TERMS:]
    if len(rest):
        lines.append((f"the other {len(rest):,} products", products[rest].sum()))
    value = products.sum()
    if operation.use_bias:
        bias = _weight(operation, "bias")[number]
        lines.append(("bias", bias))
        value += bias
    formula = "Σ input · weight" + " + bias" * operation.use_bias
    return Sum(formula, float(value), lines=_numbers(lines))


def _softmax(operation, x, unit):
    *position, number = unit
    x = x[tuple(position)]  # (classes,)
    powers = np.exp(x - x.max())
    grids = {"logits": x[:, None], "exp(logit − largest)": powers[:, None]}
    lines = [("exp(logit − largest)", powers[number]), ("Σ over all classes", powers.sum())]
    value = float(powers[number] / powers.sum())
    return Sum("exp(logit) / Σ exp(logits)", value, _shown(**grids), None, _numbers(lines))


# Value by value


def _residual(operation, x, unit):
    branches = zip(("its layers", "its shortcut"), operation.branches, strict=True)
    lines = _numbers(
        (name, Pass(branch, x[None], operation.backend).result()[0][unit])
        for name, branch in branches
    )
    return Sum("layers(x) + shortcut(x)", sum(number for _, number in lines), lines=lines)


def _batch_normalization(operation, x, unit):
    mean, variance, gamma, beta = (
        _weight(operation, name)[unit[-1]]
        for name in ("moving_mean", "moving_variance", "gamma", "beta")
    )
    value = gamma * (x[unit] - mean) / np.sqrt(variance + operation.epsilon) + beta
    lines = [
        ("x", x[unit]),
        ("mean", mean),
        ("variance", variance),
        ("gamma", gamma),
        ("beta", beta),
    ]
    return Sum(
        f"gamma · (x − mean) / √(variance + {operation.epsilon:g}) + beta",
        float(value),
        lines=_numbers(lines),
    )


def _layer_normalization(operation, x, unit):
    values = x[unit[:-1]]  # (channels,)
    mean, variance = values.mean(), values.var()
    value = (x[unit] - mean) / np.sqrt(variance + operation.epsilon)
    formula = f"(x − mean) / √(variance + {operation.epsilon:g})"
    lines = [("x", x[unit]), ("mean of the channels here", mean), ("their variance", variance)]
    if operation.scale:
        lines.append(("gamma", _weight(operation, "gamma")[unit[-1]]))
        formula, value = f"gamma · {formula}", value * lines[-1][1]
    if operation.center:
        lines.append(("beta", _weight(operation, "beta")[unit[-1]]))
        formula, value = f"{formula} + beta", value + lines[-1][1]
    return Sum(formula, float(value), lines=_numbers(lines))


def _of_one_value(formula, function):
    def explain(operation, x, unit):
        return Sum(formula, float(function(x[unit])), lines=_numbers([("x", x[unit])]))

    return explain


def _flatten(operation, x, unit):
    at = tuple(int(k) for k in np.unravel_index(unit[0], x.shape))
    return Sum(f"the value {unit_name(at)}", float(x[at]))


_BY_TYPE = {
    layers.DepthwiseConv2D: _depthwise,
    layers.MaxPooling2D: _max_pooling,
    layers.GlobalMaxPooling2D: _max_pooling,
    layers.AveragePooling2D: _average_pooling,
    layers.GlobalAveragePooling2D: _average_pooling,
    layers.WeightedAveragePooling2D: _average_pooling,
    layers.LpPooling2D: _lp_pooling,
    layers.UpSampling2D: _upsampling,
    layers.Conv2DTranspose: _transposed_convolution,
    layers.BatchNormalization: _batch_normalization,
    layers.LayerNormalization: _layer_normalization,
    layers.Flatten: _flatten,
    layers.Residual: _residual,
    layers.Softmax: _softmax,
    layers.ReLU: _of_one_value("max(0, x)", lambda x: max(x, 0.0)),
    layers.Sigmoid: _of_one_value("1 / (1 + exp(−x))", lambda x: 0.5 + 0.5 * np.tanh(x / 2)),
    layers.Tanh: _of_one_value("tanh(x)", np.tanh),
    layers.Dropout: _of_one_value("x: at inference, nothing is dropped", lambda x: x),
}


def unit_name(unit):
    """A unit as people say it.

    >>> unit_name((2, 3, 0)), unit_name((7,))
    ('of map 0, row 2, column 3', 'number 7')
    """
    if len(unit) == 1:
        return f"number {unit[0]}"
    row, column, channel = unit
    return f"of map {channel}, row {row}, column {column}"


def _weight(operation, name):
    """A weight of the operation in float64."""
    return operation.backend.to_numpy(operation.weights[name]).astype(np.float64)


def _numbers(lines):
    return [(text, float(number)) for text, number in lines]
