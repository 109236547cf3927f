"""From logits to probabilities, in two steps."""

import numpy as np

from ...plots.boxes import BLUE
from ...plots.figure import DescribedFigure
from ...support.checks import finite, numbers


def softmax_steps(logits):
    """The logits of one image, their exponentials, and these divided by their sum, as bars.

    ``logits``: (classes,). Raises ``ValueError`` for another shape.

    >>> softmax_steps([2, 0.5, -1])
    <Figure: Three charts of 3 bars. Logits: 2.0, 0.5, −1.0. Their exponentials, all positive: 7.4,
    1.6, 0.4. Divided by their sum, the softmax, which adds up to 1: 0.786, 0.175, 0.039>
    """
    logits = finite(numbers(logits, "logits"), "logits").astype(float)
    if logits.ndim != 1 or not logits.size:
        raise ValueError(f"logits: expected those of one image, (classes,), got {logits.shape}")
    exponentials = np.exp(logits)
    rows = {
        "logits": (logits, ".1f"),
        "exponentials": (exponentials, ".1f"),
        "divided by their sum: softmax": (exponentials / exponentials.sum(), ".3f"),
    }
    texts = [
        [f"{value:{form}}".replace("-", "−") for value in values] for values, form in rows.values()
    ]
    figure = DescribedFigure(
        f"Three charts of {len(logits)} bars. Logits: {', '.join(texts[0])}. Their exponentials, "
        f"all positive: {', '.join(texts[1])}. Divided by their sum, the softmax, which adds up to "
        f"1: {', '.join(texts[2])}",
        9.5,
        2.8,
    )
    for ax, (title, (values, _)), row in zip(
        figure.subplots(1, 3), rows.items(), texts, strict=True
    ):
        bars = ax.bar(range(len(values)), values, color=BLUE)
        ax.bar_label(bars, row, padding=2, fontsize=10)
        ax.axhline(0, color="0.4", lw=0.8)
        ax.margins(y=0.18)
        ax.set_xticks(range(len(values)))
        ax.set(xlabel="class")
        ax.set_title(title, fontsize=11)
    return figure
