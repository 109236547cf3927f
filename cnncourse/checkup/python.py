"""Is this Python new enough? (Old Pythons read this file: see the room.)"""

import platform
import sys

from .diagnosis import OK, TO_DO, WARNING, Diagnosis

OLDEST, NEWEST = (3, 11), (3, 14)  # what pyproject.toml asks for, and the newest that is tested


def examine():
    """The version of this Python, beside those that the course was tested with."""
    text = f"{platform.python_version()} on {platform.system()}, {platform.machine()}"
    oldest, newest = (".".join(map(str, version)) for version in (OLDEST, NEWEST))
    if sys.version_info[:2] < OLDEST:
        return Diagnosis(
            TO_DO,
            f"{text}: too old, the course needs {oldest} or newer",
            f"install Python {newest}, and the course in it",
        )
    if sys.version_info[:2] > NEWEST:
        return Diagnosis(
            WARNING,
            f"{text}: newer than what was tested, {oldest} to {newest}",
            f"should something fail, take Python {newest}",
        )
    return Diagnosis(OK, text)
