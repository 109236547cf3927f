"""Fetch the scripts of others that slides and web edition carry along, from npm.

    python tools/carry_scripts.py

They lie in cnncourse/slides/carried/, with their licences, so that both work without a network.
Another version: change it here, run this, look at the slides and at the site, commit the files.
"""

import subprocess
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "cnncourse" / "slides" / "carried"
# package, version → its files, and what they are called here
PACKAGES = {
    "reveal.js@4.6.1": {
        "dist/reveal.js": "reveal.js",
        "dist/reveal.css": "reveal.css",
        "plugin/notes/notes.js": "reveal-notes.js",
        "LICENSE": "reveal-LICENSE.txt",
    },
    # all of TeX in one file, as pictures: it asks for no font and no extension later
    "mathjax@3.2.2": {
        "es5/tex-svg-full.js": "mathjax.js",
        "LICENSE": "mathjax-LICENSE.txt",
    },
}


def fetch(package, files):
    """Put a package's files into the folder."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["npm", "pack", "--silent", package], cwd=place, check=True)
        (packed,) = Path(place).glob("*.tgz")
        with tarfile.open(packed) as archive:
            for name, here in files.items():
                (FOLDER / here).write_bytes(archive.extractfile(f"package/{name}").read())


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for package, files in PACKAGES.items():
        fetch(package, files)
    for path in sorted(FOLDER.iterdir()):
        print(f"{path.stat().st_size:9,} bytes  {path.name}")


if __name__ == "__main__":
    main()
