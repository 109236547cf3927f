"""What every backend provides: the functions, their arrays' shapes, and the check of both.

A *backend* is a module with

- ``name``, and ``dtype``: the float type its models compute in;
- ``slice_size``: how many images it takes best at a time, to predict; ``None`` for any number;
- ``frees_first``: whether a pass best begins by letting go of what the last one kept, so that it
  gets the same memory again; where the system takes back what is freed, new memory costs more;
- ``asarray(values)``: the values as a contiguous array of that type, where the kernels can read it;
- ``empty(shape, dtype=None)``: an array of the backend's type (or ``dtype``) to be written;
- ``to_numpy(array)``: a NumPy array with the same numbers;
- its arrays have NumPy's ``shape``, ``dtype``, ``size``, ``ndim``, ``len``, ``reshape`` and
  ``device``; only kernels read or change their numbers, but for ``array[...] = values``;
- ``Program``, if it has one: a whole network for a few images in one call, see
  ``cpu/few_images.py``;
- and every function of ``SHAPES``, with the arguments and the meaning of its namesake in
  ``reference.py``, decorated with `contracted`. It reads its inputs, writes *every* element of its
  outputs and returns nothing.

Images are channels-last and weights ``(height, width, in, out)``. One letter is one size, the same
in all arrays of a call:

======  ==========================  ======  =================================
letter  size of                     letter  size of
======  ==========================  ======  =================================
N       images                      U, V    window: height, width
H, W    image: height, width        I, J    output: height, width
C       channels coming in          O       filters, channels going out
F       features coming in          K       units, classes
M       depthwise filters           S       one: a single number
        for each channel
======  ==========================  ======  =================================

H, W, U, V, I and J must be those of the ``geometry``, if the call is given one.
"""

import inspect
import re
from functools import wraps

import numpy as np

# Each function's arrays, in the order of its arguments, with the letters of their axes; those
# behind the arrow are written whole. Where nothing stands behind it, the first array is changed in
# place. A leading * stands for any number of axes. One with a question mark may be ``None``.
SHAPES = {
    "conv2d": "x:NHWC kernel:UVCO -> out:NIJO",
    "conv2d_input_gradient": "gradient:NIJO kernel:UVCO -> out:NHWC",
    "conv2d_kernel_gradient": "x:NHWC gradient:NIJO -> out:UVCO",
    "depthwise_conv2d": "x:NHWC kernel:UVCM -> out:NIJCM",
    "depthwise_conv2d_input_gradient": "gradient:NIJCM kernel:UVCM -> out:NHWC",
    "depthwise_conv2d_kernel_gradient": "x:NHWC gradient:NIJCM -> out:UVCM",
    "max_pool2d": "x:NHWC -> out:NIJC argmax:NIJC",
    "max_pool2d_gradient": "gradient:NIJC argmax:NIJC -> out:NHWC",
    "average_pool2d": "x:NHWC weights:UV -> out:NIJC",
    "average_pool2d_gradient": "gradient:NIJC weights:UV -> out:NHWC",
    "lp_pool2d": "x:NHWC -> out:NIJC",
    "lp_pool2d_gradient": "gradient:NIJC x:NHWC y:NIJC -> out:NHWC",
    "upsample2d": "x:NIJC -> out:NHWC",
    "upsample2d_gradient": "gradient:NHWC -> out:NIJC",
    "dense": "x:NF kernel:FK -> out:NK",
    "dense_input_gradient": "gradient:NK kernel:FK -> out:NF",
    "dense_kernel_gradient": "x:NF gradient:NK -> out:FK",
    "add_bias": "x:*O bias:O -> out:*O",
    "bias_gradient": "gradient:*O -> out:O",
    "add": "a:* b:* -> out:*",
    "relu": "x:* -> out:*",
    "relu_gradient": "gradient:* y:* -> out:*",
    "sigmoid": "x:* -> out:*",
    "sigmoid_gradient": "gradient:* y:* -> out:*",
    "tanh": "x:* -> out:*",
    "tanh_gradient": "gradient:* y:* -> out:*",
    "softmax": "x:NK -> out:NK",
    "softmax_gradient": "gradient:NK y:NK -> out:NK",
    "dropout": "x:* -> out:*",
    "batch_moments": "x:*C -> mean:C variance:C",
    "batch_norm": "x:*C mean:C variance:C gamma:C beta:C -> out:*C",
    "batch_norm_gradient": (
        "gradient:*C x:*C mean:C variance:C gamma:C -> out:*C gamma_gradient:C beta_gradient:C"
    ),
    "running_average": "average:* value:* ->",
    "layer_norm": "x:*C gamma:C beta:C -> out:*C",
    "layer_norm_gradient": ("gradient:*C x:*C gamma:C -> out:*C gamma_gradient:C beta_gradient:C"),
    "softmax_cross_entropy": "logits:NK targets:NK -> losses:N gradient:NK",
    "sigmoid_cross_entropy": "logits:NK targets:NK -> losses:N gradient:NK",
    "squared_error": "outputs:NK targets:NK -> losses:N gradient:NK",
    "sum_of_squares": "x:* -> out:S",
    "scale": "x:* ->",
    "clip": "x:* ->",
    "sgd_step": "parameter:* gradient:* ->",
    "momentum_step": "parameter:* gradient:* velocity:* ->",
    "rmsprop_step": "parameter:* gradient:* mean_square:* ->",
    "adam_step": "parameter:* gradient:* mean:* mean_square:* ->",
}

# Those whose windows may have gaps; for the others, a dilated geometry is refused.
DILATED = tuple(name for name in SHAPES if "conv2d" in name)

# Functions that a backend may have as well. `fusion` uses them where all are there: they do what a
# chain of the others does, in one go. ``pooling`` is a max pooling's `Geometry`, its windows side
# by side, with at most 255 cells, and no padding; P × Q is its output. ``argmax`` (uint8) gets the
# indices of the cells as in ``max_pool2d``, and `BLOCKED_BY_RELU` where ReLU let nothing through
# (the output is not above 0). Where it may be ``None``: in the forward pass, if there will be no
# backward pass; in the backward pass, if there was neither pooling nor ReLU.
BLOCKED_BY_RELU = 255  # no cell of a window has this index

FUSED_SHAPES = {
    # out = pool(conv2d(x, kernel) + bias), then relu if ``relu``
    "fused_conv2d": "x:NHWC kernel:UVCO bias:O -> out:NPQO argmax?:NPQO",
    "fused_conv2d_kernel_gradient": "x:NHWC gradient:NPQO argmax?:NPQO -> out:UVCO",
    # out = the gradient + addend
    "fused_conv2d_input_gradient": (
        "gradient:NPQO argmax?:NPQO kernel:UVCO addend?:NHWC -> out:NHWC"
    ),
    "fused_bias_gradient": "gradient:*O argmax?:*O -> out:O",
    # out = pool(batch_norm(x, …)), then relu if ``relu``
    "fused_batch_norm": "x:NHWC mean:C variance:C gamma:C beta:C -> out:NPQC argmax?:NPQC",
    "fused_batch_norm_gradient": (
        "gradient:NPQC argmax:NPQC x:NHWC mean:C variance:C gamma:C "
        "-> out:NHWC gamma_gradient:C beta_gradient:C"
    ),
    # out = x @ kernel + bias, then relu if ``relu``
    "fused_dense": "x:NF kernel:FK bias:K -> out:NK",
    # out = relu(a + b)
    "fused_add": "a:* b:* -> out:*",
    # out = batch_norm(x, …) + b, then relu if ``relu``
    "fused_batch_norm_add": "x:*C mean:C variance:C gamma:C beta:C b:*C -> out:*C",
}

FLOAT32 = np.dtype(np.float32)
REMEMBERED = 256  # sets of shapes, for each function, that are not checked again


def contracted(function):
    """Decorate a backend's function: its arguments are checked against its line of ``SHAPES``.

    A wrong shape or type would let a compiled kernel read and write outside its arrays, so it is a
    ``ValueError`` or ``TypeError`` before anything is read. The function's docstring becomes that
    of its namesake in ``reference.py``, followed by what it says itself.
    """
    name = function.__name__
    names = list(inspect.signature(function).parameters)
    if function.__module__.endswith(".reference"):
        return wraps(function)(checked(name, names, function, dtype=None))
    wrapped = wraps(function)(checked(name, names, function, FLOAT32))
    if name in SHAPES:
        from . import reference

        own = (function.__doc__ or "").removeprefix(f"See ``reference.{name}``").lstrip(".;")
        text = inspect.cleandoc(getattr(reference, name).__doc__)
        wrapped.__doc__ = "\n\n".join(part for part in (text, inspect.cleandoc(own)) if part)
    return wrapped


def checked(name, names, function, dtype):
    """``function`` behind the check of its contract.

    ``name``: its line in ``SHAPES``; ``names``: its arguments' names; ``dtype``: the float type
    that it takes, ``None`` for any.
    """
    items = [item.split(":") for item in (SHAPES | FUSED_SHAPES)[name].split() if ":" in item]
    checks = [
        (names.index(argument.removesuffix("?")), argument.removesuffix("?"), pattern)
        for argument, pattern in items
    ]
    optional = {argument.removesuffix("?") for argument, _ in items if argument.endswith("?")}
    geometry = names.index("geometry") if "geometry" in names else None
    pooling = names.index("pooling") if "pooling" in names else None
    windows = [place for place in (geometry, pooling) if place is not None]
    back = name.endswith("_gradient") and pooling is not None
    argmax = re.compile("uint8$" if name in FUSED_SHAPES else "uint")

    def check(arguments):
        sizes = {} if geometry is None else _sizes(arguments[geometry])
        if geometry is not None and arguments[geometry].dilated and name not in DILATED:
            raise ValueError(f"{name}: windows without gaps wanted, got {arguments[geometry]}")
        if pooling is not None:
            pooled = "HW" if geometry is None else "IJ"  # it pools images, or what was convolved
            sizes |= _pooled(arguments[pooling], pooled, sizes)
        for position, argument, pattern in checks:
            array = arguments[position]
            if array is None:
                if argument not in optional:
                    raise TypeError(f"{name}: {argument} is None, expected an array")
                if argument == "argmax" and back and arguments[pooling].window != (1, 1):
                    raise ValueError(f"{name}: argmax is None, which a gradient of pooling needs")
                continue
            if argument == "argmax":
                if not argmax.match(str(array.dtype)):
                    raise ValueError(f"{name}: argmax is {array.dtype}, expected {argmax.pattern}")
            elif dtype is not None and array.dtype != dtype:
                raise TypeError(
                    f"{name}: {argument} is {array.dtype}, expected {dtype}; "
                    "backend.asarray(values) makes it so"
                )
            if not is_whole(array):
                raise ValueError(
                    f"{name}: {argument} is a view that skips elements; "
                    "numpy.ascontiguousarray(values) makes a whole array of it"
                )
            if not _matches(array.shape, pattern, sizes):
                known = ", ".join(f"{letter} = {size}" for letter, size in sizes.items())
                raise ValueError(
                    f"{name}: {argument} has shape {array.shape}, expected {' × '.join(pattern)} "
                    f"with {known or 'no size known yet'}"
                )

    passed = set()  # what stood the check: a network calls with the same sizes at each step

    def call(*arguments):
        looks = [arguments[place] for place in windows]
        for place, *_ in checks:
            array = arguments[place]
            looks.append(None if array is None else (array.shape, array.dtype, is_whole(array)))
        looks = tuple(looks)
        if looks not in passed:
            check(arguments)
            if len(passed) == REMEMBERED:
                passed.clear()
            passed.add(looks)
        function(*arguments)

    return call


def is_whole(array):
    """Whether an array lies in memory without gaps; those of other devices always do."""
    return not isinstance(array, np.ndarray) or array.flags.c_contiguous


def written(name):
    """The names of the arrays that a function writes whole, in the order of its arguments.

    >>> written("max_pool2d"), written("sgd_step")
    (['out', 'argmax'], [])
    """
    return [item.split(":")[0] for item in SHAPES[name].partition("->")[2].split()]


def _sizes(geometry):
    """The letters that a geometry settles."""
    sides = geometry.image + geometry.window + geometry.output
    return dict(zip("HWUVIJ", sides, strict=True))


def _pooled(pooling, pooled, sizes):
    """The letters that a pooling settles, if it can be fused into what gives it its pixels."""
    known = tuple(
        sizes.get(letter, size) for letter, size in zip(pooled, pooling.image, strict=True)
    )
    if not side_by_side(pooling) or pooling.image != known:
        raise ValueError(f"windows side by side on {known} pixels wanted, got {pooling}")
    return dict(zip(pooled + "PQ", pooling.image + pooling.output, strict=True))


def side_by_side(pooling):
    """Whether each pixel lies under one window at most, and each window wholly on the image."""
    down, right = pooling.window
    return (
        pooling.strides == pooling.window
        and not pooling.dilated
        and all(
            out * cells <= size
            for out, cells, size in zip(pooling.output, pooling.window, pooling.image, strict=True)
        )
        and pooling.before == (0, 0)
        and down * right <= 255
    )


def _matches(shape, pattern, sizes):
    """Whether a shape fits its pattern; sizes met for the first time are noted in ``sizes``.

    A leading ``*`` stands for any number of axes.
    """
    if pattern[0] == "*":
        count = len(shape) - len(pattern) + 1
        if count < 0 or shape[:count] != sizes.setdefault("*", shape[:count]):
            return False
        shape, pattern = shape[count:], pattern[1:]
    return len(shape) == len(pattern) and all(
        size == sizes.setdefault(letter, size) for size, letter in zip(shape, pattern, strict=True)
    )
