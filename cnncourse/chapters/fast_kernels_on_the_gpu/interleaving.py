"""What can happen when threads add to one number in memory: all orders of their steps, tried out.

Each thread does the two steps of ``memory += 1``: it reads the number, then writes what it saw
plus 1. A GPU promises the order of one thread's steps, and none between threads.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import permutations


@dataclass(frozen=True)
class Step:
    """A thread's step: what it does, and the number that it reads or writes."""

    thread: int
    does: str  # "reads" or "writes"
    number: int

    def __str__(self):
        return f"thread {self.thread} {self.does} {self.number}"


def steps(order):
    """The steps of threads that each add 1 to a number in memory, which is 0 at first.

    ``order``: the numbers of the threads as they get their turns; each has two, the first to read
    and the second to write. Raises ``ValueError`` for an order in which one has not.

    >>> for step in steps([0, 1, 0, 1]):
    ...     print(step)
    thread 0 reads 0
    thread 1 reads 0
    thread 0 writes 1
    thread 1 writes 1
    """
    turns = Counter(order)
    if set(turns.values()) != {2}:
        raise ValueError(f"each thread must have two turns, to read and to write; got {order}")
    memory, seen, done = 0, {}, []
    for thread in order:
        if thread in seen:
            memory = seen[thread] + 1
            done.append(Step(thread, "writes", memory))
        else:
            seen[thread] = memory
            done.append(Step(thread, "reads", memory))
    return done


def orders(threads):
    """All orders in which that many threads can take their two steps each.

    >>> len(orders(2)), len(orders(3))
    (6, 90)
    """
    return sorted(set(permutations(sorted(2 * list(range(threads))))))


def outcomes(threads):
    """How many of all orders leave which number in memory: a dict, number → orders.

    >>> outcomes(2)
    {1: 4, 2: 2}
    """
    return dict(sorted(Counter(steps(order)[-1].number for order in orders(threads)).items()))
