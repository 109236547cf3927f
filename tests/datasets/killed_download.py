"""Downloads one file, in a process of its own that will be killed.

python killed_download.py URL DESTINATION SHA256
"""

import hashlib
import sys
from pathlib import Path

from cnncourse.datasets.download import fetch

if __name__ == "__main__":
    url, destination, digest = sys.argv[1:]

    def check(path):
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise ValueError("wrong content")

    print("ready", flush=True)
    fetch([url], Path(destination), check)
