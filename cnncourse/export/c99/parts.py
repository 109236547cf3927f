"""The parts of a C file, which grow step by step: functions, constants, and calls."""

from math import ceil

from .common import GATHERED, TOGETHER, window_fields
from .text import array, record


class Parts:
    """What both number types' writers have in common.

    Attributes
    ----------
    functions : dict
        Texts of C, the keys, in the order in which C needs them.
    constants : list of str
        Definitions of arrays and structs, which take ``constant_bytes``.
    calls : list of str
        Statements, one for each step.
    patch : int
        Values that a convolution gathers at a time, for all positions together.
    """

    patch_multiple = 1  # of this, there are always so many values for each position

    def __init__(self):
        self.functions = {}
        self.constants = []
        self.constant_bytes = 0
        self.calls = []
        self.patch = 0

    def add(self, step, name, source, target):
        """Write one step.

        ``name``: what its constants' names begin with; ``source`` and ``target``: the C expressions
        of the arrays that it reads and writes.
        """
        raise NotImplementedError

    def needs(self, *functions):
        self.functions.update(dict.fromkeys(functions))

    def arrays(self, name, **values):
        """Define constant arrays; gives their names, by theirs."""
        names = {}
        for key, value in values.items():
            names[key] = f"{name}_{key}"
            self.constants.append(array(names[key], value))
            self.constant_bytes += value.nbytes
        return names

    def layer(self, kind, name, **fields):
        """Define the constant struct of a layer; gives the expression of its address."""
        self.constants.append(record(kind, f"{name}_layer", **fields))
        self.constant_bytes += 4 * sum(map(words, fields.values()))
        return f"&{name}_layer"

    def window_layer(self, step, name):
        """Define the struct of a pooling's window; gives its address, and how many channels."""
        fields = ("image", "size", "strides", "before", "output")
        sizes = dict(zip(fields, window_fields(step.geometry), strict=True))
        return self.layer("window", name, **sizes), step.input_shape[2]

    def at_once(self, step):
        """How many cells of a kernel are gathered at a time."""
        u, v, channels, _ = step.kernel.shape
        return min(u * v, max(GATHERED // channels, 1))

    def convolution_layer(self, step, name, **more):
        """Define the struct of a convolution, with ``more`` fields, and make room for its patch."""
        u, v, channels, filters = step.kernel.shape
        at_once = self.at_once(step)
        gathered = ceil(at_once * channels / self.patch_multiple) * self.patch_multiple
        self.patch = max(self.patch, gathered * TOGETHER)
        return self.layer(
            "convolution",
            name,
            window=window_fields(step.geometry),
            pooling=window_fields(step.pooling),
            cells=(u, v),
            dilation=step.dilation,
            channels=channels,
            filters=filters,
            at_once=at_once,
            **more,
        )

    def call(self, function, *arguments):
        self.calls.append(f"{function}({', '.join(map(str, arguments))});")


def words(value):
    """How many ints, floats and addresses a field has.

    >>> words(((28, 28), 5))
    3
    """
    return sum(map(words, value)) if isinstance(value, tuple) else 1
