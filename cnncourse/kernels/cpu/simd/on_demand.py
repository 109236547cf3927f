"""Functions for compiled code to call, compiled when somebody asks for their address.

A first training step is kept waiting by all that is compiled, so that what only some networks need
is not compiled for the others.
"""

from functools import cache

from numba import cfunc

from ...compiled_code import with_cache


def address_of(function, signature):
    """Where the compiled ``function`` lies: it is compiled once, and then kept."""
    return _callable(function, signature).address


@cache  # which keeps it: it must not be freed
def _callable(function, signature):
    return with_cache(lambda cached: cfunc(signature, cache=cached)(function))
