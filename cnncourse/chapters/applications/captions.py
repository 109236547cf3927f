"""Sentences from boxes: what lies where."""

LEFT, RIGHT = 0.4, 0.6  # of the width: where left ends, where right begins


def caption(boxes, class_names, width):
    """A sentence that names the objects from left to right, and how they lie to each other.

    ``boxes``: (n, 5) or (n, 6), with the class in column 4; ``width``: the image's, in pixels.

    >>> names = ["background", "cat", "star"]
    >>> caption([(40, 5, 60, 25, 1), (5, 8, 20, 23, 2)], names, 64)
    'a star above a cat, on the left'
    >>> caption([(5, 25, 25, 45, 1)], names, 64)
    'a cat in the middle'
    >>> caption([], names, 64)
    'nothing that I know'
    """
    things = [
        (class_names[int(number)], (top + bottom) / 2, (left + right) / 2)
        for top, left, bottom, right, number, *_ in boxes
    ]
    if not things:
        return "nothing that I know"
    if len(things) == 1:
        (name, _, x) = things[0]
        return f"{_a(name)} {_where(x / width)}"
    things.sort(key=lambda thing: thing[2])  # from left to right
    if len(things) == 2:
        return _pair(*things, width)
    *others, last = [_a(name) for name, _, _ in things]
    return f"from left to right {', '.join(others)} and {last}"


def _pair(first, second, width):
    """Two things, ``first`` to the left of ``second``."""
    down, across = second[1] - first[1], second[2] - first[2]
    if across >= abs(down):
        return f"{_a(first[0])} to the left of {_a(second[0])}"
    upper, lower = (first, second) if down > 0 else (second, first)
    where = _where((first[2] + second[2]) / 2 / width)
    return f"{_a(upper[0])} above {_a(lower[0])}, {where}"


def _where(x):
    if x < LEFT:
        return "on the left"
    return "on the right" if x > RIGHT else "in the middle"


def _a(name):
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
