"""The exercise that builds a quantised layer: solutions, the cases, and the mistakes it names."""

import numpy as np

from ...building import Piece, changed_outputs
from ...support.cases import case_rng
from ...support.verdict import not_yet


def quantize(weights):
    """A solution: the largest size becomes 127, and the rest the nearest whole numbers.

    ``weights``: float32, of any shape. Gives whole numbers (int8, of the same shape) from −127 to
    127, and the scale.

    >>> quantize(np.float32([1.27, -0.02]))[0]
    array([127,  -2], dtype=int8)
    """
    scale = abs(weights).max() / 127
    return np.rint(weights / scale).astype(np.int8), scale


def quantized_dense(x, zero, weights, bias, factor, new_zero):
    """A solution: sums in 32 bits, one factor for each output, and the ends of a byte.

    ``x``: (N, F) uint8, whose zero point is ``zero``; ``weights``: (F, K) int8; ``bias``: (K,)
    int32, in the units of the sums; ``factor``: (K,), input scale · filter's scale / output scale;
    ``new_zero``: the zero point of the outputs. Gives them, (N, K) uint8.

    >>> x, weights = np.uint8([[138, 28]]), np.int8([[3], [1]])
    >>> quantized_dense(x, 128, weights, np.int32([0]), np.array([0.5]), 128)
    array([[93]], dtype=uint8)
    """
    sums = (x.astype(np.int32) - zero) @ weights.astype(np.int32) + bias  # (N, K)
    return np.clip(np.rint(factor * sums) + new_zero, 0, 255).astype(np.uint8)


# The cases

_rng = case_rng(7)
_FILTERS = {
    "the largest weight is positive": [
        (np.float32([[-0.5, 1.27, 0.0], [0.019, 0.3, -0.016]]),),
        (np.float32([0.11, 0.9, -0.35, 0.0]),),
    ],
    "the largest weight is negative": [
        (np.float32([[0.5, -1.27, 0.0], [-0.019, -0.3, 0.016]]),),
        (-abs(_rng.normal(size=(3, 3, 2))).astype(np.float32),),
    ],
    "many weights": [(_rng.normal(0, 0.1, (5, 5, 8)).astype(np.float32),)],
}


def _drawn(zero=0, new_zero=0, features=6, spread=40, factor=(0.002, 0.02), outputs=3):
    """Arguments of `quantized_dense`: bytes around their zero point, weights of either sign."""
    low, high = max(zero - spread, 0), min(zero + spread, 255)
    x = _rng.integers(low, high + 1, (4, features)).astype(np.uint8)
    weights = _rng.integers(-127, 128, (features, outputs)).astype(np.int8)
    bias = _rng.integers(-3000, 3000, outputs).astype(np.int32)
    return x, zero, weights, bias, _rng.uniform(*factor, outputs), new_zero


_LAYERS = {
    "bytes that count from 0": [_drawn(new_zero=100), _drawn(new_zero=120, features=9)],
    "bytes with a zero point": [_drawn(128, 128), _drawn(110, 90, features=9)],
    "sums beyond 16 bits": [_drawn(128, 128, 400, 127, (0.0002, 0.0005)) for _ in range(2)],
    "outputs beyond a byte": [_drawn(128, 128, 9, 127, (0.005, 0.01)) for _ in range(2)],
}


# The mistakes


def _by(scale, rounded=np.rint):
    """A filter's integers by another scale, which wrap round where they do not fit."""

    def integers(right, weights):
        return rounded(weights / scale(weights)).astype(np.int64).astype(np.int8)

    return integers


def _shifted(right, weights):
    """All 256 values between the smallest and the largest weight, which moves the 0."""
    low, high = weights.min(), weights.max()
    return np.rint((weights - low) / (high - low) * 255 - 128).astype(np.int8)


_QUANTIZE_MISTAKES = (
    (0, _by(lambda w: abs(w).max() / 128), "the largest became negative: 128 is no int8"),
    (0, _by(lambda w: w.max() / 127), "the largest *size* is wanted: −1.27 is larger than 0.5"),
    (0, _by(lambda w: abs(w).max() / 127, np.trunc), "round to the nearest; yours cuts off"),
    (0, _by(lambda w: abs(w).max() / 127, np.floor), "round to the nearest; yours rounds down"),
    (0, _by(lambda w: abs(w).max()), "that reaches from −1 to 1 only; a byte reaches to 127"),
    (0, _shifted, "a weight of 0 must stay 0: nothing is to be subtracted"),
    (1, lambda right, weights: 1 / right, "it is turned round: weight = scale · integer"),
    (
        1,
        lambda right, weights: 127 * right,
        "that is the largest size; a step is 127 times smaller",
    ),
    (1, lambda right, weights: right * 127 / 255, "from 0 to the largest size there are 127 steps"),
)

QUANTIZE = Piece(
    solution=quantize,
    steps=_FILTERS,
    outputs=("the whole numbers", "the scale"),
    mistakes=changed_outputs(quantize, _QUANTIZE_MISTAKES),
    praise="each weight is off by half a step at most, and 0 stays 0",
)


def _layer(
    minus=lambda x, zero: x.astype(np.int64) - zero,
    bits=np.int32,
    biased=True,
    late_bias=False,
    rounded=np.rint,
    clipped=lambda values: np.clip(values, 0, 255),
    shifted=True,
):
    """A quantised layer with a mistake.

    ``minus``: how the zero point is taken off; ``bits``: the type of the sums; ``biased``,
    ``late_bias``: whether the bias is added to the sums, or to the outputs; ``rounded``,
    ``clipped``: what is done with the outputs; ``shifted``: whether they get their zero point.
    """

    def layer(x, zero, weights, bias, factor, new_zero):
        sums = (minus(x, zero) @ weights.astype(np.int64) + biased * bias).astype(bits)
        values = rounded(factor * sums + late_bias * bias) + shifted * new_zero
        return clipped(values).astype(np.int64).astype(np.uint8)

    return layer


def _one_factor(x, zero, weights, bias, factor, new_zero):
    return quantized_dense(x, zero, weights, bias, factor[0], new_zero)


def _clipped_before(x, zero, weights, bias, factor, new_zero):
    """The zero point comes after the ends of the byte."""
    outputs = quantized_dense(x, zero, weights, bias, factor, 0)
    return np.minimum(outputs.astype(np.int64) + new_zero, 255)


def _as_bytes(x, zero):
    return (x - np.uint8(zero)).astype(np.int64)


_NEVER_NEGATIVE = (
    "a byte is never negative: 3 − 5 wraps round to 254; take int32 before you subtract"
)
_LAYER_MISTAKES = (
    (_layer(minus=lambda x, zero: x.astype(np.int64)), "the zero point of x is forgotten"),
    (_layer(minus=_as_bytes), _NEVER_NEGATIVE),
    (_layer(minus=_as_bytes, bits=np.int16), _NEVER_NEGATIVE),
    (
        _layer(minus=lambda x, zero: x.astype(np.int64) + zero),
        "the zero point is subtracted, not added",
    ),
    (_layer(bits=np.int16), "the sums do not fit into 16 bits: NumPy needs int32 on both sides"),
    (_layer(bits=np.int8), "the sums do not fit into a byte: take int32 on both sides"),
    (_layer(biased=False), "the bias is missing"),
    (
        _layer(biased=False, late_bias=True),
        "the bias is in the units of the sums: add it before the factor",
    ),
    (_layer(rounded=np.trunc), "round to the nearest; yours cuts off"),
    (_layer(rounded=np.floor), "round to the nearest; yours rounds down"),
    (_layer(shifted=False), "the zero point of the outputs is forgotten"),
    (_one_factor, "each output has a factor of its own"),
    (
        _layer(clipped=lambda values: values),
        "what is beyond a byte wraps round: it stays at 0 or 255",
    ),
    (_layer(clipped=lambda values: np.clip(values, 0, 127)), "a byte reaches to 255, not to 127"),
    (_clipped_before, "first the zero point, then the ends: yours are cut off below it"),
)

QUANTIZED_DENSE = Piece(
    solution=quantized_dense,
    steps=_LAYERS,
    outputs=("the bytes",),
    mistakes=_LAYER_MISTAKES,
    praise="bytes in, sums in 32 bits, bytes out",
)


def check_quantize(function):
    """Say whether ``function(weights)`` gives a filter's integers and its scale.

    ``weights``: an array of float32. The result: whole numbers (int8, of the same shape) from −127
    to 127, and the scale, so that scale · integers is as close to the weights as it can be. A
    function that returns None counts as not written yet.

    >>> check_quantize(lambda weights: None)
    not answered yet
    >>> check_quantize(quantize)
    right: each weight is off by half a step at most, and 0 stays 0
    """
    verdict = QUANTIZE.check(function)
    if verdict:
        kind = np.asarray(function(_FILTERS["many weights"][0][0].copy())[0]).dtype
        if kind != np.int8:
            return not_yet(f"the values are right; as {kind} they take more than a byte each")
    return verdict


def check_quantized_dense(function):
    """Say up to which step ``function(x, zero, weights, bias, factor, new_zero)`` is a dense layer.

    Arguments and result are those of `quantized_dense`. A function that returns None counts as not
    written yet.

    >>> check_quantized_dense(quantized_dense)
    right: bytes in, sums in 32 bits, bytes out
    """
    return QUANTIZED_DENSE.check(function)
