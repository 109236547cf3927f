"""An exported C file, compiled by this machine's own compiler and called from Python."""

import ctypes
import subprocess
from shutil import which

import numpy as np

COMPILERS = ("cc", "gcc", "clang")
OPTIONS = ("-std=c99", "-O2", "-shared", "-fPIC")


def compiled(path, classes=10):
    """The function in an exported int8 file, or ``None`` where there is no C compiler.

    ``path``: of the file that `export.to_c` wrote; the library lies beside it. The function takes
    an image's bytes, uint8 of any shape, and gives its scores, (``classes``,) int16.
    """
    compiler = next(filter(which, COMPILERS), None)
    if compiler is None:
        return None
    library = path.with_suffix(".so")
    subprocess.run([compiler, *OPTIONS, path, "-o", library], check=True)
    function = getattr(ctypes.CDLL(str(library)), f"{path.stem}_predict")

    def predict(image):
        image = np.ascontiguousarray(image, np.uint8)
        scores = np.empty(classes, np.int16)
        function(ctypes.c_void_p(image.ctypes.data), ctypes.c_void_p(scores.ctypes.data))
        return scores

    return predict
