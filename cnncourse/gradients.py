"""Gradients by finite differences: the check on every backward pass."""

import numpy as np

SMALLEST = 1e-4  # gradients below count as that large: a numerical one is right to about 1e-11


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
    no derivative, and what comes out means nothing.

    >>> x = np.array([3.0])
    >>> numerical(lambda: x[0] ** 2, x).round(6)
    array([6.])
    """
    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        value = array[index]
        array[index] = value + step
        above = function()
        array[index] = value - step
        below = function()
        array[index] = value
        gradient[index] = (above - below) / (2 * step)
    return gradient


def difference(gradient, expected):
    """How far two gradients are apart, relative to their size: 0 is equal, 2 is opposite.

    ``‖a − b‖ / max(‖a‖, ‖b‖)`` of two arrays of one shape. Gradients below 1e-4 count as that
    large: a numerical one is accurate to about 1e-11 only, so where the true one is 0 (a bias in
    front of batch normalisation) there would be nothing but rounding to compare.

    >>> difference(np.array([3.0, 4.0]), np.array([3.0, 4.0])), difference(np.ones(2), -np.ones(2))
    (0.0, 2.0)
    """
    size = max(np.linalg.norm(gradient), np.linalg.norm(expected), SMALLEST)
    return float(np.linalg.norm(gradient - expected) / size)


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

    Raises ``ValueError`` for a model on another device.
    """
    if model.backend.name != "reference":
        raise ValueError(
            f"gradients are checked in float64, this model computes on {model.backend.name!r}; "
            "build it with device='reference', or call model.to('reference')"
        )
    x = model.backend.asarray(x).copy()
    states = [rng.bit_generator.state for rng in model.generators().values()]

    def loss():
        for rng, state in zip(model.generators().values(), states, strict=True):
            rng.bit_generator.state = state  # so that dropout drops the same each time
        return model.loss(model.scores(x, training=True), y)

    loss()
    result = {"images": difference(model.backward(model.loss.gradient()), numerical(loss, x))}
    for layer in model.layers:
        for name, gradient in dict(layer.gradients).items():
            expected = numerical(loss, layer.parameters[name])
            result[f"{layer.name} {name}"] = difference(gradient, expected)
    return result
