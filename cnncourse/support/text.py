"""Numbers and tables as people write them."""

import inspect

import numpy as np


def size_text(sizes):
    """A size along several axes as people write it.

    >>> size_text((5, 3))
    '5×3'
    """
    return "×".join(map(str, sizes))


def three_digits(number):
    """A positive number as people read it: three digits that count, and no powers of ten.

    >>> three_digits(0.0071234), three_digits(3.4), three_digits(1536)
    ('0.00712', '3.40', '1,540')
    """
    rounded = float(f"{number:.3g}")
    return f"{rounded:,.{max(2 - int(np.floor(np.log10(rounded))), 0)}f}"


def duration(seconds):
    """Seconds as people write them, with three digits.

    >>> duration(0.0123), duration(123.4), duration(4.5e-6)
    ('12.3 ms', '123 s', '4.50 µs')
    """
    for unit, size in ("s", 1), ("ms", 1e-3), ("µs", 1e-6):
        if seconds >= 0.9995 * size:  # not 1000 of the next smaller unit
            return f"{three_digits(seconds / size)} {unit}"
    return f"{three_digits(seconds / 1e-9)} ns"


def table(heads, rows):
    """Text in columns under their heads; the first two flush left, the others flush right.

    ``heads``: texts; ``rows``: lists of as many texts.

    >>> print(table(["layer", "output", "weights"], [["Dense", "10", "650"]]))
    layer   output   weights
    ────────────────────────
    Dense   10           650
    ────────────────────────
    """
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "   ".join(
            f"{text:<{width}}" if column < 2 else f"{text:>{width}}"
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (heads, *rows)
    ]
    rule = "─" * len(lines[0])
    return "\n".join([lines[0], rule, *lines[1:], rule])


def call_text(thing):
    """The call that makes an object like ``thing``, without what is as by default.

    It takes the constructor's arguments from the attributes of the same names, as layers,
    optimizers and losses keep them. The first one is always shown.

    >>> class Step:
    ...     def __init__(self, size, stop=False, back=False):
    ...         self.size, self.stop, self.back = size, stop, back
    >>> call_text(Step(3, back=True))
    'Step(3, back=True)'
    """
    kind = type(thing)
    parameters = list(inspect.signature(kind).parameters.values())
    try:
        given = arguments_of(thing)
    except AttributeError:
        return f"{kind.__name__}(…)"
    needed = {p.name: given[p.name] for p in parameters if p.default is p.empty}
    first = [p.name for p in parameters[:1] if p.name != "name"]
    try:
        usual = arguments_of(kind(**{name: given[name] for name in first} | needed))
    except Exception:  # somebody's own class keeps its arguments in another form than it takes
        return f"{kind.__name__}(…)"
    parts = [_value_text(value) for value in needed.values()]
    for parameter in parameters[len(needed) :]:
        text = _value_text(given[parameter.name])
        if parameter.name in first or text != _value_text(usual[parameter.name]):
            parts.append(f"{parameter.name}={text}")
    return f"{kind.__name__}({', '.join(parts)})"


def arguments_of(thing):
    """The arguments that an object was made with, by name.

    They are the attributes of the same names; where one of these holds something else by now, its
    attribute ``given_arguments`` says what was given. Raises ``AttributeError`` where one is
    missing.
    """
    changed = getattr(thing, "given_arguments", {})
    names = inspect.signature(type(thing)).parameters
    return {name: changed[name] if name in changed else getattr(thing, name) for name in names}


def _value_text(value):
    """An argument as a person would type it: names in double quotes, an activation by its name."""
    name = getattr(value, "keras_name", value)
    return f'"{name}"' if isinstance(name, str) else repr(name)
