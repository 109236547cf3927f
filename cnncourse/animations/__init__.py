"""Moving pictures of convolutions, small enough to see every value."""

from .movie import Movie
from .sliding_product import sliding_product
from .sliding_window import sliding_window

__all__ = ["Movie", "sliding_product", "sliding_window"]
