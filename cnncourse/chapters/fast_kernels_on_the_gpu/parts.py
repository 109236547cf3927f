"""Long kernels shown in parts, as their comments ``# 1:``, ``# 2:`` … divide them."""

import re
from textwrap import dedent

from ...plots.source import Source, source


def part(function, number):
    """Part ``number`` of a kernel: the lines from its comment ``# number:`` to the next such one.

    Raises ``ValueError`` where there is no such comment.

    >>> from .tiled_kernel import tiled_conv2d
    >>> part(tiled_conv2d, 3)
    # 3: write
    store(out, m, o, total)
    """
    lines = source(function).text.splitlines()
    starts = [k for k, line in enumerate(lines) if re.match(r"\s*# \d+:", line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if lines[start].split("#")[1].startswith(f" {number}:"):
            return Source(dedent("\n".join(lines[start:end])))
    raise ValueError(f"{function.__name__} has no part {number}, but {len(starts)} parts")
