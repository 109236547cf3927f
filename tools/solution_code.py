"""A chapter's cell with a solution in it, and the imports that such cells need."""

import ast
import builtins
import importlib
import inspect
import re
import textwrap
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True)
class Code:
    """The source of a cell, and the module that has what it needs."""

    source: str
    module: ModuleType

    def names(self):
        """The names that it reads, and those that it makes: two sets."""
        read, made = set(), set()
        for node in ast.walk(ast.parse(self.source)):
            if isinstance(node, ast.Name):
                (read if isinstance(node.ctx, ast.Load) else made).add(node.id)
            elif isinstance(node, ast.FunctionDef):
                made.add(node.name)
            elif isinstance(node, ast.arg):
                made.add(node.arg)
        return read - made, made


def answered(cell, solution):
    """A chapter's cell, a source, with a solution in the place of its empty answer.

    A function's head stays the chapter's, with its comments; its parameters must be the solution's.
    Where the answer is a value, what the solution returns gets the chapter's name.
    """
    solution = inspect.unwrap(solution)  # of a kernel, its function
    *before, call = ast.parse(cell).body
    stubs = [node for node in before if isinstance(node, (ast.Assign, ast.FunctionDef))]
    body = _body(solution)
    if isinstance(stubs[0], ast.FunctionDef):
        (stub,) = stubs
        wanted = [argument.arg for argument in stub.args.args]
        given = list(inspect.signature(solution).parameters)
        if given[: len(wanted)] != wanted:
            raise ValueError(f"{stub.name} takes {wanted}, its solution {given}")
        first = min(node.lineno for node in (stub, *stub.decorator_list))
        head = "\n".join(cell.splitlines()[first - 1 : stub.body[0].lineno - 1])
        answer = f"{head}\n{textwrap.indent(body, '    ')}\n\n"
    else:
        names = ", ".join(ast.unparse(target) for stub in stubs for target in stub.targets)
        answer = re.sub(r"^return ", f"{names} = ", body, flags=re.MULTILINE) + "\n"
    source = f"{answer}\n{ast.get_source_segment(cell, call)}"
    return Code(source, inspect.getmodule(solution))


def _body(function):
    """The source of a function's body without its docstring."""
    source = textwrap.dedent(inspect.getsource(function))
    (definition,) = ast.parse(source).body
    first = definition.body[ast.get_docstring(definition) is not None]
    return textwrap.dedent("\n".join(source.splitlines()[first.lineno - 1 :]))


def imports(cells, chapter):
    """The imports that ``cells``, a list of `Code`, need: statements as the package has them.

    ``chapter``: the notebook from which the cells are; what their modules lack comes from its
    imports. A ``ValueError`` names what comes from nowhere.
    """
    made, statements = set(dir(builtins)), set()
    own = "\n".join(cell.source for cell in chapter.cells if cell.cell_type == "code")
    own = re.sub(r"^[%!].*", "", own, flags=re.MULTILINE)  # magics are no Python
    for code in cells:
        package = code.module.__package__
        known = _imported(own, "") | _imported(inspect.getsource(code.module), package)
        read, makes = code.names()
        for name in sorted(read - made):
            if name in known:
                statements.add(known[name])
            elif hasattr(code.module, name):
                statements.add(f"from {code.module.__name__} import {name}")
            else:
                raise ValueError(f"nothing that is imported is called {name}: {code.source}")
        made |= makes
    return "\n".join(sorted(statements))


def _imported(source, package):
    """What a source imports: name → the statement, with whole names of modules."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                what = ast.unparse(alias)
                if isinstance(node, ast.ImportFrom):
                    module = "." * node.level + (node.module or "")
                    what = f"from {importlib.util.resolve_name(module, package)} import {what}"
                else:
                    what = f"import {what}"
                found[alias.asname or alias.name] = what
    return found
