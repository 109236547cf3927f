"""Pictures: each one call, giving a figure that carries a description for those who cannot see it."""

from .history import history
from .images import images

__all__ = ["history", "images"]
