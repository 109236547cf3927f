"""Run notebooks from a fresh kernel and store their outputs, which nbval compares.

    python tools/regenerate_notebooks.py                        all chapters
    python tools/regenerate_notebooks.py notebooks/08-*.ipynb   some of them

The outputs that are committed come from whole data sets: set CNNCOURSE_DATA to a folder that has
all of Fashion-MNIST, or let chapter 11 download it. Two runs on one machine give the same file,
byte for byte, but for cells that show the clock and the minutes that the run took, which are kept
for tools/chapter_minutes.py. A cell that fails stops the run, and that notebook stays as it was.
"""

import argparse
import os
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
# demos show their pictures, as everywhere without the extra "live"
NO_LIVE_VIEWS = "import sys; sys.modules['anywidget'] = None"


def run(notebook, folder):
    """Run a notebook in a folder; the notebook with its outputs, nothing else changed."""
    client = NotebookClient(
        notebook,
        timeout=None,  # a lab on full MNIST takes its minutes
        startup_timeout=600,  # and a busy machine takes its time to begin
        kernel_name="python3",
        coalesce_streams=True,  # or every frame of a progress bar would be stored
        extra_arguments=[f"--IPKernelApp.exec_lines={NO_LIVE_VIEWS}"],
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    began = time.monotonic()
    client.execute()
    minutes = (time.monotonic() - began) / 60
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},  # without the version, which differs by machine
        "run_minutes": round(minutes),
    }
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


def write(notebook, path):
    """Write beside the notebook first: an interrupted run leaves the old file whole."""
    part = path.with_suffix(".part")
    part.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    os.replace(part, path)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all chapters")
    for path in parser.parse_args().notebooks or sorted(FOLDER.glob("*.ipynb")):
        print(path, flush=True)
        write(run(nbformat.read(path, as_version=4), path.parent), path)


if __name__ == "__main__":
    main()
