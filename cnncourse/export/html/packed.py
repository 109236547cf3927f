"""A `QuantizedModel` as text that ``network.js`` reads: JSON, with arrays in base 64."""

import json
from base64 import b64encode
from dataclasses import asdict

import numpy as np

from ...inference import steps

# whose output already is a probability for each class
PROBABILITIES = ("sigmoid",)


def packed(model):
    """The text, which may stand between two tags of HTML.

    >>> import numpy as np
    >>> from cnncourse import networks, quantization
    >>> images = np.random.default_rng(0).random((5, 28, 28, 1))
    >>> text = packed(quantization.quantize(networks.tutorial(), images))
    >>> [step["kind"] for step in json.loads(text)["steps"]]
    ['Convolution', 'Convolution', 'Dense']
    """
    last = model.steps[-1].step
    network = {
        "input": asdict(model.input),
        "steps": [_step(step) for step in model.steps],
        "probabilities": isinstance(last, steps.Softmax)
        or getattr(last, "function", None) in PROBABILITIES,
    }
    return json.dumps(network).replace("<", "\\u003c")  # no name of a layer ends the script


def _step(step):
    """A `QuantizedStep` as a dict; the kernels' last axis comes first, so that sums read on."""
    plain = step.step
    arrays = step.constants()
    if isinstance(plain, (steps.Convolution, steps.Dense)):
        arrays["kernel"] = np.moveaxis(step.kernel, -1, 0)  # (O, …)
    found = {
        "kind": type(plain).__name__,
        "name": plain.name,
        "shape": plain.output_shape,
        "channels": plain.input_shape[2],
        "zero": step.input.zero,
        "output": asdict(step.output),
        "arrays": {name: _array(values) for name, values in arrays.items()},
    }
    if isinstance(plain, steps.Convolution):
        found |= {
            "window": asdict(plain.geometry),
            "cells": plain.kernel.shape[:2],
            "dilation": plain.dilation,
            "pooling": asdict(plain.pooling),
        }
    if isinstance(plain, steps.Pooling):
        found["window"] = asdict(plain.geometry)
    if isinstance(plain, steps.AveragePooling):
        found["shift"] = step.shift
    return found


def _array(values):
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return {"type": values.dtype.name, "bytes": b64encode(little).decode("ascii")}
