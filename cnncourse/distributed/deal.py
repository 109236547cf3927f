"""Which worker has which micro-batches."""

from .plan import sizes


def deal(held, count):
    """Numbers 0 to ``count`` − 1 for each of some workers: as equal as can be, with few changes.

    ``held``: a list of numbers for each worker, those that it has. It keeps as many of them as it
    is to have; what is left goes to the others, in order, so that neighbours stay together.

    >>> deal([[], [], []], 8)
    [[0, 1, 2], [3, 4, 5], [6, 7]]
    >>> deal([[0, 1, 2], [6, 7], []], 8)  # the one that had 3, 4 and 5 was lost, a new one came
    [[0, 1, 2], [6, 7, 3], [4, 5]]
    """
    most_first = sorted(range(len(held)), key=lambda worker: -len(held[worker]))
    quotas = dict(zip(most_first, sizes(count, len(held)), strict=True))
    kept = [numbers[: quotas[worker]] for worker, numbers in enumerate(held)]
    free = sorted(set(range(count)) - {number for numbers in kept for number in numbers})
    for worker, numbers in enumerate(kept):
        wanted = quotas[worker] - len(numbers)
        numbers += free[:wanted]
        del free[:wanted]
    return kept
