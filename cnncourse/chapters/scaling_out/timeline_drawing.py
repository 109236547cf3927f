"""Who computes and who waits, as bars over time."""

from ...plots.figure import COLOURS, DescribedFigure

KINDS = ("compute", "pack", "add", "step", "send images")
MILLISECONDS = 1000


def timeline(spans, steps=3):
    """The spans of the last ``steps`` steps of a training: a row for the client and each worker.

    >>> from cnncourse.distributed.timeline import Span
    >>> timeline([Span("client", "pack", 0.0, 0.01), Span("tcp://a:1", "compute", 0.01, 0.09),
    ...           Span("client", "step", 0.09, 0.1)])
    <Figure: Who computes and who waits, in 100 ms. client: pack 10 ms, step 10 ms; worker 1:
    compute 80 ms>
    """
    spans = _last(list(spans), steps)
    first, last = min(span.began for span in spans), max(span.ended for span in spans)
    workers = sorted({span.who for span in spans if span.what == "compute"})
    rows = ["client", *(who for who in workers if who != "client")]
    names = ["client", *(f"worker {number + 1}" for number in range(len(rows) - 1))]
    said = []
    for who, name in zip(rows, names, strict=True):
        sums = {
            kind: sum(s.ended - s.began for s in spans if (s.who, s.what) == (who, kind))
            for kind in KINDS
        }
        words = [f"{kind} {MILLISECONDS * s:.0f} ms" for kind, s in sums.items() if s]
        said.append(f"{name}: {', '.join(words)}")
    alt = f"Who computes and who waits, in {MILLISECONDS * (last - first):.0f} ms. "
    figure = DescribedFigure(alt + "; ".join(said), 9, 0.9 + 0.4 * len(rows))
    ax = figure.subplots()
    for kind, colour in zip(KINDS, COLOURS, strict=False):
        found = [span for span in spans if span.what == kind]
        if found:
            ax.barh(
                [rows.index(span.who) for span in found],
                [MILLISECONDS * (span.ended - span.began) for span in found],
                left=[MILLISECONDS * (span.began - first) for span in found],
                color=colour,
                height=0.6,
                label=kind,
            )
    ax.set_yticks(range(len(rows)), names)
    ax.invert_yaxis()
    ax.set_xlabel("milliseconds; what is white waits")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def _last(spans, steps):
    """The spans of the last steps: from the end of the one before them."""
    ends = [span.ended for span in spans if span.what == "step"]
    if len(ends) <= steps:
        return spans
    return [span for span in spans if span.began >= ends[-steps - 1]]
