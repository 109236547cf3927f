"""Who did what, and when: notes of a training on a cluster."""

from collections import deque
from dataclasses import dataclass

from ..support import checks


@dataclass(frozen=True)
class Span:
    """Some seconds of work; ``began`` and ``ended`` are those of the machine's own clock."""

    who: str
    what: str
    began: float
    ended: float


class Timeline:
    """The last ``most`` spans of work of a training, for `distributed.fit`, which notes them.

    ``spans`` holds them in the order of their ends, as far as they are known: what the client does
    (``"send images"``, ``"pack"``, ``"add"``, ``"step"``), and what each worker computes, by its
    address. On several machines their clocks should agree.

    >>> timeline = Timeline()
    >>> timeline.note("client", "step", 10.0, 10.5)
    >>> timeline.spans[0]
    Span(who='client', what='step', began=10.0, ended=10.5)
    """

    def __init__(self, most=10_000):
        self.spans = deque(maxlen=checks.whole_number(most, "most", least=0))

    def note(self, who, what, began, ended):
        """Add a span."""
        self.spans.append(Span(who, what, began, ended))
