"""Tables of a model's layers, as ``model.summary()`` and ``model.explain()`` print them."""

from math import prod

from ..support.arguments import described
from ..support.text import size_text, table


def summary(layers, input_shape):
    """Layer, output shape and parameters of each layer, and the totals, as text.

    The shapes' first axis, the images, is ``None``: any number of them. Statistics count among the
    parameters, as in Keras, but are not trainable; nor are the weights of a frozen layer.

    Source: the tables in *CNN – Tutorial with Keras*, 5 and 6.
    """
    rows = [
        (
            str(layer) if layer.trainable else f"{layer}, frozen",
            f"({', '.join(map(str, (None, *shape)))})",
            f"{layer.count_params():,}",
        )
        for layer, _, shape in _shapes(layers, input_shape)
    ]
    total = sum(layer.count_params() for layer in layers)
    trainable = sum(layer.count_trainable() for layer in layers)
    return "\n".join(
        [
            table(("Layer (type)", "Output Shape", "Param #"), rows),
            f"Total params: {total:,}",
            f"Trainable params: {trainable:,}",
            f"Non-trainable params: {total - trainable:,}",
        ]
    )


def explanation(layers, input_shape):
    """What each layer costs and sees, as text.

    For one image: output shape; parameters; multiply-adds; the memory of the output in float32; the
    *receptive field*, the pixels of the image that one number of the output depends on; and the
    *jump*, the pixels from one such field to the next.

    With a window of ``k`` and a stride of ``s``, a layer makes the field ``r`` grow by ``(k − 1) ·
    jump``, and multiplies the jump by ``s``. Source: Araujo, Norris & Sim, *Computing Receptive
    Fields of Convolutional Neural Networks*, 2019.
    """
    field, jump, rows = (1, 1), (1, 1), []
    for layer, shape_in, shape in _shapes(layers, input_shape):
        field, jump = _see(layer, field, jump)
        rows.append(
            (
                str(layer),
                size_text(shape),
                f"{layer.count_params():,}",
                f"{layer.multiply_adds(shape_in):,}",
                f"{prod(shape) * 4 / 1024:,.1f} KiB",
                "all" if field is None else size_text(field),
                "" if field is None else size_text(jump),
            )
        )
    heads = ("layer", "output", "parameters", "multiply-adds", "memory", "field", "jump")
    return table(heads, rows)


def _see(layer, field, jump):
    """Receptive field and jump after ``layer``; ``None`` where a value sees the whole image."""
    if field is None or layer.receptive_field is None:
        return None, jump
    window, strides = layer.receptive_field
    field = tuple(r + (k - 1) * j for r, k, j in zip(field, window, jump, strict=True))
    return field, tuple(j * s for j, s in zip(jump, strides, strict=True))


def layer_shapes(model):
    """Each layer of ``model`` with the shapes of one image before and after it, in a list.

    Raises ``TypeError`` for what is no model, ``ValueError`` for a model without shapes yet.
    """
    if isinstance(model, type) or not hasattr(model, "_known_shape"):
        raise TypeError(f"model must be a Sequential, got {described(model)}")
    return list(_shapes(model.layers, model._known_shape()))


def _shapes(layers, input_shape):
    """Each layer with the shapes of one image before and after it."""
    for layer in layers:
        output_shape = layer.output_shape(input_shape)
        yield layer, input_shape, output_shape
        input_shape = output_shape
