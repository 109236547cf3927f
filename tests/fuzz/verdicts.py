"""One call, and what is wrong with it: nothing, as a rule."""

import ast
import contextlib
import io
import os
import sys
import traceback
import warnings
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import world

import cnncourse
from cnncourse import kernels

PACKAGE = str(Path(cnncourse.__file__).parent) + os.sep
HERE = str(Path(__file__).parent) + os.sep
# what a call may leave behind: notes of a batch, and how far a source has got
NOTES = {"saved", "gradients", "_ran", "_gradient", "_jobs", "_cache", "backend", "model", "params"}
# what is wrong with a model as it is, whatever the arguments
STATE = (
    "the model has no layers yet",
    "shapes are unknown",
    "nothing to go back through",
    "choose an optimizer",
)
HUGE = 1e150  # its square is near the end of float64
USUAL = (ValueError, TypeError, MemoryError)


class Undrawable(Exception):
    """An argument that cannot be made: the line says nothing about the package."""


def judge(line, raises=(), names=None):
    """Run a line; a dict with ``verdict``, and ``error`` and ``where`` if there was one.

    ``raises``: names of the errors beside `USUAL` that the docstring promises; ``names``: words
    of which a message must have one (any message will do if left out).
    """
    call, use = _parts(line)
    space = dict(vars(world))
    try:
        owner, function, arguments = _made(call, space)
        watched = [owner, arguments]
        before = _state(watched)
        files = _files()
    except Exception as error:
        raise Undrawable(f"{line}: {type(error).__name__}: {error}") from error
    said = io.StringIO()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(said):
        warnings.simplefilter("always")
        try:
            result = function(**arguments)
            if use:
                result = space[use](result)
        except Exception as error:
            verdict = _refusal(error, raises, names)
            if verdict == "refused" and (_state(watched) != before or _files() != files):
                verdict = "changed"
            return {"verdict": verdict, "error": _text(error), "where": _where(error)}
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return {"verdict": "undocumented", "error": _text(error), "where": _where(error)}
    if "not finite" not in said.getvalue() and _finite([owner, arguments]):
        beyond = np.isnan if _huge(arguments) else _not_finite  # a square of 1e300 is infinite
        if _any(result, beyond):
            return {"verdict": "silent NaN"}
        ours = [w for w in caught if issubclass(w.category, RuntimeWarning)
                and w.filename.startswith(PACKAGE)]  # fmt: skip
        if ours:
            where = f"{ours[0].filename.removeprefix(PACKAGE)}:{ours[0].lineno}"
            return {"verdict": "warning", "error": str(ours[0].message), "where": where}
    if not use and _arrays(watched) != _arrays_of(before):
        return {"verdict": "changed", "error": "an array that was handed in"}
    return {"verdict": "done"}


def _parts(line):
    """The call, and the name of the ``use_…`` around it."""
    call = ast.parse(line, mode="eval").body
    name = getattr(call.func, "id", "")
    if name.startswith("use_") and name != "use_device":
        return call.args[0], name
    return call, None


def _made(call, space):
    """The object that the call's function belongs to, the function, and the arguments."""

    def value(node):
        return eval(compile(ast.Expression(node), "<line>", "eval"), space)

    owner = function = None
    if isinstance(call.func, ast.Attribute):
        owner = value(call.func.value)
        function = getattr(owner, call.func.attr)
    else:
        function = value(call.func)
        owner = None if isinstance(call.func, ast.Name) else function
    if isinstance(owner, (ModuleType, type)):
        owner = None
    return owner, function, {k.arg: value(k.value) for k in call.keywords}


def _refusal(error, raises, names):
    if isinstance(error, MemoryError) or str(error).startswith(STATE):
        return "refused"
    known = any(base.__name__ in raises for base in type(error).__mro__)
    if not isinstance(error, USUAL) and not known:
        return "undocumented"
    if known:
        return "refused"  # the system's own word about a file, or scikit-learn's about a fit
    if not _raised_by_us(error):
        return "foreign"
    if names and not any(_is_in(name, str(error)) for name in names):
        return "unnamed"
    return "refused"


def _is_in(name, text):
    return name.lower() in text.lower()


def _raised_by_us(error):
    """Whether a ``raise`` of the package's is where the error comes from."""
    filename, line = _innermost(error)
    if filename.startswith(HERE) or filename == "<line>":
        return True  # Python's own word about a call with too few arguments
    return filename.startswith(PACKAGE) and line in _raising_lines(filename)


def _innermost(error):
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return frame.filename, frame.lineno


@cache
def _raising_lines(filename):
    tree = ast.parse(Path(filename).read_text(encoding="utf-8"))
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        for line in range(node.lineno, node.end_lineno + 1)
    }


def _where(error):
    """The package's innermost line."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(PACKAGE)] or frames
    return f"{ours[-1].filename.removeprefix(PACKAGE)}:{ours[-1].lineno}"


def _text(error):
    return f"{type(error).__name__}: {error}"[:400]


# Whether anything has changed


def _state(things):
    """Everything that the things hold, and what holds for all of the package."""
    seen = {}
    random = repr(np.random.get_state())  # its numbers, and how many of them have been drawn
    return [_fingerprint(thing, seen) for thing in things] + [str(kernels._default), random]


def _fingerprint(thing, seen):
    if thing is np.ma.masked:
        return "masked"
    if isinstance(thing, np.ndarray):
        if thing.dtype == object:
            return "array", [_fingerprint(item, seen) for item in thing.ravel().tolist()]
        mask = np.ma.getmaskarray(thing).tobytes() if np.ma.isMA(thing) else b""
        return "array", thing.dtype.str, thing.shape, thing.tobytes(), mask
    if isinstance(thing, np.random.Generator):
        return repr(thing.bit_generator.state)
    if isinstance(thing, (str, bytes, int, float, complex, np.generic, type(None))):
        return repr(thing)
    if id(thing) in seen:
        return "seen", seen[id(thing)]
    seen[id(thing)] = len(seen)
    if isinstance(thing, (list, tuple, set, frozenset)):
        return type(thing).__name__, [_fingerprint(item, seen) for item in thing]
    if hasattr(thing, "items") and hasattr(thing, "keys"):
        pairs = list(thing.items())
        return "dict", [(_fingerprint(k, seen), _fingerprint(v, seen)) for k, v in pairs]
    if isinstance(thing, type) or callable(thing) and not hasattr(thing, "layers"):
        if type(thing).__module__.startswith("cnncourse"):
            return _attributes(thing, seen)
        return getattr(thing, "__qualname__", type(thing).__name__)
    if isinstance(thing, ModuleType):
        return thing.__name__
    return _attributes(thing, seen)


def _attributes(thing, seen):
    held = getattr(thing, "__dict__", {})
    return type(thing).__name__, [
        (name, _fingerprint(value, seen)) for name, value in held.items() if name not in NOTES
    ]


def _arrays(watched):
    return _arrays_of(_state(watched))


def _arrays_of(state):
    """The arrays among the arguments; what a method's object holds may change."""
    arguments = state[1]
    if arguments[0] != "dict":
        return []
    return [value for _, value in arguments[1] if value[0] == "array"]


def _files():
    folder = world.prepare()
    return sorted(
        (entry.path, entry.stat().st_size, entry.stat().st_mtime_ns)
        for path, _, _ in os.walk(folder)
        for entry in os.scandir(path)
        if entry.is_file()
    )


# Whether all is finite


def _finite(thing):
    """Whether there is no NaN and no infinity in it, as far as one can see."""
    return not _any(thing, _not_finite)


def _huge(thing):
    """Whether it holds a value whose square float64 cannot hold."""
    return _any(thing, lambda values: np.abs(values) > HUGE)


def _not_finite(values):
    return ~np.isfinite(values)


def _any(thing, test, depth=0):
    """Whether ``test`` is true of any value in it, as far as one can see."""
    if isinstance(thing, (float, complex, np.inexact)):
        return bool(test(thing))
    if isinstance(thing, np.ndarray):
        if thing.dtype.kind in "fc":
            return bool(np.any(test(np.ma.getdata(thing))))
        return thing.dtype == object and _any(thing.ravel().tolist(), test, depth + 1)
    if depth > 6 or isinstance(thing, (str, bytes, range)):
        return False
    if isinstance(thing, (list, tuple)):
        return any(_any(item, test, depth + 1) for item in thing)
    if isinstance(thing, dict):
        return any(_any(item, test, depth + 1) for item in thing.values())
    if hasattr(thing, "a"):
        return _any(thing.a, test, depth + 1)
    if hasattr(thing, "get_weights"):
        try:
            return _any(thing.get_weights(), test, depth + 1)
        except Exception:  # not built yet
            return False
    return False


if __name__ == "__main__":
    print(judge(sys.argv[1]))
