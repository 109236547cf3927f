"""How much rounding can explain."""

UNIT = 2.0**-24  # a float32 operation is off by at most this share of its result


def gamma(n):
    """The largest error of n roundings, as a share: n · u / (1 − n · u), with u = 2⁻²⁴.

    Source: N. Higham, *Accuracy and Stability of Numerical Algorithms*, section 3.1.

    >>> f"{gamma(800):.1e}"
    '4.8e-05'
    """
    return n * UNIT / (1 - n * UNIT)
