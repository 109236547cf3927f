"""Calls at random, each as a line of Python that can be run again."""

import inspect
import random
from dataclasses import dataclass

import world
from catalogue import ANYTHING, ARRAY_LIKE, CALLS

ALL_RIGHT = 0.15  # the share of calls with nothing odd
SEVERAL_ODD = 0.2
CALLABLE = ("int", "lambda *a: a", "dense()", "compiled()", "losses.Euclidean()")
OPTIONAL = 0.3  # how often an argument is given that need not be


@dataclass(frozen=True)
class Drawn:
    """A call, and what to know for judging it."""

    path: str
    line: str
    raises: tuple
    may_be_nan: bool
    names: tuple  # words of which a message must have one


def drawn(seed, number):
    """The call of that number: the same each time, whatever was drawn before."""
    rng = random.Random(f"{seed}/{number}")
    path = rng.choice(PATHS)
    call = CALLS[path]
    owner = rng.choice(call.owners) if call.owners else None
    needed = _needed(path, call)
    given = [name for name in call.arguments if name in needed or rng.random() < OPTIONAL]
    odd = _odd(rng, given, list(call.arguments))
    given += [name for name in odd if name not in given]
    arguments = {name: _value(rng, call.arguments[name], name in odd) for name in given}
    text = ", ".join(f"{name}={value}" for name, value in arguments.items())
    line = f"{_function(path, owner)}({text})".replace("{owner}", str(owner))
    if call.use:
        line = f"{call.use}({line})"
    words = {word for name in call.arguments for word in (name, *call.known_as.get(name, ()))}
    return Drawn(path, line, call.raises, call.may_be_nan, tuple(sorted(words)))


PATHS = sorted(CALLS)


def _function(path, owner):
    if owner is None:
        return path
    method = path.rpartition(".")[2]
    return f"{owner}.{method}"


def _needed(path, call):
    """The names of the arguments that have no default."""
    thing = world.cnncourse
    for part in path.split("."):
        thing = getattr(world, part) if thing is world.cnncourse else getattr(thing, part)
    parameters = inspect.signature(thing).parameters
    return {
        name
        for name in call.arguments
        if name not in parameters or parameters[name].default is inspect.Parameter.empty
    } - {"options"}


def _odd(rng, given, names):
    if not names or rng.random() < ALL_RIGHT:
        return set()
    if rng.random() < SEVERAL_ODD:
        return set(rng.sample(names, min(len(names), rng.randint(2, 3))))
    return {rng.choice(names)}


def _value(rng, kind, odd):
    if not odd:
        return rng.choice(kind.right)
    anything = ANYTHING
    if any("lambda" in text for text in kind.right):  # what can be called fails in its own way
        anything = [text for text in ANYTHING if text not in CALLABLE]
    pools = [anything, kind.odd] if kind.odd else [anything]
    if kind.array:
        pools += [ARRAY_LIKE, ARRAY_LIKE]
    chosen = rng.choice(pools)
    value = rng.choice(chosen)
    return value.format(rng.choice(kind.right)) if chosen is ARRAY_LIKE else value
