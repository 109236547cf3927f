"""Open chapters in JupyterLab, as a student does who has run nothing, and listen to their pictures.

    python tools/check_pictures_are_heard.py                        all chapters
    python tools/check_pictures_are_heard.py notebooks/08-*.ipynb   some of them

For each picture, the browser's accessibility tree, which screen readers read, must have its text;
the text must take no room on the screen; and the picture must have twice the pixels of its place.
It needs `pip install jupyterlab playwright` and Chromium (`apt-get install chromium`), no network.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import nbformat
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent.parent / "notebooks"
WHOLE = {"windowingMode": "none"}  # cells off the screen are there, too
SETTINGS = "@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
MEASURE = """() => ({
  ratios: [...document.querySelectorAll('.jp-RenderedImage img')]
    .map(i => i.naturalWidth / i.width),
  heights: [...document.querySelectorAll('.jp-OutputArea-output.jp-RenderedHTML')]
    .filter(e => e.innerText.startsWith('Picture: ')).map(e => e.offsetHeight)})"""


def serve(folder, home):
    """A JupyterLab of our own for ``folder``: the process and its address with a token."""
    settings = home / "settings" / SETTINGS
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(WHOLE))
    places = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
              "JUPYTER_RUNTIME_DIR": "runtime"}  # fmt: skip
    token = secrets.token_hex(16)
    options = [f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={token}", "--port=0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", *options],
        env=os.environ | {name: str(home / place) for name, place in places.items()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None:
        for file in (home / "runtime").glob("jpserver-*.json"):
            return process, f"http://127.0.0.1:{json.loads(file.read_text())['port']}", token
        time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start")


def faults(page, notebook):
    """What is wrong with the pictures of a chapter that ``page`` is about to show."""
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    pictures = [o for o in outputs if "image/png" in o.get("data", {})]
    if pictures:
        page.wait_for_function(
            "count => document.querySelectorAll('.jp-RenderedImage img').length >= count",
            arg=len(pictures), timeout=120_000,
        )  # fmt: skip
        page.wait_for_timeout(500)
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    heard = [node.get("name", {}).get("value", "") for node in tree]
    measured = page.evaluate(MEASURE)
    for picture in pictures:
        text = " ".join(f"Picture: {picture.metadata['image/png']['alt']}".split())
        if not any(text in " ".join(words.split()) for words in heard):
            yield f"nobody hears {text[:70]}"
    yield from (f"a hidden text is {high} pixels high" for high in measured["heights"] if high)
    unsharp = sum(ratio < 1.99 for ratio in measured["ratios"])
    if unsharp:
        yield f"{unsharp} of {len(pictures)} pictures have fewer pixels than a sharp screen"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all chapters")
    paths = [path.resolve() for path in parser.parse_args().notebooks or FOLDER.glob("*.ipynb")]
    found = 0
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        folder = os.path.commonpath([path.parent for path in paths])
        process, base, token = serve(folder, Path(home))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        try:
            for path in sorted(paths):
                place = quote(path.relative_to(folder).as_posix())
                address = f"{base}/lab/workspaces/{secrets.token_hex(4)}/tree/{place}?token={token}"
                page = browser.new_page(viewport={"width": 1366, "height": 768})
                page.goto(address)
                wrong = list(faults(page, nbformat.read(path, as_version=4)))
                page.close()
                print(f"{path.name}: {'; '.join(wrong) or 'every picture is heard'}", flush=True)
                found += len(wrong)
        finally:
            browser.close()
            process.terminate()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
