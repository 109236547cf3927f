"""A network as one web page that runs it: a file to send to a friend."""

from .writer import to_html

__all__ = ["to_html"]
