"""The web edition as its one command builds it, for the tests of its files and in a browser."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def build(folder):
    """The folder of the pages; the test is skipped without the extra ``docs``."""
    for name in ("sphinx", "myst_nb", "furo"):
        pytest.importorskip(name, reason='the web edition needs the extra "docs"')
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_site.py", "--to", folder],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder / "html"
