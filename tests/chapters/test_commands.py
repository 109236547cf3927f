"""Chapters' commands, ``python -m cnncourse.chapters.….…``."""

import subprocess
import sys
from pathlib import Path

import cnncourse.chapters

FOLDER = Path(cnncourse.chapters.__file__).parent
COMMANDS = sorted(
    f"cnncourse.chapters.{path.parent.name}.{path.stem}"
    for path in FOLDER.glob("*/*.py")
    if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
)


def test_no_chapter_imports_its_commands():
    """Python would run a second copy of them, and warn of it."""
    assert "cnncourse.chapters.going_deeper.transfer" in COMMANDS
    chapters = sorted({name.rpartition(".")[0] for name in COMMANDS})
    code = f"import sys, {', '.join(chapters)}; print(*set(sys.modules) & {set(COMMANDS)})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not done.stdout.split()
