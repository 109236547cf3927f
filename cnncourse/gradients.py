"""Gradients by finite differences: the check on every backward pass."""

import inspect

import numpy as np

from .model import Sequential
from .support import arguments, checks

SMALLEST = 1e-4  # gradients below count as that large: a numerical one is right to about 1e-11

LARGEST = 1e150  # values whose squares can be added up


def numerical(function, array, step=1e-5):
    """d function() / d array by finite differences: nudging one element at a time.

    Parameters
    ----------
    function : callable
        Takes no arguments, reads ``array`` and gives a float.
    array : array of float64, any shape
        Each element is changed in place and restored.
    step : float
        h of the central difference (f(a + h) − f(a − h)) / 2h. Its error is about h² · f‴ plus the
        rounding of f divided by h: with h = 1e-5 both are near 1e-10 in float64. In float32, the
        rounding alone would be near 1e-2.

    Returns an array of the same shape. At a kink of ReLU or a tie of max pooling the function has
    no derivative, and what comes out means nothing. Raises ``TypeError`` or ``ValueError`` for an
    ``array`` that is none of float64, or cannot be written to, for a ``step`` that is no number
    above 0, and for a ``function`` that gives no number.

    >>> x = np.array([3.0])
    >>> numerical(lambda: x[0] ** 2, x).round(6)
    array([6.])
    """
    arguments.function(function, "function")
    step = float(arguments.real(step, "step", above=0))
    _require_writable(array)
    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        value = array[index]
        try:
            array[index] = value + step
            above = _number(function())
            array[index] = value - step
            below = _number(function())
        finally:
            array[index] = value
        gradient[index] = (above - below) / (2 * step)
    return gradient


def difference(gradient, expected):
    """How far two gradients are apart, relative to their size: 0 is equal, 2 is opposite.

    ``‖a − b‖ / max(‖a‖, ‖b‖)`` of two arrays of one shape. Gradients below 1e-4 count as that
    large: a numerical one is accurate to about 1e-11 only, so where the true one is 0 (a bias in
    front of batch normalisation) there would be nothing but rounding to compare. Raises
    ``ValueError`` for two shapes or for values that are not finite.

    >>> difference(np.array([3.0, 4.0]), np.array([3.0, 4.0])), difference(np.ones(2), -np.ones(2))
    (0.0, 2.0)
    """
    gradient = checks.finite(checks.numbers(gradient, "gradient"), "gradient").astype(float)
    expected = checks.finite(checks.numbers(expected, "expected"), "expected").astype(float)
    if gradient.shape != expected.shape:
        raise ValueError(
            "gradient and expected: two arrays of one shape are compared, got "
            f"{gradient.shape} and {expected.shape}"
        )
    largest = max(abs(gradient).max(initial=0), abs(expected).max(initial=0))
    if largest > LARGEST:
        raise ValueError(
            f"gradient and expected must be at most {LARGEST:g}, got {largest:g}: the squares of "
            "larger values are no numbers any more"
        )
    size = max(np.linalg.norm(gradient), np.linalg.norm(expected), SMALLEST)
    return float(np.linalg.norm(gradient - expected) / size)


def compare(forward, backward, *inputs):
    """Compare a backward pass of your own with finite differences, input by input.

    Parameters
    ----------
    forward : callable
        ``forward(*inputs)`` gives the output, an array or a number.
    backward : callable
        ``backward(*inputs, g)``, with ``g`` of the output's shape, gives the gradient of
        Σ g · output for each input that is an array of float64, in their order; if there is only
        one, its gradient alone. `compare` draws ``g``.
    *inputs
        Small arrays of float64, which are nudged element by element; anything else is handed on.

    Returns a dict, from the name that ``forward`` gives an input to the `difference` of its
    gradient. Right ones are below 1e-6. Raises ``TypeError`` where no function or no array of
    float64 came, ``ValueError`` for gradients of another number or shape.

    >>> x, w = np.array([2.0, 3.0]), np.array([0.5, -1.0])
    >>> found = compare(lambda x, w: x * w, lambda x, w, g: (g * w, g * w), x, w)
    >>> {name: difference < 1e-6 for name, difference in found.items()}
    {'x': True, 'w': False}
    """
    places = [f"input {k}" for k in range(1, len(inputs) + 1)]
    arguments.function(forward, "forward", *places)
    arguments.function(backward, "backward", *places, "g")
    named = inspect.signature(forward).bind(*inputs).arguments
    nudged = {name: value for name, value in named.items() if _is_float64(value)}
    if not nudged:
        raise TypeError(
            "inputs must have an array of float64 among them, whose gradient is compared"
        )
    g = np.random.default_rng(0).normal(size=np.shape(forward(*inputs)))
    given = _one_for_each(nudged, backward(*inputs, g))
    return {
        name: difference(given[name], numerical(lambda: np.sum(g * forward(*inputs)), value))
        for name, value in nudged.items()
    }


def _one_for_each(nudged, given):
    """What a backward pass gave, by the names of its inputs: ``nudged``, name → array."""
    listed = [given] if isinstance(given, np.ndarray) else given
    if not isinstance(listed, (tuple, list)) or len(listed) != len(nudged):
        raise ValueError(
            f"backward must give a gradient for each of {', '.join(nudged)}, in this order, got "
            f"{arguments.described(given)}"
        )
    for gradient, (name, value) in zip(listed, nudged.items(), strict=True):
        if np.shape(gradient) != value.shape:
            raise ValueError(
                f"backward: the gradient of {name} must have its shape, {value.shape}, got "
                f"{np.shape(gradient)}"
            )
    return dict(zip(nudged, listed, strict=True))


def check(model, x, y):
    """Compare the model's backward pass with numerical gradients, layer by layer.

    Parameters
    ----------
    model : Sequential
        Compiled, on the device ``"reference"``, as only float64 is exact enough.
    x : array (images, height, width, channels)
        A few small images: each of their pixels, too, is changed twice.
    y : array
        Their labels, as for ``model.fit``.

    Returns a dict with the `difference` of every parameter's gradient, ``{"conv2d_1 kernel": 3e-10,
    …}``, and of the images' under ``"images"``. All should be below 1e-6.

    Raises ``TypeError`` for what is no model, ``ValueError`` for a model on another device, and for
    images and labels what ``model.fit`` does. The model stays as it was.
    """
    if not isinstance(model, Sequential):
        raise TypeError(f"model must be a Sequential, got {arguments.described(model)}")
    if model.backend.name != "reference":
        raise ValueError(
            f"gradients are checked in float64, this model computes on {model.backend.name!r}; "
            "build it with device='reference', or call model.to('reference')"
        )
    x, _ = model._images_and_targets(x, y)
    model._build_for(x)
    x = np.array(model.backend.asarray(x))
    states = [rng.bit_generator.state for rng in model.generators().values()]

    def loss():
        for rng, state in zip(model.generators().values(), states, strict=True):
            rng.bit_generator.state = state  # so that dropout drops the same each time
        return model.loss(model.scores(x, training=True), y)

    loss()
    result = {"images": difference(model.backward(model.loss.gradient()), numerical(loss, x))}
    for layer in model.parts:
        for name, gradient in dict(layer.gradients).items():
            expected = numerical(loss, layer.parameters[name])
            result[f"{layer.name} {name}"] = difference(gradient, expected)
    return result


def _require_writable(array):
    if not _is_float64(array):
        got = getattr(array, "dtype", type(array).__name__)
        raise TypeError(
            f"array must be a NumPy array of float64, whose elements can be nudged, got {got}"
        )
    if not array.flags.writeable:
        raise ValueError("array is read-only, and its elements are to be nudged; take array.copy()")


def _is_float64(value):
    return isinstance(value, np.ndarray) and value.dtype == np.float64


def _number(value):
    """What the function gave, as a float."""
    array = checks.numbers(value, "function's result")
    if array.size != 1:
        raise ValueError(f"function must give one number, got an array of shape {array.shape}")
    return float(array.reshape(()))
