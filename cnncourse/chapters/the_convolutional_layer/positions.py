"""Where a window stops on its way along one side of an image."""

from matplotlib.patches import Rectangle

from ...kernels.geometry import Geometry
from ...plots.figure import COLOURS, DescribedFigure

BLUE, ORANGE, VERMILION = COLOURS[0], COLOURS[1], COLOURS[4]


def positions(size, window, stride=1, padding=0):
    """All positions of a window on one side of an image, one line each.

    ``size``: pixels of the side; ``window``: cells; ``stride``: pixels from one position to the
    next; ``padding``: zeros on both sides, or ``"valid"`` or ``"same"``. Pixels that no window
    reaches are hatched. Raises ``ValueError`` for a window that does not fit.

    >>> positions(7, 3, stride=2)
    <Figure: A side of 7 pixels, zeros: 0 before, 0 after. A window of 3 with stride 2 has 3
    positions. No pixel is left over>
    """
    pad = padding if isinstance(padding, str) else (padding, padding)
    geometry = Geometry.of((size, size), (window, window), (stride, stride), pad)
    before, count = geometry.before[0], geometry.output[0]
    reach = (count - 1) * stride + window - before  # the first pixel that no window reaches
    behind = before if not isinstance(padding, str) else max(reach - size, 0)
    left = size + behind - reach  # pixels, or zeros, left over
    left_text = "No pixel is" if left <= 0 else f"{left} {'is' if left == 1 else 'are'}"
    figure = DescribedFigure(
        f"A side of {size} pixels, zeros: {before} before, {behind} after. A window of "
        f"{window} with stride {stride} has {count} positions. {left_text} left over",
        9,
        1.2 + 0.26 * count,
    )
    ax = figure.subplots()
    for cell in range(-before, size + behind):
        padded = not 0 <= cell < size
        unused = cell >= reach
        face = "white" if padded else "0.85"
        look = {"ec": VERMILION, "hatch": "////"} if unused else {"ec": "0.4"}
        style = "--" if padded else "-"
        ax.add_patch(Rectangle((cell + 0.04, 0), 0.92, 1, fc=face, ls=style, lw=1.2, **look))
        ax.text(
            cell + 0.5,
            0.5,
            "0" if padded else f"$x_{{{cell}}}$",
            ha="center",
            va="center",
            fontsize=10,
        )
    for k in range(count):
        start = k * stride - before
        colour = BLUE if k % 2 == 0 else ORANGE
        ax.add_patch(Rectangle((start + 0.08, 1.25 + 0.75 * k), window - 0.16, 0.5, fc=colour))
        ax.text(start - 0.1, 1.5 + 0.75 * k, k, ha="right", va="center", fontsize=9)
    ax.set(xlim=(-before - 1, size + behind + 0.3), ylim=(1.4 + 0.75 * count, -0.1))
    said = f"P = {padding}" if padding != "same" else '"same"'
    many = f"{count} position{'s' if count != 1 else ''}"
    title = f"W = {size}, F = {window}, {said}, S = {stride}: {many}"
    ax.set_title(title, fontsize=11)
    ax.axis("off")
    return figure
