"""Whether a convolution of one's own heeds the gaps in a dilated window.

One that was written for windows without gaps gives results of the right shape where there are some,
and wrong ones. So it is compared with the reference, once for each dilation, on one image.
"""

import numpy as np

from . import contract, reference

APART = 0.01  # of the largest value: far above rounding, far below what other pixels make of it


def heeding_gaps(name, function, called, base):
    """``function``, but refused before its first use with each dilation where it ignores that.

    ``name``: its line in ``contract.SHAPES``; ``called``: what errors call it; ``base``: the
    backend whose arrays it takes. What is given raises ``ValueError`` where the values are others
    than those of its namesake in ``reference.py``.
    """
    patterns = [item.split(":")[1] for item in contract.SHAPES[name].split() if ":" in item]
    heeded = {(1, 1)}

    def tried(*arguments):
        *inputs, geometry, out = arguments
        if geometry.dilation not in heeded:
            # one image is enough
            shapes = [
                (1, *array.shape[1:]) if pattern[0] == "N" else array.shape
                for array, pattern in zip((*inputs, out), patterns, strict=True)
            ]
            largest, apart = _compared(name, function, geometry, shapes, base)
            if apart > APART * largest:
                raise ValueError(
                    f"{called} gives other values than reference.{name} where windows have gaps: "
                    f"with geometry.dilation = {geometry.dilation}, {apart:.3g} apart at most, of "
                    f"values up to {largest:.3g}. Its cells must lie so many pixels apart, or the "
                    "layers be built without dilation_rate"
                )
            heeded.add(geometry.dilation)
        function(*arguments)

    return tried


def _compared(name, function, geometry, shapes, base):
    """The largest value that the reference gives for drawn inputs, and how far ``function``'s are.

    ``shapes``: those of the inputs, and that of the output last.
    """
    rng = np.random.default_rng(0)
    *inputs, output = shapes
    drawn = [rng.standard_normal(shape) for shape in inputs]
    expected, got = np.empty(output), base.empty(output)
    getattr(reference, name)(*drawn, geometry, expected)
    function(*map(base.asarray, drawn), geometry, got)
    return abs(expected).max(), abs(base.to_numpy(got) - expected).max()
