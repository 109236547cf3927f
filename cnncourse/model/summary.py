"""Tables of a model's layers, as ``model.summary()`` and ``model.explain()`` print them."""

from math import ceil, prod

from ..layers import Residual
from ..layers.rows import NOTHING, seen_through
from ..support.arguments import described
from ..support.text import size_text, table

INNER, PAST = "  ", "+ "  # before a layer of a block, and before one of its shortcut


def summary(layers, input_shape):
    """Layer, output shape and parameters of each layer, and the totals, as text.

    The layers of a residual block are indented under it, those of its shortcut behind a "+"; its
    parameters are theirs, added up. The shapes' first axis, the images, is ``None``: any number of
    them. Statistics count among the parameters, as in Keras, but are not trainable; nor are the
    weights of a frozen layer.

    Source: the tables in *CNN – Tutorial with Keras*, 5 and 6.
    """
    rows = [
        (
            f"{mark}{layer}{'' if layer.trainable else ', frozen'}",
            f"({', '.join(map(str, (None, *shape)))})",
            f"{layer.count_params():,}",
        )
        for mark, layer, _, shape, _ in _parts(layers, input_shape)
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
    jump``, and multiplies the jump by ``s``, a fraction where the layer enlarges images. A residual
    block sees what that of its branches does which sees more. Source: Araujo, Norris & Sim,
    *Computing Receptive Fields of Convolutional Neural Networks*, 2019.
    """
    rows = []
    for mark, layer, shape_in, shape, seen in _parts(layers, input_shape):
        field, jump = "all", ""
        if seen is not None:
            field, jump = size_text(map(ceil, seen[0])), size_text(seen[1])
        rows.append(
            (
                f"{mark}{layer}",
                size_text(shape),
                f"{layer.count_params():,}",
                f"{layer.multiply_adds(shape_in):,}",
                f"{prod(shape) * 4 / 1024:,.1f} KiB",
                field,
                jump,
            )
        )
    heads = ("layer", "output", "parameters", "multiply-adds", "memory", "field", "jump")
    return table(heads, rows)


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


def _parts(layers, input_shape, seen=NOTHING, mark=""):
    """Each layer, and behind it those that it is made of.

    Gives what marks how deep the layer lies, the layer, the shapes of one image before and after
    it, and what its output sees: receptive field and jump, or ``None`` for the whole image.
    ``seen``: what the input sees.
    """
    for layer, before, after in _shapes(layers, input_shape):
        behind = seen_through([layer], seen)
        yield mark, layer, before, after, behind
        if isinstance(layer, Residual):
            for branch, inner in (layer.layers, INNER), (layer.shortcut, PAST):
                yield from _parts(branch, before, seen, mark + inner)
        seen = behind
