"""Exercises of the lab with Adam: their checks, which say what is wrong, and a solution to read."""

from math import comb

import numpy as np
from scipy.stats import binomtest, chi2

IMAGES = 38_000  # 1.96² · p (1 − p) / margin² = 38,032, with p = 0.99 and a margin of 0.001
ROUNDED = 600  # by which an answer to the nearest thousand may differ


def check_images(count):
    """Say whether ``count`` images give an accuracy of 99 % a margin of ±0.1 percentage points.

    Prints one line; None counts as not answered yet.

    >>> check_images(380)
    not yet: that is for a margin of ±1 point; ten times as narrow needs a hundred times as many
    """
    if count is None:
        print("not answered yet")
    elif abs(count - IMAGES) <= ROUNDED:
        print("right: nearly four of MNIST's test sets")
    else:
        near = [hint for wrong, hint in MISCOUNTED.items() if abs(count - wrong) <= 0.03 * wrong]
        print(f"not yet: {near[0] if near else 'solve for n, with p = 0.99 and a margin of 0.001'}")


MISCOUNTED = {
    IMAGES / 100: "that is for a margin of ±1 point; ten times as narrow needs a hundred times as "
    "many",
    IMAGES / 1.96: "1.96 stands before the root, so it is squared as well",
    IMAGES / 1.96**2: "that is one standard error; the margin is 1.96 of them",
    IMAGES / 4: "±0.1 goes to both sides: the margin is 0.001, not 0.002",
    4 * IMAGES: "the margin is 0.001 to each side, not half of it",
    97_000_000 / 1000: "with p = 0.99, p (1 − p) is 0.0099",
    1.96 / 0.001 * np.sqrt(0.0099): "square both sides before you solve for n",
}


def check_mcnemar(function):
    """Say whether ``function(labels, first, second)`` is McNemar's test.

    It gives how many images only the first gets right, how many only the second, and the p-value.
    Prints one line; a function that returns None counts as not written yet.

    >>> check_mcnemar(mcnemar)
    right: counts and probability, for even splits and uneven ones
    >>> check_mcnemar(lambda labels, first, second: None)
    not answered yet
    """
    found = []
    for labels, first, second in _pairs_of_networks():
        result = function(labels.copy(), first.copy(), second.copy())
        if result is None:
            print("not answered yet")
            return
        if np.shape(result) != (3,):
            print("not yet: return three numbers: only_first, only_second, p_value")
            return
        found.append([float(value) for value in result])
    cases = [_counts(*networks) for networks in _pairs_of_networks()]

    def same(rule, column):
        """Whether the numbers found in some columns are what a rule makes of each case."""
        expected = [rule(**case) for case in cases]
        return np.allclose(np.array(found)[:, column], expected, rtol=1e-6, atol=1e-12)

    both, p = slice(0, 2), 2
    wrong_counts = [hint for hint, rule in MISCOUNTED_PAIRS.items() if same(rule, both)]
    wrong_p = [hint for hint, rule in WRONG_P.items() if same(rule, p)]
    if not same(lambda a, b, **_: (a, b), both):
        print(f"not yet: {wrong_counts[0] if wrong_counts else 'count images, case by case'}")
    elif same(lambda a, b, **_: _two_sided(min(a, b), a + b), p):
        print("right: counts and probability, for even splits and uneven ones")
    elif wrong_p:
        print(f"not yet: the counts are right; {wrong_p[0]}")
    else:
        print("not yet: the counts are right; throw a fair coin for each of these images")


def _pairs_of_networks():
    """Labels and two networks' predictions, three times: (only first, only second, both, none)."""
    for only_first, only_second, both, none in (3, 9, 70, 5), (8, 8, 40, 2), (0, 6, 100, 11):
        labels = np.arange(only_first + only_second + both + none) % 10
        first, second = labels.copy(), labels.copy()
        first[only_first : only_first + only_second] += 1
        second[:only_first] += 1
        first[len(labels) - none :] += 1
        second[len(labels) - none :] += 2
        yield labels, first % 10, second % 10


def _counts(labels, first, second):
    """How many images only the first, only the second, both and none get right."""
    right, other = first == labels, second == labels
    return {
        "a": int(np.sum(right & ~other)),
        "b": int(np.sum(~right & other)),
        "both": int(np.sum(right & other)),
        "none": int(np.sum(~right & ~other)),
    }


def _tail(k, n):
    """The probability of at most k heads in n throws."""
    return sum(comb(n, i) for i in range(k + 1)) / 2**n


def _two_sided(k, n):
    return min(1.0, 2 * _tail(k, n))


def _by_chi_squared(a, b, correction):
    """McNemar's own approximation, with Edwards' correction for continuity or without."""
    return chi2.sf((abs(a - b) - correction) ** 2 / (a + b), df=1)


MISCOUNTED_PAIRS = {
    "first and second are exchanged": lambda a, b, both, none: (b, a),
    "count the images that *only* one gets right, not all that it does": lambda a, b, both, none: (
        a + both,
        b + both,
    ),
    "those are all errors of each; count the images that the other gets right": (
        lambda a, b, both, none: (b + none, a + none)
    ),
    "count images, don't take shares": lambda a, b, both, none: (
        a / (a + b + both + none),
        b / (a + b + both + none),
    ),
    "images where the predictions differ may both be wrong": lambda a, b, both, none: (
        a + none,
        b + none,
    ),
}
WRONG_P = {
    "that is the approximation by χ², for many images; throw the coin itself": (
        lambda a, b, **_: _by_chi_squared(a, b, correction=0)
    ),
    "that is the approximation by χ² with a correction; throw the coin itself": (
        lambda a, b, **_: _by_chi_squared(a, b, correction=1)
    ),
    "the coin may fall to either side: count both tails": lambda a, b, **_: _tail(min(a, b), a + b),
    "only the images that exactly one gets right are throws": (
        lambda a, b, both, none: _two_sided(a, a + b + both + none)
    ),
    "twice a tail can be more than 1; a probability cannot": (
        lambda a, b, **_: 2 * _tail(min(a, b), a + b)
    ),
    "that is the probability of exactly this split; add the more uneven ones": (
        lambda a, b, **_: comb(a + b, a) / 2 ** (a + b)
    ),
    "twice exactly this split is not the tail; add the more uneven ones": (
        lambda a, b, **_: 2 * comb(a + b, a) / 2 ** (a + b)
    ),
}


def mcnemar(labels, first, second):
    """A solution: McNemar's exact test. `metrics.mcnemar` does the same."""
    only_first = int(np.sum((first == labels) & (second != labels)))
    only_second = int(np.sum((second == labels) & (first != labels)))
    return only_first, only_second, binomtest(only_first, only_first + only_second).pvalue


def check_he(initial_loss, accuracy):
    """Say whether the lab's network can have these figures if He's rule initialises it.

    ``initial_loss``: before training; ``accuracy``: in validation after 2,500 iterations. Prints
    one line; None counts as not answered yet.

    >>> check_he(3.0, 0.97)
    not yet: that is the recipe's initial loss; do the new layers get He's rule, and no other bias?
    """
    if initial_loss is None or accuracy is None:
        print("not answered yet")
    elif accuracy > 1:
        print("not yet: the accuracy as a share, from 0 to 1")
    elif initial_loss < np.log(10) - 0.1:
        print("not yet: below log(10)? That network is trained already; evaluate a new one")
    elif initial_loss > 2.9:
        print(
            "not yet: that is the recipe's initial loss; do the new layers get He's rule, and no "
            "other bias?"
        )
    elif accuracy < 0.9:
        print("not yet: the initial loss fits; the accuracy is that after all iterations")
    else:
        print("right: nearer to log(10), so there is less to undo first")


def check_costs(lower, tells_more):
    """Say which cost is lower, "before" the step or "after" it, and which one tells more.

    Prints one line; None counts as not answered yet.

    >>> check_costs("before", "before")
    not yet: the step goes downhill on these very images: look at the two means again
    """
    if lower is None or tells_more is None:
        print("not answered yet")
    elif {lower, tells_more} - {"before", "after"}:
        print('not yet: answer "before" or "after"')
    elif lower == "before":
        print("not yet: the step goes downhill on these very images: look at the two means again")
    elif tells_more == "after":
        print("not yet: the weights were just fitted to these images; new ones are not so lucky")
    else:
        print("right: before the step, the batch is nearly as good as new images")


def check_stall(why):
    """Say ``why`` section 7's run stalls without shifts, at a constant rate of 0.0001.

    One of "too small", "too few steps", "memorises". Prints one line; None counts as not answered
    yet.

    >>> check_stall("too small")
    not yet: a network that is too small cannot fit its training images; look at that loss
    """
    said = {
        None: "not answered yet",
        "too small": "not yet: a network that is too small cannot fit its training images; look at "
        "that loss",
        "too few steps": "not yet: the training loss goes on falling; does the validation loss?",
        "memorises": "right: its training loss falls on, and new images gain nothing from it",
    }
    print(said.get(why, f"not yet: one of {', '.join(map(repr, list(said)[1:]))}"))
