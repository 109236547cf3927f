"""Where links of chapters and documents lead in the web edition."""

import ast
import os
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)([^)]*)\)")
FENCE = "`" * 5  # longer than any in the files
# documents of the repository that are pages, and what they are called there
DOCUMENTS = {
    "data/README.md": "data",
    "CONTRIBUTING.md": "contributing",
    "CHANGELOG.md": "changelog",
}


class Links:
    """Rewrites links; ``sources`` are the files and folders of the package that they lead to."""

    def __init__(self):
        self.sources = set()

    def rewritten(self, text, folder):
        """A text of a file in ``folder``, its links as the site needs them."""
        return LINK.sub(lambda found: self._link(*found.groups(), folder), text)

    def _link(self, text, target, anchor, folder):
        path = Path(os.path.normpath(folder / target))
        page = self._page(path)
        return f"[{text}](/{page}{anchor})" if page else text

    def _page(self, path):
        """The page that shows a file, by its name in the site; ``None`` if none does."""
        name = path.relative_to(ROOT).as_posix()
        if name in DOCUMENTS:
            return f"{DOCUMENTS[name]}.md"
        if name.startswith("notebooks/") and path.suffix == ".ipynb" and name.count("/") == 1:
            return f"chapters/{path.name}"  # solutions stay away
        if name.startswith("docs/") and path.suffix == ".md":
            return name.removeprefix("docs/")
        if name.startswith("cnncourse/") and (path.suffix == ".py" or path.is_dir()):
            self.sources.add(path)
            return f"source/{name}.md"
        return None


def source_pages(sources):
    """Name → text of the pages that show files of the package, and folders with their files."""
    files = {path for path in sources if path.is_file()}
    folders = {path: sorted(path.glob("*.py")) for path in sources if path.is_dir()}
    files.update(*folders.values())
    pages = {_name(path): _file_page(path) for path in files}
    return pages | {_name(path): _folder_page(path, folders[path]) for path in folders}


def _name(path):
    return f"source/{path.relative_to(ROOT).as_posix()}"


def _file_page(path):
    return _head(path) + f"{FENCE}python\n{path.read_text(encoding='utf-8')}{FENCE}\n"


def _folder_page(path, files):
    return _head(path) + "".join(
        f"- [{file.name}](/{_name(file)}.md): {_first_line(file)}\n" for file in files
    )


def _head(path):
    return f"---\norphan: true\n---\n\n# `{path.relative_to(ROOT).as_posix()}`\n\n"


def _first_line(file):
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]
