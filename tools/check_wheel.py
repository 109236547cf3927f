"""Look whether a wheel is the whole course, and no larger than it may be.

    python tools/check_wheel.py WHEEL [WHEEL ...]

Of several wheels, such as one from the clone and one from the source distribution, all must hold
the same files.
"""

import sys
import zipfile
from pathlib import Path

TOP = Path(__file__).parent.parent
LARGEST = 25_000_000  # bytes
NEEDED = (
    "notebooks/*.ipynb",
    "notebooks/pictures/*",
    "notebooks/solutions/*.ipynb",
    "notebooks/trained/**/*.npz",
    "data/mnist/*.xz",
    "data/fashion-mnist-quick/*.xz",
    "data/photos/**/*.jpg",
    "data/emoji/*",
)


def expected():
    """What every wheel must hold, as names in it."""
    files = (path for pattern in NEEDED for path in TOP.glob(pattern))
    return {f"cnncourse/course/{path.relative_to(TOP).as_posix()}" for path in files}


def check(path):
    """The names of the files in a wheel; the script ends where something is wrong with it."""
    with zipfile.ZipFile(path) as wheel:
        names = set(wheel.namelist())
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path.name} has {path.stat().st_size:,} bytes, more than {LARGEST:,}")
    if missing := expected() - names:
        raise SystemExit(f"{path.name} lacks {', '.join(sorted(missing))}")
    print(f"{path.name}: {path.stat().st_size:,} bytes, {len(names)} files")
    return names


if __name__ == "__main__":
    wheels = [check(Path(name)) for name in sys.argv[1:]]
    if differing := set.union(*wheels) - set.intersection(*wheels):
        raise SystemExit(f"not in all of them: {', '.join(sorted(differing))}")
