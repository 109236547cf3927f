"""Networks side by side: what one choice changes."""

from ...model.summary import layer_shapes
from ...support.text import size_text, table


def compare(models):
    """Print for each model its last feature maps, its parameters and its multiply-adds.

    ``models``: name → model, with known shapes. The feature maps are the last that are still
    images; the costs are those of one image.

    >>> from cnncourse import Sequential, layers
    >>> chain = [layers.Conv2D(8, 5), layers.Flatten(), layers.Dense(10)]
    >>> compare({"one convolution": Sequential(chain, input_shape=(28, 28, 1))})
                      last maps   parameters   multiply-adds
    ────────────────────────────────────────────────────────
    one convolution   24×24×8         46,298         161,280
    ────────────────────────────────────────────────────────
    """
    rows = []
    for name, model in models.items():
        shapes = layer_shapes(model)
        maps = [shape for _, _, shape in shapes if len(shape) == 3]
        work = sum(layer.multiply_adds(before) for layer, before, _ in shapes)
        last = size_text(maps[-1]) if maps else ""
        rows.append((name, last, f"{model.count_params():,}", f"{work:,}"))
    print(table(("", "last maps", "parameters", "multiply-adds"), rows))
