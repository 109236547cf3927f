"""Installed versions beside those that the course was tested with: the bounds in pyproject.toml."""

from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from .diagnosis import OK, TO_DO, WARNING, Diagnosis


def always_required():
    """What every use of the course needs; an empty list where the course itself is not installed.

    >>> "numpy" in [one.name for one in always_required()]
    True
    """
    return [one for one in _requirements() if one.marker is None]


def required(name):
    """What the course asks of a package; nothing but its name where the course is not installed.

    >>> required("jupyterlab").name
    'jupyterlab'
    """
    return next((one for one in _requirements() if one.name == name), Requirement(name))


def _requirements():
    try:
        return [Requirement(line) for line in requires("cnncourse")]
    except PackageNotFoundError:  # a clone that was only put on the path
        return []


def judge(requirement):
    """The installed version of a package: as tested, untested, or of no use."""
    name, tested = requirement.name, requirement.specifier
    try:
        found = version(name)
    except PackageNotFoundError:
        return Diagnosis(TO_DO, f"{name} is missing", _install(requirement))
    if tested.contains(found, prereleases=True):
        return Diagnosis(OK, f"{name} {found}")
    floors = [one for one in tested if one.operator == ">="]
    too_old = not all(floor.contains(found, prereleases=True) for floor in floors)
    return Diagnosis(
        TO_DO if too_old else WARNING,
        f"{name} {found} is {'too old' if too_old else 'newer than what was tested'}, {tested}",
        _install(requirement),
    )


def _install(requirement):
    return f'pip install "{requirement.name}{requirement.specifier}"'
