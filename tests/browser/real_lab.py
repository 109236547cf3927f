"""A private JupyterLab, a Chromium, and notebooks that are opened in it and run.

Settings, workspaces and runtime files are temporary; the server listens on this machine only, on a
free port and with a token of its own.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
SETTINGS = {
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension/plugin.jupyterlab-settings": {"autosave": False},
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}
PANEL = """(path) => [...window.jupyterapp.shell.widgets('main')]
    .find((w) => w.context && w.context.path === path && w.content && w.content.widgets)"""


class Lab:
    """JupyterLab in a browser; `run` opens a notebook with the given cells."""

    def __init__(self, folder, url, token, browser):
        self.folder, self.url, self.token, self.browser = folder, url, token, browser

    @contextmanager
    def run(self, *cells, theme="light", run=True, width=1366, height=768, **options):
        """A page with a notebook of these cells, which have run, unless ``run`` is false.

        ``options``: those of the browser's context, such as ``reduced_motion``.
        """
        name = f"{secrets.token_hex(4)}.ipynb"
        notebook = cells[0] if isinstance(cells[0], nbformat.NotebookNode) else None
        if notebook is None:
            notebook = nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
                metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            )
        nbformat.write(notebook, self.folder / name)
        viewport = {"width": width, "height": height}
        context = self.browser.new_context(viewport=viewport, **options)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(f"{self.url}lab/workspaces/{secrets.token_hex(4)}/tree/{name}?token={self.token}")
        page.wait_for_function(
            f"(p) => window.jupyterapp && ({PANEL})(p)", arg=name, timeout=120_000
        )
        page.evaluate(f"async (p) => {{ await ({PANEL})(p).context.ready; }}", name)
        if theme == "dark":
            page.evaluate(
                "window.jupyterapp.commands"
                ".execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
            )
        try:
            if run:
                page.wait_for_function(
                    f"(p) => ({PANEL})(p).sessionContext.session?.kernel?.status === 'idle'",
                    arg=name,
                    timeout=120_000,
                )
                page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
            page.evaluate("window.jupyterapp.shell.collapseLeft()")
            yield page
        finally:
            page.evaluate(f"(p) => ({PANEL})(p).sessionContext.shutdown().catch(() => 0)", name)
            context.close()


def notebook_as_saved(page):
    """The open notebook, as JupyterLab would save it."""
    text = page.evaluate(
        "JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.toJSON())"
    )
    return nbformat.reads(text, as_version=4)


def serious_faults(page, selector=".cnn-demo"):
    """What axe-core finds serious or critical in a part of the page."""
    assert AXE.is_file(), "axe-core is missing: npm install --prefix tests/browser axe-core@4"
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(selector) => axe.run(selector)", selector)
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@contextmanager
def chromium():
    """A browser; one a process, since Playwright allows no second one beside it."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def running(home, browser):
    """A `Lab` in this browser, whose files lie in the folder ``home``."""
    token = secrets.token_hex(16)
    folder = home / "notebooks"
    folder.mkdir()
    for name, values in SETTINGS.items():
        path = home / "settings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("PYTEST_CURRENT_TEST", None)
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", "--port=0", f"--ServerApp.root_dir={folder}"),
        *(f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True"),
    ]
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield Lab(folder, _url(home, server), token, browser)
    finally:
        server.terminate()
        server.wait(30)


def _url(home, server):
    """The server's address, as soon as it listens."""
    for _ in range(1200):
        for path in (home / "runtime").glob("jpserver-*.json"):
            try:
                return f"http://127.0.0.1:{json.loads(path.read_text())['port']}/"
            except (ValueError, KeyError):
                pass  # it is being written
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{(home / 'server.log').read_text()[-3000:]}")
