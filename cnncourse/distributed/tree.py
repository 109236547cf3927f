"""One fixed tree, in which what the micro-batches give is added up.

Floating-point addition is not associative: the bits of a sum depend on the order. Here neighbours
are added first, then the sums of neighbours, and so on, whoever computed them; so a worker may add
up the branches that lie wholly with it, and send only these.
"""


def merged(nodes, count):
    """The nodes of a tree with ``count`` leaves, with siblings added as long as both are there.

    ``nodes``: (level, number) → value. Leaves are (0, 0) to (0, ``count`` − 1); the node (l, k) is
    the sum of (l − 1, 2k) and (l − 1, 2k + 1), or the first of them where there is no second.

    >>> merged({(0, 0): 1, (0, 1): 10, (0, 3): 1000}, 5)  # a worker that has these three leaves
    {(0, 3): 1000, (1, 0): 11}
    >>> merged({(0, 2): 100, (0, 3): 1000, (0, 4): 10_000, (1, 0): 11}, 5)
    {(3, 0): 11111}
    """
    nodes = dict(nodes)
    level, width = 0, count
    while width > 1:
        for number in range(0, width, 2):
            siblings = [(level, k) for k in (number, number + 1) if k < width]
            if all(node in nodes for node in siblings):
                first, *second = (nodes.pop(node) for node in siblings)
                nodes[level + 1, number // 2] = first + second[0] if second else first
        level, width = level + 1, -(-width // 2)
    return nodes


def total(nodes, count):
    """The sum of all leaves, from nodes that hold each of them."""
    (value,) = merged(nodes, count).values()
    return value
