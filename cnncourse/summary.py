"""The table that ``model.summary()`` prints."""

HEADS = ("Layer (type)", "Output Shape", "Param #")


def table(layers, input_shape):
    """Layer, output shape and parameters of each layer, and the totals, as text.

    The shapes' first axis, the images, is ``None``: any number of them.

    Source: the tables in *CNN – Tutorial with Keras*, 5 and 6.
    """
    rows, shape = [], input_shape
    for layer in layers:
        shape = layer.output_shape(shape)
        sizes = ", ".join(map(str, (None, *shape)))
        rows.append((repr(layer), f"({sizes})", f"{layer.count_params():,}"))
    total = sum(layer.count_params() for layer in layers)
    left, middle, right = (max(map(len, column)) + 3 for column in zip(HEADS, *rows, strict=True))
    lines = [f"{name:<{left}}{shape:<{middle}}{count:>{right}}" for name, shape, count in rows]
    head = f"{HEADS[0]:<{left}}{HEADS[1]:<{middle}}{HEADS[2]:>{right}}"
    rule = "─" * len(head)
    return "\n".join([head, rule, *lines, rule, f"Total params: {total:,}"])
