"""Upsampling of every backend against the reference."""

import numpy as np
import pytest
from backends import every_backend
from drawn import channels, drawn, images, normal, pairs, seeds, sides
from hypothesis import given
from judge import REFERENCE, check_sum, run

from cnncourse.kernels.contract import written

pytestmark = every_backend


@drawn
@given(small=pairs, large=sides, n=images, c=channels, seed=seeds)
def test_upsample2d(backend, small, large, n, c, seed):
    """Any size from any other: it must stay within its arrays where factors are not whole, too."""
    (x,) = normal(seed, (n, *small, c))
    (got,) = run(backend, "upsample2d", [x], [(n, *large, c)])
    (expected,) = run(REFERENCE, "upsample2d", [x], [(n, *large, c)])
    np.testing.assert_array_equal(got, expected.astype(np.float32))


@drawn
@given(small=pairs, large=sides, n=images, c=channels, seed=seeds)
def test_upsample2d_gradient(backend, small, large, n, c, seed):
    (gradient,) = normal(seed, (n, *large, c))
    copies = np.prod([-(-side // size) for side, size in zip(large, small, strict=True)])
    check_sum(backend, "upsample2d_gradient", [gradient], (n, *small, c), int(copies))


@drawn
@given(small=pairs, factors=pairs, n=images, c=channels, seed=seeds)
def test_whole_factors_repeat_pixels(backend, small, factors, n, c, seed):
    (x,) = normal(seed, (n, *small, c))
    large = x.repeat(factors[0], axis=1).repeat(factors[1], axis=2)
    (got,) = run(backend, "upsample2d", [x], [large.shape])
    np.testing.assert_array_equal(got, large)


def test_the_contract(backend):
    assert written("upsample2d") == written("upsample2d_gradient") == ["out"]
    small, large = backend.empty((1, 2, 2, 3)), backend.empty((1, 4, 4, 2))
    with pytest.raises(ValueError, match="upsample2d: out has shape"):
        backend.upsample2d(small, large)
