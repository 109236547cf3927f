"""Can compiled kernels be kept, or does each start compile them anew?"""

import tempfile
from pathlib import Path

from numba import config

from ..kernels import compiled_code
from .diagnosis import OK, WARNING, Diagnosis

ADVICE = "let NUMBA_CACHE_DIR name a folder that you can write, before Python is started"


def examine():
    """Where compiled kernels are kept."""
    folder = compiled_code.folder()
    if folder is None:
        text = "compiled kernels can be kept nowhere: each start takes a minute longer"
        return Diagnosis(WARNING, text, ADVICE)
    if folder.is_relative_to(compiled_code.HERE):
        return Diagnosis(OK, "compiled kernels are kept beside the package")
    if not config.CACHE_DIR and folder.is_relative_to(Path(tempfile.gettempdir())):
        text = f"compiled kernels are kept in {folder.parent} only, until that is tidied"
        return Diagnosis(WARNING, text, ADVICE)
    return Diagnosis(OK, f"compiled kernels are kept in {folder.parent}")
