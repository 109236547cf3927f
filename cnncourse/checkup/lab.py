"""Is JupyterLab here, or something else that opens notebooks?"""

from importlib.util import find_spec

from .diagnosis import TO_DO, WARNING, Diagnosis
from .versions import judge, required


def examine():
    """JupyterLab's version; without it, whether an editor such as VS Code could run a chapter."""
    found = judge(required("jupyterlab"))
    if found.verdict != TO_DO or not find_spec("ipykernel"):
        return found
    text = f"{found.text}; ipykernel is here, with which VS Code and others open chapters"
    return Diagnosis(WARNING, text, found.advice)
