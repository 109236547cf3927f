"""Digits as strokes of a pen: thinned to lines, and followed from end to end."""

import numpy as np

INK = 0.35  # from this brightness on, a pixel is part of the digit
AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def strokes(image):
    """An image (height, width), from 0 to 1, as strokes: lists of points (right, down), too."""
    left = set(map(tuple, np.argwhere(thinned(image > INK)).tolist()))
    done, lines = set(), []
    while left:
        at = min(left, key=lambda p: (len(_near(p, left)), p))  # an end, if there is one
        line = sorted(_near(at, done))[:1]  # what this one branches off
        while at is not None:
            line.append(at)
            left.discard(at)
            done.add(at)
            at = next(iter(_near(at, left)), None)
        line += sorted(_near(line[-1], done - set(line[-3:])))[:1]  # where it runs into another
        lines.append(line)
    height, width = image.shape
    return [[((x + 0.5) / width, (y + 0.5) / height) for y, x in line] for line in lines]


def _near(point, points):
    """The neighbours among ``points``, those beside the point before those across the corner."""
    beside = [
        (point[0] + i, point[1] + j) for i, j in sorted(AROUND, key=lambda s: abs(s[0] * s[1]))
    ]
    return [p for p in beside if p in points]


def thinned(marked):
    """Lines of one pixel, with the same pieces and holes.

    Source: Zhang & Suen, *A Fast Parallel Algorithm for Thinning Digital Patterns*, 1984.
    """
    marked = np.pad(marked, 1).astype(int)
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            n = [np.roll(marked, (-i, -j), (0, 1)) for i, j in AROUND]  # clockwise from above
            count = sum(n)
            turns = sum((a == 0) & (b == 1) for a, b in zip(n, n[1:] + n[:1], strict=True))
            up, right, down, left = n[0], n[2], n[4], n[6]
            if first:
                corner = (up * right * down == 0) & (right * down * left == 0)
            else:
                corner = (up * right * left == 0) & (up * down * left == 0)
            away = (marked == 1) & (count >= 2) & (count <= 6) & (turns == 1) & corner
            marked[away] = 0
            changed |= bool(away.any())
    return marked[1:-1, 1:-1].astype(bool)
