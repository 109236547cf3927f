"""Average and norm pooling of every backend against the reference."""

import numpy as np
import pytest
from backends import every_backend
from drawn import channels, drawn, geometries, images, normal, seeds
from hypothesis import given
from hypothesis import strategies as st
from judge import REFERENCE, check_within, run

from cnncourse.support.rounding import UNIT_ROUNDOFF as U
from cnncourse.support.rounding import gamma

pytestmark = every_backend
windows_on_images = geometries(pads_below_window=True)


@drawn
@given(g=windows_on_images, n=images, c=channels, seed=seeds, equal=st.booleans())
def test_average_pool2d(backend, g, n, c, seed, equal):
    x, weights, gradient = normal(seed, (n, *g.image, c), g.window, (n, *g.output, c))
    weights = np.ones_like(weights) if equal else abs(weights) + np.float32(0.1)
    # the sums of weights and of products, and one division: see judge.py for the bound
    tolerance = gamma(2 * g.window[0] * g.window[1] + 2)
    for name, given_, size, shape in [
        ("average_pool2d", x, abs(x), (n, *g.output, c)),
        ("average_pool2d_gradient", gradient, abs(gradient), (n, *g.image, c)),
    ]:
        (got,) = run(backend, name, [given_, weights, g], [shape])
        (expected,) = run(REFERENCE, name, [given_, weights, g], [shape])
        (bound,) = run(REFERENCE, name, [size, weights, g], [shape])
        check_within(got, expected, tolerance * bound, name)


@drawn
@given(g=windows_on_images, n=images, c=channels, seed=seeds, p=st.sampled_from([1, 1.5, 2, 3]))
def test_lp_pool2d(backend, g, n, c, seed, p):
    x, gradient = normal(seed, (n, *g.image, c), (n, *g.output, c))
    x[x > 1] = 0  # some zeros, where the derivative needs care
    (got,) = run(backend, "lp_pool2d", [x, p, g], [gradient.shape])
    (y,) = run(REFERENCE, "lp_pool2d", [x, p, g], [gradient.shape])
    # a ratio, a power (8 u by its logarithm and exponential, at ratios down to 1e-7), a sum,
    # a root, a product
    relative = U * (g.window[0] * g.window[1] + 8 + 8 * 16 * p)
    check_within(got, y, relative * y, "lp_pool2d")

    inputs = [gradient, x, y.astype(np.float32), p, g]
    (got,) = run(backend, "lp_pool2d_gradient", inputs, [x.shape])
    (expected,) = run(REFERENCE, "lp_pool2d_gradient", inputs, [x.shape])
    inputs[0] = abs(gradient)
    inputs[1] = abs(x)
    (bound,) = run(REFERENCE, "lp_pool2d_gradient", inputs, [x.shape])
    relative = U * (g.window[0] * g.window[1] + 8 + 8 * 16 * p)
    check_within(got, expected, relative * bound, "lp_pool2d_gradient")


def test_lp_pool2d_does_not_overflow(backend):
    from cnncourse.kernels.geometry import Geometry

    g = Geometry.of((2, 2), (2, 2), (2, 2), "valid")
    x = np.full((1, 2, 2, 1), 1e30, np.float32)  # its square is no float32
    (y,) = run(backend, "lp_pool2d", [x, 2, g], [(1, 1, 1, 1)])
    assert y.item() == pytest.approx(2e30, rel=1e-6)
