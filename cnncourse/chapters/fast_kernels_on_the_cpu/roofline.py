"""How fast something ran, beside how fast it could run on this machine."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure
from ...support.text import three_digits

MARKERS = "osD^vP*X<>"


def roofline(points, roofs):
    """Speeds under the roofs that a machine sets: GF/s over operations a byte, both logarithmic.

    A computation that does ``a`` operations for each byte that it moves to or from memory can run
    at most at ``min(peak, a · bandwidth)``: the flat part of a roof, or its sloping one.

    ``points``: name → (operations a byte, GF/s), for each computation; ``roofs``: name → (peak in
    GF/s, bandwidth in GB/s), for example of one core and of all. Raises ``ValueError`` if there is
    no roof, or for a value that is not positive.

    Source: S. Williams, A. Waterman and D. Patterson, *Roofline: an insightful visual performance
    model for multicore architectures*, 2009.

    >>> roofline({"copy and add": (0.125, 2)}, {"the machine": (100, 20)})
    <Figure: Roofline. the machine: at most 100 GF/s and 20.0 GB/s. copy and add: 2.00 GF/s at 0.125
    operations a byte, 80.0 % of what the highest roof allows>
    """
    if not roofs:
        raise ValueError("roofline: expected at least one roof, name → (peak GF/s, GB/s)")
    for name, pair in {**points, **roofs}.items():
        if len(pair) != 2 or not all(np.isfinite(number) and number > 0 for number in pair):
            raise ValueError(f"roofline: {name!r} must be two positive numbers, got {pair}")
    figure = DescribedFigure(_described(points, roofs), 9, 5)
    ax = figure.subplots()
    ridges = [peak / bandwidth for peak, bandwidth in roofs.values()]
    xs = [x for x, _ in points.values()] + ridges
    peaks = [peak for peak, _ in roofs.values()]
    left, right = min(xs) / 3, max(xs) * 12  # room for the names beside the points
    bottom = min([y for _, y in points.values()] + [min(peaks) / 30]) / 2
    ax.set(xscale="log", yscale="log", xlim=(left, right), ylim=(bottom, max(peaks) * 3))
    ax.set(xlabel="operations for each byte moved to or from memory", ylabel="GF/s")
    ax.grid(alpha=0.3)

    for (name, (peak, bandwidth)), style in zip(roofs.items(), _styles(peaks), strict=True):
        ridge = peak / bandwidth
        ax.plot(
            [left, ridge, right], [left * bandwidth, peak, peak], color="black", lw=1.5, **style
        )
        above = peak == max(peaks)
        ax.annotate(
            f"{name}: {three_digits(peak)} GF/s, {three_digits(bandwidth)} GB/s",
            (right, peak),
            xytext=(6, 0),
            textcoords="offset points",
            va="bottom" if above else "top",
            fontsize=9,
        )
    gap = 0.052 * np.log10(max(peaks) * 3 / bottom)  # of two names, in powers of ten
    heights = _spread(points, gap)
    for k, (name, (x, y)) in enumerate(points.items()):
        ax.plot(x, y, MARKERS[k % len(MARKERS)], color=COLOURS[k % len(COLOURS)], ms=8)
        crowded = any(_near(x, other) for n, (other, _) in points.items() if n != name)
        position = (1.5 * x, heights[name]) if crowded else (x, y / 10**gap)
        ax.annotate(
            name,
            (x, y),
            xytext=position,
            ha="left" if crowded else "center",
            va="center",
            fontsize=9,
            bbox={"color": "white", "pad": 1},
            arrowprops={"arrowstyle": "-", "color": "0.6", "lw": 0.8, "shrinkB": 5},
        )
    return figure


def _described(points, roofs):
    """The picture in words, with all its numbers."""
    parts = ["Roofline"]
    for name, (peak, bandwidth) in roofs.items():
        limits = f"{three_digits(peak)} GF/s and {three_digits(bandwidth)} GB/s"
        parts.append(f"{name}: at most {limits}")
    for name, (x, y) in points.items():
        share = y / max(min(peak, x * bandwidth) for peak, bandwidth in roofs.values())
        speed = f"{three_digits(y)} GF/s at {three_digits(x)} operations a byte"
        allowed = f"{three_digits(100 * share)} % of what the highest roof allows"
        parts.append(f"{name}: {speed}, {allowed}")
    return ". ".join(parts)


def _styles(peaks):
    """The highest roof is drawn solid, the others dashed."""
    return [{"ls": "-" if peak == max(peaks) else "--"} for peak in peaks]


def _near(x, other):
    """Whether names beside points at ``x`` and ``other`` could overlap."""
    return max(x, other) < 6 * min(x, other)


def _spread(points, gap):
    """Where each name is written: its point's GF/s, or so far off that names do not overlap.

    ``gap`` is the least distance, in powers of ten, of names that are near each other.
    """
    order = sorted(points, key=lambda name: points[name][1])
    heights = {name: np.log10(points[name][1]) for name in order}
    for _ in range(100):  # push apart what is too close; a push may make others too close
        for k, low in enumerate(order):
            for high in order[k + 1 :]:
                missing = gap - (heights[high] - heights[low])
                if missing > 0 and _near(points[low][0], points[high][0]):
                    heights[low] -= missing / 2
                    heights[high] += missing / 2
    return {name: 10**height for name, height in heights.items()}
