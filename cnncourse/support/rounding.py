"""How much rounding can explain: the bound for a sum of products in float32.

A float32 has 24 binary digits, so each operation is off by at most the share u = 2⁻²⁴ of its exact
result: the *unit roundoff*. A sum of n products takes n roundings on the way of each product,
whatever the order of the additions, and with or without fused multiply-adds. So it is off by at
most

    γ(n) · Σ |products|,    γ(n) = n·u / (1 − n·u)

What two correct programs may differ by follows from this bound. It is computed, never guessed:
a larger error is a mistake, a smaller one is none.

Source: N. Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, sections 2.1 and 3.1.
"""

UNIT_ROUNDOFF = 2.0**-24  # of float32


def gamma(n):
    """γ(n) = n·u / (1 − n·u): the largest relative error of n float32 roundings, one after another.

    ``n``: a whole number, or an array of them, at least 0 and far below 2²⁴; the result is a float,
    or an array of floats.

    >>> f"{gamma(800):.1e}"
    '4.8e-05'
    """
    return n * UNIT_ROUNDOFF / (1 - n * UNIT_ROUNDOFF)
