"""Exercises of the chapter about images from folders: their checks, and solutions to read."""

import numpy as np

from ...support.answers import as_array, called, choice, is_verdict, number, whole_numbers
from ...support.arguments import described
from ...support.cases import case_rng
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right

IMAGES, BATCH = 200, 32  # of the first exercise
COLOUR = 14_369  # parameters of the pooled network for images in colour
SHARE = 0.25  # of the groups that the split by group holds out


def check_batches(count):
    """Say whether an epoch of 200 images has ``count`` batches of 32.

    None counts as not answered yet.

    >>> check_batches(6)
    not yet: no image is left out
    """
    mistakes = {
        IMAGES // BATCH: "no image is left out",
        IMAGES / BATCH: "a batch may be smaller, but it is a batch",
        IMAGES: "that would be a batch for each image",
    }
    praise = "6 full batches, and one of the 8 images that are left"
    return number(count, batches(), praise, mistakes, f"{IMAGES} images, {BATCH} at a time")


def batches():
    """A solution: ⌈200 / 32⌉, the last batch with 8 images.

    `len(datasets.image_folder(photos / "train", batch_size=32))` says so, too.
    """
    return -(-200 // 32)


def check_grey(count):
    """Say whether the pooled network has ``count`` parameters if images have one channel.

    None counts as not answered yet.

    >>> check_grey(14369)
    not yet: that is the network for colour; which layer sees the channels of the image?
    """
    mistakes = {
        COLOUR: "that is the network for colour; which layer sees the channels of the image?",
        COLOUR - 16 * 27: "a filter of the first layer still has 9 weights",
        COLOUR - 16 * 18 - 16 * 2: "a filter has one bias, however many channels it reads",
        COLOUR // 3: "only the first layer's weights depend on the image's channels",
    }
    praise = "16 filters have 9 weights each instead of 27; all other layers stay"
    return number(
        count, grey(), praise, mistakes, "only one layer changes; count its weights again"
    )


def grey():
    """A solution: 16 · (3·3·1 + 1) instead of 16 · (3·3·3 + 1) in the first layer.

    14,369 − 288 = 14,081. Whether it does as well, train it with three seeds; after section 8, do
    not expect too much of a network that has nothing *but* brightness.
    """
    return 14_369 - 16 * (3 * 3 * 3 + 1) + 16 * (3 * 3 * 1 + 1)


def check_split_by_group(function):
    """Say whether ``function(groups, share, rng)`` splits images without tearing a group apart.

    ``groups`` (N,) says which photograph (or person, or day) each image is from; the result is
    (N,), True for the images that are held out: those of about ``share`` of the groups. A function
    that returns None counts as not written yet.

    >>> check_split_by_group(lambda groups, share, rng: None)
    not answered yet
    >>> check_split_by_group(split_by_group)
    right: no group is on both sides
    """
    shuffled = case_rng(3).permutation(40)
    groups = np.repeat(np.arange(8), (5, 1, 9, 3, 4, 6, 2, 10))[shuffled]
    result, again = (called(function, groups, SHARE, np.random.default_rng(k)) for k in (0, 5))
    for each in result, again:
        if is_verdict(each):
            return each
        flags = as_array(each)
        if flags is None or flags.shape != groups.shape or np.asarray(each).dtype != bool:
            return not_yet(f"True or False for each image is wanted, an array {groups.shape}")
    held_out = {int(group) for group in groups[result]}
    torn = held_out & {int(group) for group in groups[~np.asarray(result)]}
    if torn:
        return not_yet(f"group {min(torn)} is on both sides: draw groups, not images")
    if len(held_out) == 8 * (1 - SHARE):
        return not_yet("the sides are exchanged: True is for what is held out")
    if len(held_out) != 8 * SHARE:
        return not_yet(f"{len(held_out)} of 8 groups are held out; {SHARE:.0%} were asked for")
    if np.array_equal(result, again):
        return not_yet("another rng holds the same groups out: draw them at random")
    return right("no group is on both sides")


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

    None counts as not answered yet.

    >>> check_turned({0, 8})
    not yet: these stay what they are, so their label stays right
    """
    if digits is None:
        return not_answered()
    digits, given = whole_numbers(digits), digits
    if not digits or not digits <= set(range(10)):
        return not_yet(f"a set of two digits is wanted, such as {{3, 4}}, got {described(given)}")
    if digits == {6, 9}:
        return right("one image, two labels: each gets half of the probability at best")
    if digits > {6, 9}:
        return not_yet("two of them do; the others stay what they are, or become no digit")
    if digits <= {0, 1, 8}:
        return not_yet("these stay what they are, so their label stays right")
    if digits <= {2, 5}:
        return not_yet("these two are alike in the mirror; turned by 180°, each stays itself")
    return not_yet("turn the page upside down: which digit reads as another one?")


def turned():
    """A solution: upside down, a 6 is a 9.

    With both labels for the same images, the network can at best give each of them half of the
    probability. Augmentation may only change what leaves the label true.
    """
    return {6, 9}


def check_brightness(conclusion):
    """Say whether random brightness is "better", "worse", or "not told apart" from none.

    None counts as not answered yet.

    >>> check_brightness("worse")
    not yet: its mean may be lower, but how far do the seeds of one kind lie apart?
    """
    mistakes = {
        "better": "compare the means of all three seeds, not the best of them",
        "worse": "its mean may be lower, but how far do the seeds of one kind lie apart?",
    }
    praise = "the seeds of one kind differ by more than the two means do"
    return choice(conclusion, "not told apart", praise, mistakes)


def brightness():
    """A solution: they cannot be told apart.

    In our runs it gave 90, 90 and 74 %, on average about 85 %, where without augmentation it was
    87 %, with seeds that lie as far apart. Random brightness for both classes takes the shortcut
    away only in part, and the light has other traces. The seeds differ by more than the two means:
    there is nothing to conclude but that it is no cure.
    """
    return "not told apart"


EXERCISES = (
    Exercise(1, "How many batches?", check_batches, batches),
    Exercise(2, "Does colour matter?", check_grey, grey),
    Exercise(3, "A split by group", check_split_by_group, split_by_group),
    Exercise(4, "Turned by 180°", check_turned, turned),
    Exercise(5, "Random brightness", check_brightness, brightness),
)
