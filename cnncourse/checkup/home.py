"""Is there a home folder where the programs around the course can keep their settings?"""

import tempfile
from pathlib import Path

from .diagnosis import OK, WARNING, Diagnosis

ADVICE = (
    "let HOME name a folder that you can write, before JupyterLab is started: it keeps settings, "
    "and matplotlib its fonts, there; `start` takes another folder by its name"
)


def examine():
    """Whether files can be made in the home folder."""
    try:
        with tempfile.TemporaryFile(dir=Path.home()):
            return Diagnosis(OK, "can be written")
    except RuntimeError:  # what Path.home() raises for a user without one
        return Diagnosis(WARNING, "there is none", ADVICE)
    except OSError as error:
        return Diagnosis(WARNING, f"{Path.home()} cannot be written: {error.strerror}", ADVICE)
