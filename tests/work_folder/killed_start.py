"""A process of test_killed_starts.py: fill a folder with one version of many files, and again."""

import sys
from pathlib import Path

from cnncourse.work_folder.delivery import deliver


def main():
    folder, first = Path(sys.argv[1]), int(sys.argv[2])
    print("ready", flush=True)
    for version in range(first, first + 1000):
        deliver(folder, {f"notebooks/{k}.ipynb": b"%d " % version * 10_000 for k in range(20)})
        print(version, flush=True)


if __name__ == "__main__":
    main()
