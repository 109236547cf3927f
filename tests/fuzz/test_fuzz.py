"""Drawn calls of all that is public: each gives a result, or an error that helps.

``pytest tests/fuzz --fuzz 20000`` draws as many, ``--fuzz-seed 1`` others. A call that fails is
printed as a line; ``PYTHONPATH=. python tests/fuzz/verdicts.py 'THE LINE'`` says what is wrong.
"""

import inspect
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import draw  # noqa: E402
import verdicts  # noqa: E402
import workers  # noqa: E402
import world  # noqa: E402
from catalogue import CALLS, HOOKS  # noqa: E402

import cnncourse  # noqa: E402

GOOD = ("done", "refused", "undrawable")
BESIDE = ("receptive_field", "timing")  # rooms that notebooks import by their own names


def test_drawn_calls(pytestconfig):
    count, seed = pytestconfig.getoption("--fuzz"), pytestconfig.getoption("--fuzz-seed")
    found = workers.judged([draw.drawn(seed, number) for number in range(count)])
    kinds = defaultdict(list)
    for call, verdict in found:
        known = call.may_be_nan and verdict["verdict"] == "silent NaN"
        if verdict["verdict"] not in GOOD and not known:
            error = verdict.get("error", "").partition(":")[0]
            kinds[verdict["verdict"], verdict.get("where"), error].append((call.line, verdict))
    figures = Counter(verdict["verdict"] for _, verdict in found)
    print(f"{count} calls with the seed {seed}: {dict(figures)}")
    report = [
        f"{' '.join(map(str, kind))}, {len(calls)} times, such as\n    {calls[0][0]}\n"
        f"    {calls[0][1].get('error', '')}"
        for kind, calls in kinds.items()
    ]
    assert not report, "\n".join([str(dict(figures)), *sorted(report)])
    assert figures["undrawable"] <= count / 10


def _public():
    """The paths of all that is public: what is called, and the methods of classes."""
    for name in [*cnncourse.__all__, *BESIDE]:
        thing = getattr(world, name)
        if not isinstance(thing, ModuleType):
            yield from _with_methods(name, thing)
            continue
        for inner in getattr(thing, "__all__", None) or _own(thing):
            if inner not in HOOKS.get(name, ()):
                yield from _with_methods(f"{name}.{inner}", getattr(thing, inner))


def _own(module):
    return [
        name
        for name, thing in vars(module).items()
        if not name.startswith("_") and getattr(thing, "__module__", "") == module.__name__
    ]


def _with_methods(path, thing):
    if callable(thing):
        yield path
    if not inspect.isclass(thing) or any(_at(b) in thing.__mro__[1:] for b in HOOKS if "." in b):
        return  # a layer, say, overrides what all layers have
    for name in dir(thing):
        method = getattr(thing, name)
        ours = (getattr(method, "__module__", "") or "").startswith("cnncourse") and callable(
            method
        )
        shown = name == "__call__" or not name.startswith("_")
        if ours and shown and name not in HOOKS.get(path, ()):
            yield f"{path}.{name}"


def _at(path):
    thing = world
    for part in path.split("."):
        thing = getattr(thing, part)
    return thing


def test_the_catalogue_has_every_public_name():
    missing = [path for path in _public() if path not in CALLS]
    assert not missing, f"tests/fuzz/catalogue.py lacks {', '.join(missing)}"


@pytest.mark.parametrize("path", sorted(CALLS))
def test_the_catalogues_arguments_are_those_of_the_callable(path):
    parameters = inspect.signature(_at(path)).parameters
    free = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    assert free or set(CALLS[path].arguments) <= set(parameters)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("filters.box(size=2)", "done"),
        ("filters.box(size=0)", "refused"),
        ("np.linalg.inv(a=np.zeros((2, 2)))", "foreign"),
        ("Image.new(mode='no mode', size=(2, 2))", "foreign"),
        ("tempfile.mkdtemp(dir='/no such folder')", "undocumented"),
        ("np.nanmean(a=[])", "silent NaN"),
        ("with_(a=[1.0], value=nan)", "done"),  # it came in, so it may come out
        ("np.put(a=np.zeros(3), ind=0, v=1)", "changed"),
        ("filters.box(size=1 / 0)", "undrawable"),
    ],
)
def test_what_a_judge_says(line, verdict):
    """On calls that are as bad as can be, of functions that are not the package's."""
    try:
        found = verdicts.judge(line)["verdict"]
    except verdicts.Undrawable:
        found = "undrawable"
    assert found == verdict


def test_a_call_is_drawn_the_same_each_time():
    assert [draw.drawn(3, k) for k in range(20)] == [draw.drawn(3, k) for k in range(20)]


def test_a_worker_outlives_a_crash():
    worker = workers.Worker()
    lines = "crash(a=0)", "filters.box(size=2)"
    found = [worker.judge(draw.Drawn("", line, (), False, ())) for line in lines]
    worker.stop()
    assert [one["verdict"] for one in found] == ["crash", "done"]
