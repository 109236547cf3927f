"""Imports go downwards: read from the source, those of the docstrings' examples included.

The rooms and the rules are those of CONTRIBUTING.md. A new room has to be given its place in
``FLOORS``.
"""

import ast
import doctest
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "cnncourse"
# who may use whom: a room uses its own floor and those above it in this list
FLOORS = (
    ("support",),
    ("kernels",),
    ("initializers", "schedules"),
    ("layers", "augmentation"),
    ("callbacks", "losses", "optimizers", "datasets", "metrics"),
    ("model",),
    (
        "animations",
        "building",
        "classifier",
        "demos",
        "distributed",
        "explanations",
        "export",
        "filters",
        "gradients",
        "inference",
        "networks",
        "plots",
        "quantization",
        "receptive_field",
        "slides",
        "timing",
    ),
    ("checkup", "grading", "trained", "work_folder"),
    ("commands", "__main__"),
    ("chapters",),
)
LEVELS = {room: level for level, floor in enumerate(FLOORS) for room in floor}
MAY_IMPORT_LLVMLITE = "kernels/cpu/simd/"
# the same within the kernels; each backend alone, and what all share below them
BACKENDS = f"{PACKAGE}.kernels.cpu", f"{PACKAGE}.kernels.cuda"
STAIRS = [f"{BACKENDS[0]}.simd", f"{BACKENDS[0]}.parallel", BACKENDS[0]]


@dataclass(frozen=True)
class Import:
    """One name that a file imports."""

    module: str  # that has the import, with dots, as is ``target``
    target: str  # a file or a folder of the package, or the name of another package
    where: str  # file:line
    at_import: bool  # runs as soon as the file is imported


def room(module):
    """The room of a module's dotted name; ``""`` for the package itself."""
    return module.split(".")[1] if "." in module else ""


def _within(module, folder):
    return module == folder or module.startswith(f"{folder}.")


def _stair(module):
    """On which of the ``STAIRS`` a module stands; ``None`` if on none."""
    return next((k for k, folder in enumerate(STAIRS) if _within(module, folder)), None)


class Source:
    """A package's files, their imports, and what is wrong with them."""

    def __init__(self, root):
        self.root = root
        self.files = {}  # path of each file by its module's dotted name
        for path in sorted((root / PACKAGE).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            self.files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        self.public = self._public_names()
        self.imports = [found for module in self.files for found in self._imports(module)]

    def faults(self):
        """A message for every import that breaks a rule."""
        rules = (
            self._upwards,
            self._of_a_chapter,
            self._up_the_stairs,
            self._of_another_backend,
            self._of_llvmlite,
            self._of_nothing,
        )
        found = [fault for each in self.imports for rule in rules if (fault := rule(each))]
        return found + self._unknown_rooms() + self._cycles() + self._chapters_without_notebook()

    # The rules

    def _upwards(self, found):
        lower, upper = room(found.module), room(found.target)
        if not self._inside(found) or not {lower, upper} <= LEVELS.keys() | {""}:
            return None
        if not lower or upper == "chapters":  # the door leads everywhere; chapters: a rule below
            return None
        if not upper:
            return f"{found.where}: import from {PACKAGE}'s rooms, not {PACKAGE} itself"
        if LEVELS[lower] < LEVELS[upper]:
            return f"{found.where}: {lower} must not import {upper}, which stands above it"
        return None

    def _of_a_chapter(self, found):
        if not self._inside(found) or room(found.target) != "chapters":
            return None
        folder = ".".join(found.target.split(".")[:3])
        if found.module == folder or found.module.startswith(f"{folder}."):
            return None
        return f"{found.where}: nothing imports from {folder} but its own files"

    def _up_the_stairs(self, found):
        lower, upper = _stair(found.module), _stair(found.target)
        if lower is None or upper is None or lower >= upper:
            return None
        return f"{found.where}: {STAIRS[lower]} must not import {STAIRS[upper]}"

    def _of_another_backend(self, found):
        mine, other = (
            next((backend for backend in BACKENDS if _within(name, backend)), None)
            for name in (found.module, found.target)
        )
        if mine is None or other is None or mine == other:
            return None
        return f"{found.where}: a backend imports from no other one"

    def _of_llvmlite(self, found):
        path = self.files[found.module].relative_to(self.root / PACKAGE).as_posix()
        if found.target.split(".")[0] != "llvmlite" or path.startswith(MAY_IMPORT_LLVMLITE):
            return None
        return f"{found.where}: only {MAY_IMPORT_LLVMLITE} imports llvmlite"

    def _of_nothing(self, found):
        if not self._inside(found) or found.target in self.files:
            return None
        return f"{found.where}: there is no {found.target}"

    def _unknown_rooms(self):
        rooms = {room(module): path for module, path in reversed(self.files.items())}
        return [
            f"{path.relative_to(self.root)}: give the room {name} its place in FLOORS"
            for name, path in rooms.items()
            if name and name not in LEVELS
        ]

    def _cycles(self):
        """Files that import each other, perhaps by way of others, as they are imported."""
        edges = {module: [] for module in self.files}
        for found in self.imports:
            if found.at_import and found.target in edges:
                edges[found.module].append(found)
        faults, done = [], set()

        def follow(module, path):
            if module in done:
                return
            for found in edges[module]:
                way = [*path, found]
                starts = [step.module for step in way]
                if found.target in starts:
                    places = sorted(step.where for step in way[starts.index(found.target) :])
                    faults.append(f"{', '.join(places)}: these imports run in a circle")
                else:
                    follow(found.target, way)
            done.add(module)

        for module in self.files:
            follow(module, [])
        return faults

    def _chapters_without_notebook(self):
        names = {path.stem[3:] for path in (self.root / "notebooks").glob("[0-9][0-9]-*.ipynb")}
        folders = {module.split(".")[2] for module in self.files if ".chapters." in module}
        return [
            f"{PACKAGE}/chapters/{folder}: there is no notebook NN-{folder.replace('_', '-')}.ipynb"
            for folder in sorted(folders)
            if folder.replace("_", "-") not in names
        ]

    # Reading

    def _inside(self, found):
        return found.target.split(".")[0] == PACKAGE

    def _public_names(self):
        """Where the package's own names come from, ``_OBJECTS`` in its ``__init__.py``."""
        for node in ast.parse(self._text(PACKAGE)).body:
            if isinstance(node, ast.Assign) and node.targets[0].id == "_OBJECTS":
                return {name: PACKAGE + at for name, at in ast.literal_eval(node.value).items()}
        return {}

    def _text(self, module):
        return self.files[module].read_text(encoding="utf-8")

    def _imports(self, module):
        tree = ast.parse(self._text(module))
        yield from self._statements(module, tree, at_import=True)
        for node in ast.walk(tree):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                text = ast.get_docstring(node, clean=False)
                for example in doctest.DocTestParser().get_examples(text or ""):
                    code = ast.parse(example.source)
                    above = node.body[0].lineno + example.lineno - 1
                    yield from self._statements(module, code, at_import=False, above=above)

    def _statements(self, module, node, at_import, above=0):
        """The imports in ``node``, which begins ``above`` lines below the top of the file."""
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            path = self.files[module].relative_to(self.root).as_posix()
            where = f"{path}:{above + node.lineno}"
            for target in self._targets(module, node):
                yield Import(module, target, where, at_import)
        at_import = at_import and not isinstance(node, (ast.FunctionDef, ast.Lambda))
        for child in ast.iter_child_nodes(node):
            yield from self._statements(module, child, at_import, above)

    def _targets(self, module, node):
        if isinstance(node, ast.Import):
            return [name.name for name in node.names]
        start = node.module or ""
        if node.level:
            parts = module.split(".")
            if self.files[module].name == "__init__.py":
                parts.append("")
            start = ".".join([*parts[: -node.level], *([node.module] if node.module else [])])
        return [self._target(start, name.name) for name in node.names]

    def _target(self, start, name):
        """The file that ``from start import name`` is about."""
        if f"{start}.{name}" in self.files:
            return f"{start}.{name}"
        if start == PACKAGE:
            return self.public.get(name, start)
        return start


def test_the_package_keeps_the_rules():
    found = Source(ROOT)
    assert len(found.imports) > len(found.files) > 100
    assert not found.faults(), "\n" + "\n".join(found.faults())


LAYER = "cnncourse/layers/dense.py"
BROKEN = {  # a file, its text, and the fault
    "upwards": (
        LAYER,
        "import math\nfrom ..model import Sequential\n",
        "cnncourse/layers/dense.py:2: layers must not import model, which stands above it",
    ),
    "upwards, within a function": (
        LAYER,
        "def build():\n    from .. import model\n",
        "cnncourse/layers/dense.py:2: layers must not import model, which stands above it",
    ),
    "upwards, by a public name": (
        LAYER,
        "from cnncourse import Sequential\n",
        "cnncourse/layers/dense.py:1: layers must not import model, which stands above it",
    ),
    "upwards, in an example": (
        LAYER,
        'def build():\n    """Build.\n\n    >>> from cnncourse import model\n    """\n',
        "cnncourse/layers/dense.py:4: layers must not import model, which stands above it",
    ),
    "the package itself": (
        LAYER,
        "import cnncourse\n",
        "cnncourse/layers/dense.py:1: import from cnncourse's rooms, not cnncourse itself",
    ),
    "from a chapter": (
        "cnncourse/chapters/pooling/__init__.py",
        "from ..convolution import signals\n",
        "cnncourse/chapters/pooling/__init__.py:1: "
        "nothing imports from cnncourse.chapters.convolution but its own files",
    ),
    "in a circle": (
        "cnncourse/layers/base.py",
        "from .dense import Dense\n",
        "cnncourse/layers/base.py:1, cnncourse/layers/dense.py:1: these imports run in a circle",
    ),
    "up the kernels' stairs": (
        "cnncourse/kernels/cpu/simd/sums.py",
        "from ..dense import dense\n",
        "cnncourse/kernels/cpu/simd/sums.py:1: "
        "cnncourse.kernels.cpu.simd must not import cnncourse.kernels.cpu",
    ),
    "from another backend": (
        "cnncourse/kernels/cuda/dense.py",
        "from ..cpu.dense import dense\n",
        "cnncourse/kernels/cuda/dense.py:1: a backend imports from no other one",
    ),
    "llvmlite": (
        LAYER,
        "import llvmlite.binding\n",
        "cnncourse/layers/dense.py:1: only kernels/cpu/simd/ imports llvmlite",
    ),
    "a file that is not there": (
        LAYER,
        "from .bass import Layer\n",
        "cnncourse/layers/dense.py:1: there is no cnncourse.layers.bass",
    ),
    "a room without a place": (
        "cnncourse/attic/__init__.py",
        "",
        "cnncourse/attic/__init__.py: give the room attic its place in FLOORS",
    ),
    "a chapter without a notebook": (
        "cnncourse/chapters/the_attic/__init__.py",
        "",
        "cnncourse/chapters/the_attic: there is no notebook NN-the-attic.ipynb",
    ),
}


@pytest.fixture
def small_package(tmp_path):
    """A made-up package without a fault."""
    files = {
        "cnncourse/__init__.py": '_OBJECTS = {"Sequential": ".model"}\n',
        "cnncourse/layers/__init__.py": "from .dense import Dense\n",
        "cnncourse/layers/base.py": "def late():\n    from .dense import Dense\n",
        LAYER: "from .base import Layer\n",
        "cnncourse/model.py": "",
        "cnncourse/kernels/cpu/simd/__init__.py": "from llvmlite import ir\n",
        "cnncourse/kernels/cpu/dense.py": "from .simd import ir\n",
        "cnncourse/chapters/convolution/__init__.py": "from .signals import signals\n",
        "cnncourse/chapters/convolution/signals.py": "from cnncourse import Sequential\n",
        "notebooks/01-convolution.ipynb": "",
        "notebooks/02-pooling.ipynb": "",
    }
    for path, text in files.items():
        write(tmp_path / path, text)
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_what_keeps_the_rules_passes(small_package):
    assert Source(small_package).faults() == []


@pytest.mark.parametrize("path, text, fault", BROKEN.values(), ids=BROKEN)
def test_what_breaks_a_rule_is_found(small_package, path, text, fault):
    write(small_package / path, text)
    assert Source(small_package).faults() == [fault]
