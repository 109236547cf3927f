"""One piece of a building exercise: how a function that a student wrote is judged."""

import inspect
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from ..support.answers import as_array, called, is_verdict
from ..support.verdict import NOT_ANSWERED, not_yet, right

RELATIVE, ABSOLUTE = 1e-5, 1e-6  # how far an answer may be off: float32 is exact enough


@dataclass(frozen=True)
class Piece:
    """A function to be written: on which cases it is tried, and which mistakes are known.

    ``solution``: the function as it should be. ``steps``: name → cases, each a tuple of arguments;
    every step asks for one thing more. ``outputs``: what the function gives, in words and in its
    order. ``mistakes``: (function, hint); a mistake may be wrong in one output only. ``praise``:
    what a right answer is told.

    >>> double = Piece(
    ...     solution=lambda x: 2 * x,
    ...     steps={"one number": [(1.5,)], "an array": [(np.arange(3.0),)]},
    ...     outputs=("the double",),
    ...     mistakes=((lambda x: x**2, "that is the square"),),
    ...     praise="numbers and arrays",
    ... )
    >>> double.check(lambda x: x + x)
    right: numbers and arrays
    >>> double.check(lambda x: x * x)
    not yet: at step 1 of 2, "one number": that is the square
    >>> double.check(lambda x: None)
    not answered yet
    """

    solution: object
    steps: dict
    outputs: tuple
    mistakes: tuple
    praise: str

    def check(self, function):
        """The verdict on ``function``, a student's; None, or one that returns None, is no answer.

        All cases of a step are compared before a mistake is named: it must explain them all, and
        those of the steps before.
        """
        first = next(iter(self.steps.values()))[0]
        begun = called(function, *first)
        if is_verdict(begun) and (begun.state == NOT_ANSWERED or not callable(function)):
            return begun
        seen = []
        for done, (step, cases) in enumerate(self.steps.items()):
            new = [self._tried(function, arguments) for arguments in cases]
            seen += new
            fault = next((trial.fault for trial in new if trial.fault), None) or self._wrong(seen)
            if fault:
                return not_yet(self._place(done, step) + fault)
        return right(self.praise)

    def _place(self, done, step):
        """How far the function came, in words, where there are several steps."""
        count = len(self.steps)
        return f'at step {done + 1} of {count}, "{step}": ' if count > 1 else ""

    def _tried(self, function, arguments):
        """What ``function`` makes of one case."""
        result = called(function, *arguments)
        if is_verdict(result):
            return Trial(arguments, fault=result.text or "your function returns None")
        results = (result,) if len(self.outputs) == 1 else result
        if not isinstance(results, (tuple, list)) or len(results) != len(self.outputs):
            return Trial(arguments, fault=f"return {self._listed()}")
        arrays = [None if each is None else as_array(each) for each in results]
        if any(each is not None and a is None for each, a in zip(results, arrays, strict=True)):
            return Trial(arguments, fault=f"return {self._listed()}, in numbers")
        return Trial(arguments, arrays)

    def _listed(self):
        """The outputs as a list in words."""
        first, last = self.outputs[:-1], self.outputs[-1]
        return f"{', '.join(first)} and {last}, in this order" if first else last

    def _wrong(self, trials):
        """What is wrong with the outputs of the ``trials``, in words; None if nothing is."""
        wanted = [self._expected(self.solution, trial.arguments) for trial in trials]
        in_order, *other_orders = permutations(range(len(self.outputs)))
        wrong = [k for k in in_order if not _agree(trials, wanted, [(k, k)])]
        if not wrong:
            return None
        if any(_agree(trials, wanted, enumerate(order)) for order in other_orders):
            return f"the values are right, their order is not: return {self._listed()}"
        hint = self._named(trials, wrong[0]) or self._described(trials, wanted, wrong[0])
        return hint if len(self.outputs) == 1 else f"{self.outputs[wrong[0]]}: {hint}"

    def _named(self, trials, k):
        """The hint of the mistake that explains output ``k`` in all cases; None if none does."""
        for mistake, hint in self.mistakes:
            wrong = (self._expected(mistake, trial.arguments) for trial in trials)
            if _agree(trials, wrong, [(k, k)]):
                return hint
        return None

    def _expected(self, function, arguments):
        """The outputs of the solution or of a mistake; None where a mistake cannot be computed."""
        try:
            with np.errstate(all="ignore"):
                result = function(*_copied(arguments))
        except (ValueError, IndexError):  # a mistake for which the arrays must fit by chance
            return [None] * len(self.outputs)
        return [result] if len(self.outputs) == 1 else list(result)

    def _described(self, trials, wanted, k):
        """Where output ``k`` differs, for a mistake that nobody has foreseen."""
        pairs = [(trial, want[k]) for trial, want in zip(trials, wanted, strict=True)]
        trial, want = next(pair for pair in pairs if not _close(pair[0].outputs[k], pair[1]))
        given, want = trial.outputs[k], np.asarray(want, float)
        if given is None:
            return "still None"
        if given.shape != want.shape:
            return f"the shape should be {want.shape}, yours is {given.shape}"
        if all(_close(each.outputs[k], -np.asarray(other, float)) for each, other in pairs):
            return "the sign is turned round"
        case = self._case(trial.arguments)
        if not given.shape:
            return f"{given:g} is not right, for {case}"
        off = np.argwhere(~np.isclose(given, want, RELATIVE, ABSOLUTE))[0].tolist()
        return f"the shape is right, the values are not, first at {off}, for {case}"

    def _case(self, arguments):
        """A case in words: shapes of arrays, and numbers as they are."""
        names = inspect.signature(self.solution).parameters
        return ", ".join(
            f"{name} {_short(value)}" for name, value in zip(names, arguments, strict=True)
        )


@dataclass(frozen=True)
class Trial:
    """One case: what went in, and the arrays that came out, or what was wrong with them."""

    arguments: tuple
    outputs: list = None
    fault: str = None


def _agree(trials, wanted, pairs):
    """Whether outputs are those wanted in all trials; ``pairs``: the indices of the two."""
    pairs = list(pairs)
    return all(
        _close(trial.outputs[k], want[place])
        for trial, want in zip(trials, wanted, strict=True)
        for k, place in pairs
    )


def _short(value):
    """An argument of a case, after its name: an array's shape, or "= 0.5"."""
    if isinstance(value, np.ndarray):
        return str(value.shape)
    return f"= {value:.3g}" if isinstance(value, float) else f"= {value}"


def _copied(arguments):
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in arguments)


def _close(a, b):
    """Whether two arrays are the same up to rounding; NaN is NaN, and None is no array."""
    if a is None or b is None:
        return False
    return np.shape(a) == np.shape(b) and np.allclose(a, b, RELATIVE, ABSOLUTE, equal_nan=True)


def changed_outputs(solution, changes):
    """Mistakes of a solution with several outputs that are wrong in one of them each.

    ``changes``: (output, function, hint) each; ``function(right, *arguments)`` gives the wrong
    output, where ``right`` is the one it replaces. Gives ``mistakes`` for a `Piece`.
    """
    return tuple((_with_one_changed(solution, *change), hint) for *change, hint in changes)


def _with_one_changed(solution, output, function):
    def mistake(*arguments):
        results = list(solution(*arguments))
        results[output] = function(results[output], *arguments)
        return results

    return mistake
