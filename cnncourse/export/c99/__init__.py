"""A network as one file of C99 that needs nothing else: no library, no allocation."""

from .footprint import Footprint
from .writer import to_c

__all__ = ["Footprint", "to_c"]
