"""Export: a trained network leaves Python.

>>> import tempfile
>>> from pathlib import Path
>>> from cnncourse import export, networks
>>> path = Path(tempfile.mkdtemp()) / "digits.c"
>>> export.to_c(networks.tutorial(), path).multiply_adds
3747840
>>> path.read_text(encoding="ascii").splitlines()[0]
'/* digits.c: a trained network, written by cnncourse in float32.'

What is written comes from one description of the network, ``cnncourse/inference``.
"""

from .c99 import Footprint, to_c
from .html import to_html
from .onnx import to_onnx
from .wasm import to_wasm

__all__ = ["Footprint", "to_c", "to_html", "to_onnx", "to_wasm"]
