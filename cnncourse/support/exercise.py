"""An exercise of a chapter: its number, its title, its check and its solution.

A chapter's ``exercises.EXERCISES`` lists those of its notebook, in their order. The solutions'
notebook is made from it (tools/make_solutions.py), and tests/chapters/test_exercises.py holds the
list, the notebooks and the checks to each other.
"""

import inspect
from dataclasses import dataclass


@dataclass(frozen=True)
class Exercise:
    """An exercise whose answer a check can judge.

    ``number``: as in the notebook; ``title``: a few words; ``check``: takes the answer, or several,
    and returns a verdict. ``solution``: where a function is to be written, that function; else a
    function without arguments, which returns the answer. Its docstring, less its examples, explains
    the solution.
    """

    number: int
    title: str
    check: object
    solution: object

    @property
    def wants_function(self):
        """Whether the answer is a function."""
        return bool(inspect.signature(self.solution).parameters)

    def answers(self):
        """The right answers, as the check takes them: a tuple.

        >>> Exercise(1, "Twice two", lambda answer: answer == 4, lambda: 4).answers()
        (4,)
        >>> Exercise(2, "Both", lambda first, second: first < second, lambda: (1, 2)).answers()
        (1, 2)
        """
        if self.wants_function:
            return (self.solution,)
        answer = self.solution()
        parameters = inspect.signature(self.check).parameters.values()
        several = sum(parameter.default is parameter.empty for parameter in parameters) > 1
        return answer if several else (answer,)


@dataclass(frozen=True)
class OpenQuestion:
    """An exercise that no check can judge; ``answer``: what there is to say, in Markdown."""

    number: int
    title: str
    answer: str
