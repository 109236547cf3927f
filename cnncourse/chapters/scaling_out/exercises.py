"""Exercises of the chapter on scaling out: their checks, and solutions to read."""

import numpy as np

from ...support.answers import as_number, called, choice, is_verdict, number
from ...support.arguments import described
from ...support.cases import case_rng
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right

SHARE, WORKERS = 0.2, 8  # of a step that one machine must do alone; and the others that help
PARAMETERS, HELPERS = 62_346, 4  # of the tutorial's network; workers, each with one branch
COUNTS = (1, 2, 3, 5, 6, 7, 8, 11)  # of values that the third exercise is tried on


def check_speed_up(times):
    """Say whether a step becomes ``times`` as fast, by Amdahl's law, with 8 workers.

    A fifth of the step cannot be shared. Three digits are enough. None counts as not answered yet.

    >>> check_speed_up(8)
    not yet: that would be so if all of the step could be shared
    """
    mistakes = {
        WORKERS: "that would be so if all of the step could be shared",
        1 / SHARE: "no number of workers gets beyond that, and 8 do not reach it",
        SHARE + (1 - SHARE) / WORKERS: "that is the time that is left; how many times as fast?",
        (1 - SHARE) * WORKERS: "only times add up: the one that stays, and the one that is shared",
        1 / ((1 - SHARE) + SHARE / WORKERS): "a fifth stays, and four fifths are shared",
        SHARE + (1 - SHARE) * WORKERS: "that would be so if the work grew with the workers; the "
        "step stays what it is, and its shared part takes an eighth of its time",
        1 / (SHARE + (1 - SHARE) / (WORKERS + 1)): "there are 8 workers in all, not 8 more",
        3.3: "nearly: give three digits",
    }
    praise = "less than half of what 8 workers could do"
    otherwise = "add up what is left of a step of 1 second, and divide 1 by that"
    return number(times, speed_up(), praise, mistakes, otherwise, share=0.002)


def speed_up():
    """A solution: 0.2 seconds stay, and 0.8 become an eighth, 0.1: 0.3 of a second are left."""
    return 1 / (0.2 + 0.8 / 8)


def check_bytes(count):
    """Say whether ``count`` bytes go over the network in a step of `distributed.fit`.

    There are 62,346 parameters and 4 workers, each of which sends the sum of one branch. None
    counts as not answered yet.

    >>> check_bytes(62_346 * 4)
    not yet: that is one message; how many are there in a step?
    """
    message = 4 * PARAMETERS
    mistakes = {
        PARAMETERS: "that is the number of parameters; how many bytes is each?",
        message: "that is one message; how many are there in a step?",
        message * HELPERS: "that is one direction only",
        message * 2: "a worker gets and sends that many bytes, and there are 4; or did you count "
        "numbers? Each has 4 bytes",
        message * (HELPERS + 8): "a worker adds its two micro-batches up, and sends one sum",
        message * 8 * 2: "messages go by the worker here, not by the micro-batch; and a number of "
        "float32 has 4 bytes, not 8",
        message * HELPERS * 2 * 8: "these are bits; 8 of them are a byte",
    }
    praise = "2 MB a step: weights to each worker, and a gradient back from each"
    otherwise = "what does each worker get in a step, and what does it send?"
    return number(count, bytes_of_a_step(), praise, mistakes, otherwise)


def bytes_of_a_step():
    """A solution: weights go out to four workers, and one gradient comes back from each; a number
    of float32 takes 4 bytes."""
    return 2 * 4 * 62_346 * 4


def check_tree_sum(function):
    """Say whether ``function(values)`` adds up float32 values in the course's fixed tree.

    Neighbours first, then the sums of neighbours; one that is left over goes up as it is. Bits
    count here. None, and a function that returns None, count as not written yet.

    >>> check_tree_sum(lambda values: None)
    not answered yet
    >>> check_tree_sum(tree_sum)
    right: the same bits, whoever added up a branch
    """
    rng = case_rng(0)
    counts = COUNTS * 3  # two orders of adding often agree in the bits of one case
    cases = [list(rng.normal(size=count).astype(np.float32)) for count in counts]
    answers = [called(function, list(case)) for case in cases]
    if is_verdict(answers[0]):
        return answers[0]
    for case, answer in zip(cases, answers, strict=True):
        if is_verdict(answer):
            return answer if answer != not_answered() else not_yet(_gave(case, answer))
        if as_number(_plain(answer)) is None:
            return not_yet(_gave(case, described(answer)))
    if _agrees(answers, tree_sum, cases):
        return right("the same bits, whoever added up a branch")
    for mistake, hint in MISTAKES.items():
        if _agrees(answers, mistake, cases):
            return not_yet(hint)
    sums = [np.sum(case, dtype=np.float64) for case in cases]
    near = np.isclose([float(answer) for answer in answers], sums, rtol=1e-4, atol=1e-5)
    if near.all():
        if any(float(np.float32(answer)) != float(answer) for answer in answers):
            return not_yet(
                "that adds in float64; workers send float32, and these are added as they come"
            )
        return not_yet(
            "the sum is right but for its last bits: it is another order of adding, or of rounding"
        )
    count = counts[int(np.argmin(near))]
    return not_yet(f"of {count} values, something is missing, or counted twice")


def tree_sum(values):
    """A solution: as long as there are several values, they become the sums of pairs.

    >>> tree_sum([1, 2, 3])
    6
    """
    while len(values) > 1:
        pairs = [values[k : k + 2] for k in range(0, len(values), 2)]
        values = [pair[0] + pair[1] if len(pair) == 2 else pair[0] for pair in pairs]
    return values[0]


def from_left_to_right(values):
    """A mistake."""
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total


def in_halves(values):
    """A mistake: another tree."""
    if len(values) == 1:
        return values[0]
    middle = len(values) // 2
    return in_halves(values[:middle]) + in_halves(values[middle:])


def without_the_last(values):
    """A mistake: an odd one is lost."""
    while len(values) > 1:
        values = [a + b for a, b in zip(values[::2], values[1::2], strict=False)]
    return values[0]


def across_the_halves(values):
    """A mistake: another tree, which GPUs like."""
    while len(values) > 1:
        middle = -(-len(values) // 2)
        low, high = values[:middle], values[middle:]
        values = [a + b for a, b in zip(low, high, strict=False)] + low[len(high) :]
    return values[0]


def joined_to_the_last_pair(values):
    """A mistake: an odd one goes up with its neighbours."""
    while len(values) > 1:
        sums = [a + b for a, b in zip(values[::2], values[1::2], strict=False)]
        if len(values) % 2:
            sums[-1] = sums[-1] + values[-1]
        values = sums
    return values[0]


MISTAKES = {
    from_left_to_right: "that adds one value after the other: no worker could add up a branch",
    in_halves: "that cuts from above, into halves; ours pairs neighbours from below",
    across_the_halves: "that adds each value to one of the other half; ours pairs neighbours",
    joined_to_the_last_pair: "an odd one goes up as it is; yours joins the last pair",
    without_the_last: "where the number is odd, the last value must not be lost",
}


def check_choice(name):
    """Say whether ``name`` is what gains most from four small machines.

    None counts as not answered yet.

    >>> check_choice("many maps")
    not yet: it gains, but in each step the workers wait for each other
    """
    mistakes = {
        "tutorial": "its steps are short, and each waits for messages",
        "many maps": "it gains, but in each step the workers wait for each other",
    }
    return choice(name, what_gains_most(), "its trainings need nothing of each other", mistakes)


def what_gains_most():
    """A solution: a search's trainings send nothing but their results. The network with many maps
    gains, too, but less than four times."""
    return "search"


def _agrees(answers, function, cases):
    """Whether all the answers are what the function gives, to the last bit."""
    return all(
        float(answer) == float(function(list(case)))
        for answer, case in zip(answers, cases, strict=True)
    )


def _plain(answer):
    return np.asarray(answer) if isinstance(answer, np.generic) else answer


def _gave(case, what):
    return f"a number is wanted; of {len(case)} values your function made {what}"


EXERCISES = (
    Exercise(1, "Amdahl's law", check_speed_up, speed_up),
    Exercise(2, "The bytes of a step", check_bytes, bytes_of_a_step),
    Exercise(3, "The fixed tree", check_tree_sum, tree_sum),
    Exercise(4, "What gains most", check_choice, what_gains_most),
)
