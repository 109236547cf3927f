"""Where compiled kernels are kept between runs, and when they are out of date.

numba keeps compiled code beside the source and compiles anew when *that file* has changed. But a
kernel is made of many files: it calls functions and folds constants of its neighbours. So ours lie
in a folder that bears a digest of all kernels' sources, and of the compiler's version: after a
``git pull``, an upgrade or an edit anywhere, there is a new folder, and the old one goes. (The CPU
is part of numba's own key.)

The folder lies in the package where that can be written, else in the user's cache, else in a
temporary folder; on a machine that can write nowhere, each start compiles anew. Where many share a
package that only its owner can write, they begin with a copy of what the owner has compiled.
"""

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numba
from numba import config, njit

from ..support.files import user_folder

HERE = Path(__file__).parent
PREFIX = "kernels-"


def jit(function=None, variant="", **options):
    """``numba.njit(**options)`` as a decorator, whose code is kept between runs.

    ``variant``: a name for a second set of ``options`` for the same function, which numba would
    take for the first.
    """
    if function is None:
        return lambda function: jit(function, variant, **options)
    return with_cache(lambda cached: njit(cache=cached, **options)(function), variant)


def with_cache(compile_, variant=""):
    """What ``compile_(cached)`` gives, while numba is told where to keep it."""
    place = folder()
    if place is None:
        return compile_(False)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(place / variant)
    try:
        return compile_(True)
    finally:
        config.CACHE_DIR = before


@cache
def folder():
    """The folder for this state of the kernels, or ``None`` after a printed line."""
    name = PREFIX + digest()
    for parent, said in _parents():
        if _can_be_written(parent / name):
            if parent.is_relative_to(HERE):
                _drop_old(parent, name)
            if said:
                print(said)
            _begin_with_the_owners(parent / name)
            return parent / name
    print("Compiled kernels can be kept nowhere on this machine: each start compiles them anew.")
    return None


def digest():
    """A short hash of all kernels' sources, and of what compiles them."""
    state = hashlib.sha256(f"{numba.__version__} {version('llvmlite')}".encode())
    for path in sorted(HERE.rglob("*.py")):
        state.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return state.hexdigest()[:16]


def _parents():
    """Folders to try, each with what to say if it is taken."""
    if config.CACHE_DIR:
        yield Path(config.CACHE_DIR) / "cnncourse", None
    yield HERE / "__pycache__", None
    if (own := user_folder()) is not None:
        yield own, None
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    temporary = Path(tempfile.gettempdir()) / f"cnncourse-{user}"
    yield temporary, f"Compiled kernels are kept in {temporary}, for nothing else can be written."


def _can_be_written(place):
    """Whether files can be made in ``place``, which is made if need be, for this user alone."""
    try:
        # the package's own may be read by whoever can read the package
        place.mkdir(mode=0o777 if HERE in place.parents else 0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid") and place.parent.stat().st_uid != os.getuid():
            # somebody else's folder could hand us their code, but for the package's own
            return place.is_relative_to(HERE) and os.access(place, os.W_OK)
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False


def _begin_with_the_owners(place):
    """Copy into ``place``, if it is new, what the package's folder has: who trusts the sources may
    trust their owner's code.
    """
    theirs = HERE / "__pycache__" / place.name
    if place == theirs or not theirs.is_dir() or any(place.iterdir()):
        return
    with suppress(OSError), tempfile.TemporaryDirectory(dir=place.parent) as part:
        shutil.copytree(theirs, Path(part, place.name))
        os.replace(Path(part, place.name), place)  # whole, or not at all


def _drop_old(parent, name):
    """Remove what was compiled from older sources."""
    for old in parent.glob(f"{PREFIX}*"):
        if old.name != name:
            shutil.rmtree(old, ignore_errors=True)
