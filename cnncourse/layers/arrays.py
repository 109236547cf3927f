"""A layer's arrays by name: what is put there by hand is checked, and taken by its value.

Kernels read plain memory: contiguous, of the backend's float type, of the size that the layer says.
So ``layer.parameters["kernel"] = values`` makes that of any sound ``values``, and refuses the rest
by name. To read costs what it costs in a dict.
"""

from collections.abc import Mapping
from weakref import ref

import numpy as np

from ..support import checks

ADVICE = "one such weight would spoil every output"


def taken(values, title, backend, shape=None, finite=True):
    """A new array of ``backend``'s with the ``values``, which ``title`` names in errors.

    ``shape``: the one it must have, ``None`` for any; ``finite``: whether NaN and infinities are
    refused. Raises ``TypeError`` for what is no array of numbers, else ``ValueError``.
    """
    array = checks.numbers(values, title)
    if shape is not None and array.shape != tuple(shape):
        hint = ""
        if array.shape == tuple(shape)[::-1]:
            hint = "; is it transposed?"
        elif array.size == np.prod(shape):
            hint = "; .reshape(…) brings it into that shape, if its order is the same"
        raise ValueError(f"{title}: expected the shape {tuple(shape)}, got {array.shape}{hint}")
    with np.errstate(over="ignore"):  # what is too large for the type becomes infinite
        array = np.array(array, backend.dtype, order="C")
    if finite:
        checks.finite(array, title, ADVICE)
    return backend.asarray(array)


class HeldArrays(dict):
    """A layer's weights by name: ``layer.parameters`` and ``layer.statistics``.

    Values to put in may be of any number type, and lists, views or read-only arrays; they are
    copied into an array of the backend's. Raises ``ValueError`` for another shape, for NaN,
    infinities and masked values, and for a name that the layer does not have, ``TypeError`` for
    what is no array of numbers; then everything stays as it was.
    """

    kind = "weight"

    def __init__(self, layer, arrays):
        super().__init__(arrays)
        self._layer = ref(layer)

    def __setitem__(self, name, values):
        super().__setitem__(name, self._sound(name, values))

    def update(self, *others, **more):
        """Put in several arrays; none of them if one is refused."""
        given = dict(*others, **more)
        super().update({name: self._sound(name, values) for name, values in given.items()})

    def __ior__(self, other):
        self.update(other)
        return self

    def setdefault(self, name, default=None):
        """The array of that name; where there is none, ``default`` is put in."""
        if name not in self:
            self[name] = default
        return self[name]

    def _refuse(self, *_, **__):
        raise TypeError(f"{self._layer()}: a weight cannot be taken away; set it to zeros instead")

    __delitem__ = pop = popitem = clear = _refuse

    def __reduce__(self):
        return dict, (dict(self),)

    def _sound(self, name, values):
        layer = self._layer()  # where it is gone, nobody computes with this any more
        return values if layer is None else self._checked(layer, name, values)

    def _checked(self, layer, name, values):
        """What the layer can keep for the ``values`` of ``name``."""
        if layer.backend is None:
            raise ValueError(
                f"{layer} has no weights yet, and makes new ones when it gets the shape of its "
                "input: give that to the model, Sequential(…, input_shape=…), and set them then"
            )
        if name not in self and layer.input_shape is not None:
            raise ValueError(
                f"{layer} has no {self.kind} {name!r}; it has {', '.join(self) or 'none'} "
                "(a layer of your own makes its weights in create_parameters)"
            )
        title = f"{layer}: {self.kind} {name!r}"
        if (
            name in self and values is self[name]
        ):  # parameters["kernel"] *= 2 puts in what was there
            checks.finite(layer.backend.to_numpy(values), title, ADVICE)
            return values
        shape = self[name].shape if name in self else None
        return taken(values, title, layer.backend, shape)


class HeldGradients(HeldArrays):
    """``layer.gradients``, by the names of the parameters that they belong to.

    An array of the backend's is kept as it is, for a kernel may be about to fill it; everything
    else is copied, as a weight is. NaN is not looked for, which would cost each step a pass.
    """

    kind = "gradient"

    __delitem__ = dict.__delitem__
    pop = dict.pop
    popitem = dict.popitem
    clear = dict.clear

    def _checked(self, layer, name, values):
        if name not in layer.parameters:
            raise ValueError(
                f"{layer} has no parameter {name!r} that a gradient could belong to; it has "
                f"{', '.join(layer.parameters) or 'none'}"
            )
        backend, shape = layer.backend, layer.parameters[name].shape
        if _is_backends_own(values, backend) and values.shape == shape:
            return values
        return taken(values, f"{layer}: gradient {name!r}", backend, shape, finite=False)


class ReadOnly(dict):
    """``layer.weights``: all arrays of a layer, to be read; an attempt to put one in says where."""

    def _refuse(self, *_, **__):
        raise TypeError(
            "layer.weights is there to be read; set layer.parameters[…], layer.statistics[…], or "
            "all at once by layer.set_weights([…])"
        )

    __setitem__ = __delitem__ = __ior__ = update = setdefault = pop = popitem = clear = _refuse

    def __reduce__(self):
        return dict, (dict(self),)


class Held:
    """The attribute of a layer that holds `HeldArrays` (or the ``kind`` of them that is given).

    There is no ``__get__``, so reading it is reading the layer's own ``__dict__``.
    """

    def __init__(self, kind=HeldArrays):
        self.kind = kind

    def __set_name__(self, owner, name):
        self.name = name

    def __set__(self, layer, arrays):
        if not isinstance(arrays, Mapping):
            raise TypeError(
                f"{layer}: {self.name} must be a dict of arrays, got {type(arrays).__name__}"
            )
        before = {} if self.kind is HeldGradients else vars(layer).get(self.name, {})
        missing = [name for name in before if name not in arrays]
        if missing:
            raise ValueError(f"{layer}: {self.name} lack {', '.join(missing)}")
        held = self.kind(layer, before)
        held.update(arrays)
        self.put(layer, held)

    def put(self, layer, arrays):
        """Let the layer hold arrays of its backend's, as they are."""
        vars(layer)[self.name] = self.kind(layer, arrays)


def _is_backends_own(values, backend):
    """Whether the backend's kernels can read and write this array as it is."""
    if isinstance(values, np.ndarray):
        plain = type(values) is np.ndarray and values.flags.c_contiguous and values.flags.writeable
        return plain and values.dtype == backend.dtype and backend.name != "cuda"
    return getattr(values, "device", None) == backend.name
