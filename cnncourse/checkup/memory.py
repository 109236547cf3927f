"""Is there enough memory for the largest chapters?"""

from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from .diagnosis import OK, WARNING, Diagnosis

NEEDED = 2.0  # GB, for labs on all images (docs/instructors/hubs.md)
GB = 1e9
LIMITS = (  # of the container that we may be in, by both versions of Linux's control groups
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)


def examine():
    """How much memory is free, on the machine and in the container that we may be in."""
    free = free_bytes()
    if free is None:
        return Diagnosis(OK, f"not known; {NEEDED:.0f} GB are enough")
    text = f"{free / GB:.1f} GB free"
    if free < NEEDED * GB:
        return Diagnosis(
            WARNING,
            f"{text}, and the largest chapters take up to {NEEDED:.0f}",
            "close other programs and notebooks that you no longer use, or set CNNCOURSE_QUICK=1",
        )
    return Diagnosis(OK, text)


def free_bytes():
    """The bytes that a program can still get; ``None`` where nobody can be asked."""
    if not find_spec("psutil"):  # it comes with JupyterLab
        return None
    import psutil

    return min([psutil.virtual_memory().available, *_limits()])


def _limits():
    for path in LIMITS:
        with suppress(OSError, ValueError):  # there is no such file, or it says "max"
            yield int(Path(path).read_text())
