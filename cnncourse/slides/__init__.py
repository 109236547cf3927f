"""A chapter as slides: one file for a browser, with formulas, pictures and speaker notes."""

from .writer import to_html

__all__ = ["to_html"]
