"""Demos to play with: they answer while you draw, click and change, on your own network.

Each is one call. In a running JupyterLab it is live, if the extra ``live`` is installed
(``pip install -e ".[live]"``); elsewhere it is a picture.
"""

from .convolution_playground import convolution_playground
from .draw_digit import draw_digit
from .explorer import explorer
from .live_training import live_training

__all__ = ["convolution_playground", "draw_digit", "explorer", "live_training"]
