"""Numbers, arrays and names as C has them."""

import re
from textwrap import fill

import numpy as np

WIDTH = 96
TYPES = {
    np.dtype(np.float32): "float",
    np.dtype(np.int8): "int8_t",
    np.dtype(np.uint8): "uint8_t",
    np.dtype(np.int16): "int16_t",
    np.dtype(np.int32): "int32_t",
    np.dtype(np.int64): "int64_t",
}


def number(value):
    """A number of NumPy's as C writes it: a float32 with as many digits as tell it from others.

    >>> number(np.float32(0.1)), number(np.float32(2)), number(np.int8(-3))
    ('0.1f', '2.0f', '-3')
    """
    return f"{value!s}f" if isinstance(value, np.float32) else str(int(value))


def array(name, values):
    """The definition of a constant array.

    >>> print(array("bias", np.int32([1, -2])))
    static const int32_t bias[2] = {
        1, -2
    };
    """
    values = np.ascontiguousarray(values)
    numbers = fill(
        ", ".join(map(number, values.ravel())), WIDTH, initial_indent="    ",
        subsequent_indent="    ", break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return f"static const {TYPES[values.dtype]} {name}[{values.size}] = {{\n{numbers}\n}};\n"


def record(kind, name, **fields):
    """The definition of a constant struct; tuples become braces.

    >>> print(record("window", "w", image=(28, 28), channels=1))
    static const struct window w = {
        .image = {28, 28},
        .channels = 1,
    };
    """
    lines = "".join(f"    .{field} = {_braced(value)},\n" for field, value in fields.items())
    return f"static const struct {kind} {name} = {{\n{lines}}};\n"


def _braced(value):
    if isinstance(value, tuple):
        return f"{{{', '.join(map(_braced, value))}}}"
    return value if isinstance(value, str) else number(value)


def size(shape):
    """A shape in ASCII.

    >>> size((28, 28, 1))
    '28x28x1'
    """
    return "x".join(map(str, shape))


def identifier(name, taken=()):
    """A name made of what C allows, other than those ``taken``.

    >>> identifier("my net-2"), identifier("3x3"), identifier("a", {"a"})
    ('my_net_2', 'n3x3', 'a_2')
    """
    letters = re.sub(r"[^A-Za-z0-9_]", "_", name)
    letters = letters if letters[0].isalpha() else f"n{letters}"
    found, count = letters, 1
    while found in taken:
        count += 1
        found = f"{letters}_{count}"
    return found


def ascii_text(text):
    """A text for a comment: what is not ASCII becomes a question mark.

    >>> ascii_text("größe")
    'gr??e'
    """
    return text.encode("ascii", "replace").decode()
