"""Exercises of the chapter about images from folders: their checks, and solutions to read."""

import numpy as np

IMAGES, BATCH = 200, 32  # of the first exercise
GREY = 14_081  # parameters of the pooled network for grey images
COLOUR = 14_369  # and for images in colour
SHARE = 0.25  # of the groups that the split by group holds out


def check_batches(count):
    """Say whether an epoch of 200 images has ``count`` batches of 32.

    Prints one line; None counts as not answered yet.

    >>> check_batches(6)
    not yet: no image is left out
    """
    if count is None:
        print("not answered yet")
    elif count == -(-IMAGES // BATCH):
        print("right: 6 full batches, and one of the 8 images that are left")
    elif count == IMAGES // BATCH:
        print("not yet: no image is left out")
    elif count == IMAGES / BATCH:
        print("not yet: a batch may be smaller, but it is a batch")
    else:
        print(f"not yet: {IMAGES} images, {BATCH} at a time")


def check_grey(count):
    """Say whether the pooled network has ``count`` parameters if images have one channel.

    Prints one line; None counts as not answered yet.

    >>> check_grey(14369)
    not yet: that is the network for colour; which layer sees the channels of the image?
    """
    wrong = {
        COLOUR: "that is the network for colour; which layer sees the channels of the image?",
        COLOUR - 16 * 27: "a filter of the first layer still has 9 weights",
        COLOUR - 16 * 18 - 16 * 2: "a filter has one bias, however many channels it reads",
        COLOUR // 3: "only the first layer's weights depend on the image's channels",
    }
    if count is None:
        print("not answered yet")
    elif count == GREY:
        print("right: 16 filters have 9 weights each instead of 27; all other layers stay")
    elif count in wrong:
        print(f"not yet: {wrong[count]}")
    else:
        print("not yet: only one layer changes; count its weights again")


def check_split_by_group(function):
    """Say whether ``function(groups, share, rng)`` splits images without tearing a group apart.

    ``groups`` (N,) says which photograph (or person, or day) each image is from; the result is
    (N,), True for the images that are held out: those of about ``share`` of the groups. Prints one
    line; a function that returns None counts as not written yet.

    >>> check_split_by_group(lambda groups, share, rng: None)
    not answered yet
    >>> check_split_by_group(split_by_group)
    right: no group is on both sides
    """
    groups = np.repeat(np.arange(8), (5, 1, 9, 3, 4, 6, 2, 10))[
        np.random.default_rng(3).permutation(40)
    ]
    result = function(groups.copy(), SHARE, np.random.default_rng(0))
    if result is None:
        print("not answered yet")
        return
    result = np.asarray(result)
    if result.shape != groups.shape or result.dtype != bool:
        print(
            f"not yet: True or False for each image is wanted, shape {groups.shape}, and yours is "
            f"{result.dtype} of shape {result.shape}"
        )
        return
    held_out = {int(group) for group in groups[result]}
    torn = held_out & {int(group) for group in groups[~result]}
    again = np.asarray(function(groups.copy(), SHARE, np.random.default_rng(5)))
    if torn:
        print(f"not yet: group {min(torn)} is on both sides: draw groups, not images")
    elif len(held_out) == 8 * (1 - SHARE):
        print("not yet: the sides are exchanged: True is for what is held out")
    elif len(held_out) != 8 * SHARE:
        print(f"not yet: {len(held_out)} of 8 groups are held out; {SHARE:.0%} were asked for")
    elif np.array_equal(result, again):
        print("not yet: another rng holds the same groups out: draw them at random")
    else:
        print("right: no group is on both sides")


def split_by_group(groups, share, rng):
    """A solution: draw groups, and take all their images.

    >>> split_by_group(np.array([7, 7, 5, 5]), 0.5, np.random.default_rng(0)).sum()
    np.int64(2)
    """
    names = np.unique(groups)
    held_out = rng.choice(names, round(share * len(names)), replace=False)
    return np.isin(groups, held_out)


def check_turned(digits):
    """Say whether ``digits`` are two that become each other when they are turned by 180°.

    Prints one line; None counts as not answered yet.

    >>> check_turned({0, 8})
    not yet: these stay what they are, so their label stays right
    """
    if digits is None:
        print("not answered yet")
    elif set(digits) == {6, 9}:
        print("right: one image, two labels: each gets half of the probability at best")
    elif set(digits) <= {0, 1, 8}:
        print("not yet: these stay what they are, so their label stays right")
    elif set(digits) <= {2, 5}:
        print("not yet: these two are alike in the mirror; turned by 180°, each stays itself")
    else:
        print("not yet: turn the page upside down: which digit reads as another one?")


def check_brightness(conclusion):
    """Say whether random brightness is "better", "worse", or "not told apart" from none.

    Prints one line; None counts as not answered yet.

    >>> check_brightness("worse")
    not yet: its mean may be lower, but how far do the seeds of one kind lie apart?
    """
    said = {
        None: "not answered yet",
        "better": "not yet: compare the means of all three seeds, not the best of them",
        "worse": "not yet: its mean may be lower, but how far do the seeds of one kind lie apart?",
        "not told apart": "right: the seeds of one kind differ by more than the two means do",
    }
    print(said.get(conclusion, f"not yet: one of {', '.join(map(repr, list(said)[1:]))}"))
