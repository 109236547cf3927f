"""Pictures of what was counted, computed or measured."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure
from ...support.text import duration

BLUE, ORANGE, GREEN, _, RED = COLOURS[:5]


def outcomes(counts):
    """How many orders of the threads' steps leave which value in memory.

    ``counts``: number of threads → dict, value in memory → orders, as `interleaving.outcomes`
    gives it.

    >>> outcomes({2: {1: 4, 2: 2}})
    <Figure: Orders that leave each value in memory. 2 threads, 6 orders: 1 from 4, 2 from 2>
    """
    texts = []
    for threads, found in counts.items():
        pairs = ", ".join(f"{number} from {orders:,}" for number, orders in found.items())
        texts.append(f"{threads} threads, {sum(found.values()):,} orders: {pairs}")
    figure = DescribedFigure(f"Orders that leave each value in memory. {'. '.join(texts)}", 9, 3)
    for ax, (threads, found) in zip(
        figure.subplots(1, len(counts), squeeze=False)[0], counts.items(), strict=True
    ):
        total = sum(found.values())
        colours = [GREEN if number == threads else ORANGE for number in found]
        bars = ax.bar([str(number) for number in found], found.values(), color=colours)
        ax.bar_label(bars, [f"{count / total:.0%}" for count in found.values()], padding=2)
        ax.set_title(f"{threads} threads: {total:,} orders", fontsize=11)
        ax.set(xlabel="value in memory at the end", ylim=(0, 1.18 * max(found.values())))
        ax.spines[["top", "right"]].set_visible(False)
    figure.axes[0].set_ylabel("orders")
    return figure


def loads(counted):
    """Values read per multiply-add, from the GPU's memory and from shared memory.

    ``counted``: name → `Loads`.

    >>> from .counting import Loads
    >>> loads({"naive": Loads(100, 200, 0), "tiled": Loads(100, 20, 200)})
    <Figure: Values read per multiply-add. naive: 2.000 from memory, 0.00 from shared memory.
    tiled: 0.200 from memory, 2.00 from shared memory>
    """
    each = {name: found.each() for name, found in counted.items()}
    texts = [
        f"{name}: {memory:.3f} from memory, {shared:.2f} from shared memory"
        for name, (memory, shared) in each.items()
    ]
    figure = DescribedFigure(f"Values read per multiply-add. {'. '.join(texts)}", 9, 3.4)
    left, right = figure.subplots(1, 2, sharey=True)
    for ax, index, colour, form, title in (
        (left, 0, RED, "{:.3f}", "from the GPU's memory"),
        (right, 1, BLUE, "{:.2f}", "from shared memory"),
    ):
        values = [pair[index] for pair in each.values()]
        bars = ax.barh(list(each), values, color=colour, height=0.55)
        ax.bar_label(bars, [form.format(value) for value in values], padding=4)
        ax.set_title(title, fontsize=11)
        ax.set(xlabel="values per multiply-add", xlim=(0, 2.6))
        ax.spines[["top", "right"]].set_visible(False)
    left.invert_yaxis()
    return figure


def transfers(costs, layers=(1, 10)):
    """How long simple layers take: on the CPU, on the GPU, and with the copies there and back.

    ``costs``: a `Costs`; ``layers``: how many of them follow each other between the copies; a panel
    for each, all on one scale.

    >>> from .costs import Costs
    >>> transfers(Costs(), layers=(1,))
    <Figure: Seconds of simple layers. 1 layer, 1,000 values: CPU 320 ns, GPU 5.02 µs, GPU with
    copies 25.7 µs. 1 layer, 10,000,000 values: CPU 3.20 ms, GPU 165 µs, GPU with copies 6.85 ms>
    """
    sizes = np.logspace(2, 8.5, 60)
    places = {
        "CPU": costs.on_cpu,
        "GPU": costs.on_gpu,
        "GPU with copies": lambda n, count: costs.on_gpu(n, count) + costs.there_and_back(n),
    }
    names = [f"{count} {'layer' if count == 1 else 'layers'}" for count in layers]
    texts = []
    for count, name in zip(layers, names, strict=True):
        for size in (1_000, 10_000_000):
            times = [f"{place} {duration(of(size, count))}" for place, of in places.items()]
            texts.append(f"{name}, {size:,} values: {', '.join(times)}")
    figure = DescribedFigure(f"Seconds of simple layers. {'. '.join(texts)}", 9, 3.6)
    styles = ((ORANGE, "-"), (GREEN, "-"), (RED, "--"))
    axes = figure.subplots(1, len(layers), sharey=True, squeeze=False)[0]
    for ax, count, name in zip(axes, layers, names, strict=True):
        for (place, of), (colour, style) in zip(places.items(), styles, strict=True):
            seconds = [of(n, count) for n in sizes]
            ax.plot(sizes, seconds, style, color=colour, lw=2.2, label=place)
        ax.set(xscale="log", yscale="log", xlabel="values")
        ax.set_title(name, fontsize=11)
        ax.grid(alpha=0.3)
    axes[0].set_ylabel("seconds")
    axes[0].legend(frameon=False)
    return figure


def sums(found, exact, bound):
    """Sums of the same values in many orders, as errors: enlarged, and beside the bound.

    ``found``: an array of sums; ``exact``: the exact one; ``bound``: the most that rounding can
    explain.

    >>> sums(np.array([1.5, 2.0, 2.0]), 2.0, 1.0)
    <Figure: Errors of 3 sums of the same values, each in another order: from -5.0e-01 to 0.0e+00;
    rounding explains 1.0e+00 at most, and the largest error is 50.0% of that>
    """
    errors = np.asarray(found, float) - exact
    largest = abs(errors).max()
    figure = DescribedFigure(
        f"Errors of {len(errors):,} sums of the same values, each in another order: from "
        f"{errors.min():.1e} to {errors.max():.1e}; rounding explains {bound:.1e} at most, and the "
        f"largest error is {largest / bound:.1%} of that",
        9,
        3.2,
    )
    near, far = figure.subplots(1, 2)
    near.hist(errors, bins=31, color=BLUE, alpha=0.8)
    near.axvline(0, color="black", lw=1.5)
    near.set(ylabel="orders")
    near.set_title("errors, enlarged", fontsize=11)
    far.hist(errors, bins=np.linspace(-bound, bound, 202), color=BLUE)  # one of them about 0
    for side in (-bound, bound):
        far.axvline(side, color=RED, ls="--", lw=1.5)
    far.text(-0.95 * bound, 0.9 * len(errors), "bound", color=RED)
    far.text(0.95 * bound, 0.9 * len(errors), "bound", color=RED, ha="right")
    far.set(xlim=(-1.1 * bound, 1.1 * bound))
    far.set_title("the same between the bounds", fontsize=11)
    for ax in near, far:
        ax.set_xlabel("float32 sum − exact sum")
        ax.ticklabel_format(axis="x", scilimits=(0, 0))
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def launches(counted, costs, batches=(1, 10, 100, 1000), seconds_each=2e-6):
    """Images per second in training, for several batch sizes: launches, and arithmetic.

    ``counted``: kernel → launches in a step; ``costs``: a `Costs`; ``seconds_each``: what the
    arithmetic of one image takes.

    >>> from .costs import Costs
    >>> launches({"relu": 20}, Costs(), batches=(1, 100))
    <Figure: A step of 20 launches, 100 µs together. Images per second: 9,804 in batches of 1,
    333,333 in batches of 100>
    """
    total = sum(counted.values())
    fixed = total * costs.launch
    rates = [batch / (fixed + batch * seconds_each) for batch in batches]
    pairs = ", ".join(
        f"{rate:,.0f} in batches of {batch:,}" for batch, rate in zip(batches, rates, strict=True)
    )
    figure = DescribedFigure(
        f"A step of {total} launches, {duration(fixed)} together. Images per second: {pairs}",
        8,
        3.2,
    )
    ax = figure.subplots()
    ax.bar([f"{batch:,}" for batch in batches], rates, color=BLUE, width=0.6)
    ceiling = 1 / seconds_each
    for k, rate in enumerate(rates):
        inside = rate > 0.5 * ceiling  # or the label would meet the dashed line
        ax.annotate(f"{rate:,.0f}", (k, rate), (0, -4 if inside else 4), ha="center",
                    va="top" if inside else "bottom", color="white" if inside else "black",
                    textcoords="offset points")  # fmt: skip
    ax.axhline(ceiling, color=ORANGE, ls="--", label="if launches cost nothing")
    ax.set(xlabel="images in a batch", ylabel="images per second", ylim=(0, 1.25 * ceiling))
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.legend(frameon=False, loc="upper left")
    ax.spines[["top", "right"]].set_visible(False)
    return figure
