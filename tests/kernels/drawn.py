"""What hypothesis draws for the conformance tests: geometries, and arrays to fill them."""

from math import prod

import numpy as np
from hypothesis import Phase, assume, settings
from hypothesis import strategies as st

from cnncourse.kernels.geometry import Geometry

pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))
sides = st.tuples(st.integers(1, 9), st.integers(1, 9))
dilations = st.one_of(st.just((1, 1)), st.tuples(st.integers(1, 4), st.integers(1, 4)))
# one, odd, a multiple of a vector's length, and one more than that
channels = st.sampled_from([1, 2, 3, 6, 8, 16, 17])
seeds = st.integers(0, 2**32 - 1)
images = st.integers(1, 3)
shapes = st.lists(st.integers(1, 7), min_size=1, max_size=4).map(tuple)
channelled = st.lists(st.integers(1, 7), min_size=2, max_size=4).map(tuple)
keys = st.integers(0, 2**64 - 1)
drawn = settings(
    max_examples=60,
    deadline=None,  # a first call compiles
    phases=set(Phase) - {Phase.explain},  # which would take most of the time of a failing test
)


@st.composite
def geometries(draw, least_window=1, pads_below_window=False, dilated=False):
    """Windows on images, with strides, every kind of padding and, if ``dilated``, gaps or none."""
    window = draw(st.tuples(st.integers(least_window, 5), st.integers(1, 5)))
    padding = draw(st.sampled_from(["valid", "same", "fixed"]))
    if padding == "fixed":
        most = [side - 1 if pads_below_window else 3 for side in window]
        padding = draw(st.tuples(*(st.integers(0, pad) for pad in most)))
    image, strides = draw(sides), draw(pairs)
    dilation = draw(dilations) if dilated else (1, 1)
    try:
        return Geometry.of(image, window, strides, padding, dilation)
    except ValueError:
        assume(dilated)  # a window larger than its image: test_geometry.py has that
        return Geometry.of(image, window, strides, "same", dilation)


@st.composite
def sliding(draw):
    """Windows three pixels wide, one pixel at a step, on images wide enough for many of them.

    Where channels or filters fill whole vectors, kernels of their own take these.
    """
    height, width = draw(st.integers(1, 5)), draw(st.integers(8, 37))
    window = draw(st.integers(1, height)), 3
    padding = draw(st.one_of(st.just("same"), st.tuples(st.integers(0, 3), st.integers(0, 3))))
    return Geometry.of((height, width), window, (1, 1), padding)


def normal(seed, *shapes):
    """Normally distributed float32 arrays, the same for the same seed."""
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape).astype(np.float32) for shape in shapes]


def tie_free(seed, shape):
    """Float32 values, all different and none of them 0: no maximum is shared."""
    order = np.random.default_rng(seed).permutation(prod(shape))
    return ((order - prod(shape) / 2 + 0.25) / 4).reshape(shape).astype(np.float32)
