"""Gradients by brute force: the check on every backward pass."""

import numpy as np


def numerical(function, array, step=1e-5):
    """d function() / d array, by moving one number at a time.

    ``function`` takes no arguments, gives a float and reads ``array``, float64, which is moved in
    place and put back. Central differences, (f(a + h) − f(a − h)) / 2h, err by about h² · f‴ plus
    the rounding of f divided by h: with h = 1e-5 both are near 1e-10 in float64. In float32, the
    rounding alone would be near 1e-2.

    Gives an array of the same shape. Do not ask for it at a kink of ReLU or a tie of max pooling:
    there the function has no slope.

    >>> x = np.array([3.0])
    >>> numerical(lambda: x[0] ** 2, x).round(6)
    array([6.])
    """
    gradient = np.empty_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + step
        above = function()
        array[place] = kept - step
        below = function()
        array[place] = kept
        gradient[place] = (above - below) / (2 * step)
    return gradient


def difference(gradient, expected):
    """How far two gradients are apart, relative to their size: 0 is equal, 2 is opposite.

    ``‖a − b‖ / max(‖a‖, ‖b‖)``. Gradients smaller than 1e-4 count as that large: a numerical one is
    only right to about 1e-11, so where the true one is 0 (a bias in front of batch normalisation)
    there would be nothing but rounding to compare.
    """
    size = max(np.linalg.norm(gradient), np.linalg.norm(expected), 1e-4)
    return float(np.linalg.norm(gradient - expected) / size)


def check(model, x, y):
    """Compare the model's backward pass with numerical gradients, layer by layer.

    ``model``: compiled, on the device ``"reference"``, as only float64 is exact enough; ``x``,
    ``y``: a few small images and their labels. Gives the `difference` of every parameter's
    gradient, as ``{"conv2d_1 kernel": 3e-10, …}``, and of the images' as ``"images"``. All should
    be below 1e-6.

    Raises ``ValueError`` for a model on another device.
    """
    if model.backend.name != "reference":
        raise ValueError(
            f"gradients are checked in float64, this model computes on {model.backend.name!r}; "
            "build it with device='reference', or call model.to('reference')"
        )
    x = model.backend.asarray(x).copy()
    chance = [rng.bit_generator.state for rng in model.generators().values()]

    def loss():
        for rng, state in zip(model.generators().values(), chance, strict=True):
            rng.bit_generator.state = state  # so that dropout drops the same each time
        return model.loss(model.scores(x, training=True), y)

    loss()
    result = {"images": difference(model.backward(model.loss.gradient()), numerical(loss, x))}
    for layer in model.layers:
        for name, gradient in dict(layer.gradients).items():
            expected = numerical(loss, layer.parameters[name])
            result[f"{layer.name} {name}"] = difference(gradient, expected)
    return result
