"""Exercises of the lab with RMSprop: their checks, which say what is wrong, and a solution."""

import numpy as np

CONVOLUTIONS, OUTPUT = 320 + 18_496 + 36_928, 650  # parameters that pooling does not change
POOLED = 93_322  # those of the network as it is
SIDE, REACH = 8, 2  # of the images that a shift is tried on


def check_parameters(count):
    """Say whether ``count`` is how many parameters the network has without its two poolings.

    Prints one line; None counts as not answered yet.

    >>> check_parameters(93_322)
    not yet: pooling has no parameters, but without it the dense layer takes in more
    """

    def network(dense):
        return CONVOLUTIONS + dense + OUTPUT

    wrong = {
        POOLED: "pooling has no parameters, but without it the dense layer takes in more",
        network(64 * 22 * 22 * 64): "a bias for each of the 64 units",
        64 * (22 * 22 * 64 + 1): "that is the first dense layer alone; add the others",
        network(64 * (28 * 28 * 64 + 1)): "without padding, each convolution takes off two rows",
        network(64 * (22 * 22 + 1)): "the dense layer takes in all 64 maps",
        network(64 * (24 * 24 * 64 + 1)): "there are three convolutions, so the maps end at 22×22",
    }
    if count is None:
        print("not answered yet")
    elif count == network(64 * (22 * 22 * 64 + 1)):
        print("right: twenty times as many, nearly all in the first dense layer")
    else:
        print(f"not yet: {wrong.get(count, 'what does the first dense layer take in?')}")


def check_random_shift(function):
    """Say whether ``function(images, reach, rng)`` moves each image at random, filling up with 0.

    Prints one line; a function that returns None counts as not written yet.

    >>> check_random_shift(random_shift)
    right: every image moves on its own, and nothing comes back at the other side
    >>> check_random_shift(lambda images, reach, rng: np.roll(images, reach, axis=1))
    not yet: what leaves on one side comes back at the other; it should be 0 there
    """
    images = _pictures()
    given = images.copy()
    result = function(given, REACH, np.random.default_rng(0))
    if result is None:
        print("not answered yet")
        return
    result = np.asarray(result)
    if result.shape != images.shape:
        print(f"not yet: the shape stays {images.shape}, not {result.shape}")
        return
    moves = [_move(image, moved) for image, moved in zip(images, result, strict=True)]
    problem = _problem(images, given, result, moves)
    again = function(images.copy(), REACH, np.random.default_rng(0))
    if problem is None and not np.array_equal(result, again):
        problem = "take every random number from rng, so that a seed fixes them"
    if problem is None:
        print("right: every image moves on its own, and nothing comes back at the other side")
    else:
        print(f"not yet: {problem}")


def _problem(images, given, result, moves):
    """What is wrong with the moves that were found, or None."""
    if not np.array_equal(given, images):
        return "the images that came in were overwritten; make a new array"
    if any(move is None for move in moves):
        if all(_rolled(image, moved) for image, moved in zip(images, result, strict=True)):
            return "what leaves on one side comes back at the other; it should be 0 there"
        return "an image is more than moved: its pixels should stay as they are, with 0 around"
    down, right = np.array(moves).T
    if len(set(moves)) == 1:
        return "all images move alike; draw a shift for each"
    for axis, values in ("down", down), ("right", right):
        if len(set(values)) == 1:
            return f"no image moves {axis} or back; draw two numbers for each"
    if np.array_equal(down, right):
        return "down and right are always equal; draw two numbers for each"
    if min(*down, *right) == 0:
        return "images should move up and left as well"
    if min(*down, *right) < -REACH or max(*down, *right) > REACH:
        return f"with a reach of {REACH}, no shift is larger"
    if max(*down, *right) < REACH or min(*down, *right) > -REACH:
        return (
            f"shifts of {REACH} and −{REACH} should occur, too: is the end of the range included?"
        )
    return None


def _pictures():
    """Enough images that every shift occurs, (60, 8, 8, 1): random numbers, none of them 0."""
    return np.random.default_rng(1).uniform(0.1, 1, (60, SIDE, SIDE, 1)).astype(np.float32)


def _shifted(image, down, right):
    """One image, moved; 0 comes in."""
    out = np.zeros_like(image)
    rows, columns = _slices(down), _slices(right)
    out[rows[1], columns[1]] = image[rows[0], columns[0]]
    return out


def _slices(by):
    """Where pixels come from and where they go, along one axis."""
    return slice(max(-by, 0), SIDE - max(by, 0)), slice(max(by, 0), SIDE - max(-by, 0))


def _move(image, moved):
    """(down, right) by which an image was moved, or None if it was not just that."""
    every = range(-REACH - 2, REACH + 3)
    for down in every:
        for right in every:
            if np.array_equal(moved, _shifted(image, down, right)):
                return down, right
    return None


def _rolled(image, moved):
    every = range(SIDE)
    return any(
        np.array_equal(moved, np.roll(image, (down, right), axis=(0, 1)))
        for down in every
        for right in every
    )


def random_shift(images, reach, rng):
    """A solution: zeros around all images, and a window cut out of each at a random position."""
    height, width = images.shape[1:3]
    around = (0, 0), (reach, reach), (reach, reach), (0, 0)
    padded = np.pad(images, around)
    corners = rng.integers(0, 2 * reach, size=(len(images), 2), endpoint=True)
    windows = [
        image[top : top + height, left : left + width]
        for image, (top, left) in zip(padded, corners, strict=True)
    ]
    return np.stack(windows)


def check_ablation(does_more):
    """Say which of two parts ``does_more``: "shifts", "schedule", or "seeds cannot tell".

    Prints one line; None counts as not answered yet.

    >>> check_ablation("schedule")
    not yet: leaving the schedule out costs hardly more than another seed does
    """
    said = {
        None: "not answered yet",
        "schedule": "not yet: leaving the schedule out costs hardly more than another seed does",
        "seeds cannot tell": "not yet: for the schedule they cannot; leave the shifts out from two "
        "seeds, and compare the training losses as well",
        "shifts": "right: without them the network memorises; for the schedule, take more seeds",
    }
    print(said.get(does_more, f"not yet: one of {', '.join(map(repr, list(said)[1:]))}"))


def check_mirrored(digits):
    """Say whether ``digits`` are those that stay what they are when left and right are exchanged.

    Prints one line; None counts as not answered yet.

    >>> check_mirrored({0, 3, 8})
    not yet: a 3 stays a 3 upside down; in the mirror it opens to the other side
    """
    wrong = {
        3: "a 3 stays a 3 upside down; in the mirror it opens to the other side",
        2: "a mirrored 2 looks more like a 5 or an S",
        5: "a mirrored 5 looks more like a 2",
        6: "a 6 becomes a 9 when it is turned, not in the mirror",
        9: "a 9 becomes a 6 when it is turned, not in the mirror",
        4: "a 4 has its stem on the right",
        7: "a 7 has its stroke on the right",
    }
    if digits is None:
        print("not answered yet")
        return
    digits = set(digits)
    hints = [hint for digit, hint in wrong.items() if digit in digits]
    if hints:
        print(f"not yet: {hints[0]}")
    elif digits - {0, 1, 8}:
        print("not yet: digits from 0 to 9")
    elif not digits >= {0, 8}:
        print("not yet: there are more: which ones are alike on both sides?")
    else:
        print("right: all others would get images that are no digits, or another one's label")
