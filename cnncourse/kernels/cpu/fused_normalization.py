"""Batch normalisation, max pooling and ReLU in one go, band by band.

In the forward pass, a band of pixels is normalised and pooled while it lies in the cache. In the
backward pass, only the pixels that ``argmax`` names have a gradient, which is expanded again for
one band at a time.

``pooling`` and ``argmax`` are as in ``fused_convolution.py``, with C channels in place of O.
"""

import numpy as np
from numba import prange

from ..compiled_code import jit
from ..contract import contracted
from .max_pooling_rows import NO_ARGMAX, NO_POOLING, expand_rows, pool_rows
from .normalization import gradient_terms, normalize, rows_gradient
from .parallel.bands import bands_of
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.micro_kernel import NO_LEAST, ZERO
from .simd.normalization_sums import add_gradient_sums
from .simd.normalized_rows import gradient_of_rows, normalize_rows


@contracted
def fused_batch_norm(
    x, mean, variance, gamma, beta, epsilon, pooling, relu, out, argmax
):  # fmt: skip
    """Batch normalisation, then max pooling, then ReLU if ``relu``.

    ``out = pool(gamma · (x − mean) / √(variance + epsilon) + beta)``, or ``max(0, …)`` of it. NaN
    stays.

    ``x``: (N, H, W, C); ``mean``, ``variance``, ``gamma`` and ``beta``: (C,); ``epsilon``: float;
    ``relu``: bool; ``out``: (N, P, Q, C). Arrays are float32. ``argmax`` (N, P, Q, C), uint8, is
    written; it may be ``None`` if there will be no backward pass.
    """
    scale = gamma / np.sqrt(variance + x.dtype.type(epsilon))  # (C,)
    if pooling.window == NO_POOLING:
        rows = -1, len(mean)
        least = ZERO if relu else NO_LEAST
        marked = argmax.reshape(rows) if relu and argmax is not None else None
        normalize(x.reshape(rows), mean, scale, beta, None, least, out.reshape(rows), marked)
        if not relu and argmax is not None:
            argmax[...] = 0
    else:
        argmax = NO_ARGMAX if argmax is None else argmax
        _normalize_and_pool(x, mean, scale, beta, pooling.window, relu, out, argmax)


@parallel
def _normalize_and_pool(x, mean, scale, beta, pool, relu, out, argmax):
    """`fused_batch_norm` with ``scale`` = gamma / √(variance + epsilon), (C,) float32.

    ``pool``: the pooling's windows (rows, columns); ``argmax``: uint8, or `NO_ARGMAX`.
    """
    images, _, width, channels = x.shape
    rows = out.shape[1]
    bands = bands_of(images, rows, pool[0] * width * channels, SLICES)
    for band in prange(images * bands):
        n = band // bands
        start, stop = bounds(band % bands, bands, rows)
        pixels = x[n, start * pool[0] : stop * pool[0]].reshape(-1, channels)
        normal = np.empty_like(pixels)
        normalize_rows(pixels, 0, len(pixels), mean, scale, beta, None, NO_LEAST, normal, None)
        pool_rows(normal.reshape(-1), width, pool, relu, n, start, stop, out, argmax)


@contracted
def fused_batch_norm_gradient(
    gradient, argmax, x, mean, variance, gamma, epsilon, pooling, out,
    gamma_gradient, beta_gradient,
):  # fmt: skip
    """The gradients of what `fused_batch_norm` was given, with x's own ``mean`` and ``variance``.

    ``reference.batch_norm_gradient`` of ``expanded``, which has each gradient at the pixel that
    ``argmax`` names, and else 0.

    ``gradient`` and ``argmax``: (N, P, Q, C), float32 and uint8, never ``None``; ``x`` and ``out``:
    (N, H, W, C); ``mean``, ``variance``, ``gamma``, ``gamma_gradient`` and ``beta_gradient``: (C,);
    ``epsilon``: float. Arrays are float32; the last three are written.
    """
    if pooling.window == NO_POOLING:  # nothing to expand
        rows = -1, len(mean)
        rows_gradient(
            gradient.reshape(rows), argmax.reshape(rows), x.reshape(rows), mean, variance, gamma,
            epsilon, out.reshape(rows), gamma_gradient, beta_gradient,
        )  # fmt: skip
        return
    scale = 1 / np.sqrt(variance + x.dtype.type(epsilon))  # (C,)
    parts = np.zeros((SLICES, 2, len(mean)))  # float64: many small terms
    _gradient_sums(gradient, argmax, x, mean, pooling.window, parts)
    terms = gradient_terms(parts, x.size // len(mean), scale, gamma_gradient, beta_gradient)
    _gradient(gradient, argmax, x, mean, gamma * scale, *terms, pooling.window, out)


@parallel
def _gradient_sums(gradient, argmax, x, mean, pool, parts):
    """`add_gradient_sums` of the expanded gradient, slice by slice: ``parts`` (slices, 2, C)."""
    images, height, width, channels = x.shape
    bands = bands_of(images, height, 2 * width * channels, SLICES)
    for part in prange(SLICES):
        for band in range(*bounds(part, SLICES, images * bands)):
            shares, pixels = _band(gradient, argmax, x, pool, band, bands)
            add_gradient_sums(parts[part], shares, None, pixels, 0, len(pixels), mean)


@parallel
def _gradient(gradient, argmax, x, mean, scale, beta_mean, gamma_mean, pool, out):
    """`gradient_of_rows` of the expanded gradient, band by band.

    ``gradient`` and ``argmax``: (N, P, Q, C), float32 and uint8; ``x`` and ``out``: (N, H, W, C)
    float32; ``mean``, ``scale``, ``beta_mean`` and ``gamma_mean``: (C,) float32; ``pool``: the
    pooling's windows (rows, columns).
    """
    images, height, width, channels = x.shape
    bands = bands_of(images, height, 3 * width * channels, SLICES)
    for band in prange(images * bands):
        shares, pixels = _band(gradient, argmax, x, pool, band, bands)
        first, last = bounds(band % bands, bands, height)
        target = out[band // bands, first:last].reshape(-1, channels)
        gradient_of_rows(
            shares, None, pixels, 0, len(pixels), mean, scale, beta_mean, gamma_mean, target
        )


@jit
def _band(gradient, argmax, x, pool, band, bands):
    """A band of pixels and of their gradient, each as (pixels, C) float32.

    ``gradient`` and ``argmax``: (N, P, Q, C); ``x``: (N, H, W, C); ``band``: counted over all
    images, each of which is cut into ``bands``.
    """
    _, height, width, channels = x.shape
    n = band // bands
    first, last = bounds(band % bands, bands, height)
    pixels = x[n, first:last].reshape(-1, channels)
    shares = np.empty_like(pixels)
    expand_rows(gradient, argmax, pool, n, first, last, width, shares.reshape(-1))
    return shares, pixels
