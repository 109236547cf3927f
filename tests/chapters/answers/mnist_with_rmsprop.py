"""Answers to the exercises of the lab with RMSprop, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.mnist_with_rmsprop import exercises


def by_windows(low, high, alike=False, seeded=True, axes=(True, True), diagonal=False):
    """A shift by cutting windows, or one with a mistake."""

    def function(images, reach, rng):
        rng = rng if seeded else np.random.default_rng()
        count = 1 if alike else len(images)
        moves = rng.integers(low(reach), high(reach), size=(count, 2), endpoint=True)
        moves = np.resize(moves, (len(images), 2)) * np.array(axes, int)
        if diagonal:
            moves[:, 1] = moves[:, 0]
        wide = 2 * reach
        padded = np.pad(images, ((0, 0), (wide, wide), (wide, wide), (0, 0)))
        side = images.shape[1]
        return np.stack(
            [p[wide - d : wide - d + side, wide - r : wide - r + side]
             for p, (d, r) in zip(padded, moves, strict=True)]
        )  # fmt: skip

    return function


def full(reach):
    return reach


def other(reach):
    return -reach


def none(reach):
    return 0


def overwriting(images, reach, rng):
    images[:] = exercises.random_shift(images, reach, rng)
    return images


def rolled(images, reach, rng):
    moves = rng.integers(-reach, reach, size=(len(images), 2), endpoint=True)
    return np.stack([np.roll(i, m, axis=(0, 1)) for i, m in zip(images, moves, strict=True)])


ANSWERS = {
    exercises.check_parameters: [
        (np.int64(2_038_922), "right: "),
        (93_322, "pooling has no parameters"),
        (2_038_858, "a bias for each of the 64 units"),
        (1_982_528, "the others"),
        (3_267_722, "takes off two rows"),
        (87_434, "all 64 maps"),
        (2_415_754, "three convolutions, not two"),
        (1, "what does the first dense layer take in?"),
    ],
    exercises.check_ablation: [
        ("schedule", "hardly more than another seed"),
        ("seeds cannot tell", "for the schedule they cannot"),
        ("both", "expected 'schedule', 'seeds cannot tell' or 'shifts'"),
    ],
    exercises.check_random_shift: [
        (by_windows(other, full), "right: "),
        (rolled, "comes back at the other"),
        (overwriting, "your function changes the arrays"),
        (by_windows(other, full, alike=True), "all images move alike"),
        (lambda images, reach, rng: images.copy(), "all images move alike"),
        (by_windows(none, full), "up and left"),
        (by_windows(other, lambda reach: reach - 1), "is the end of the range included"),
        (by_windows(lambda reach: 1 - reach, full), "is the end of the range included"),
        (by_windows(lambda reach: -reach - 1, full), "no shift is larger"),
        (by_windows(other, full, axes=(True, False)), "no image moves right"),
        (by_windows(other, full, axes=(False, True)), "no image moves down"),
        (by_windows(other, full, diagonal=True), "always equal"),
        (by_windows(other, full, seeded=False), "from rng"),
        (lambda images, reach, rng: images[:, 1:], "as large as that of the images"),
        (lambda images, reach, rng: "moved", "as large as that of the images"),
        (lambda images, reach, rng: images + 1, "more than moved"),
        (lambda images, rng: images, "your function raises TypeError"),
    ],
    exercises.check_mirrored: [
        ([8, 0], "right: "),
        ((0, 8, 1.0), "right: "),
        ({0, 3, 8}, "upside down"),
        ({0, 6, 8}, "when it is turned"),
        ({2, 5}, "more like a 5"),
        ({8}, "there are more"),
        ({0, 8, 11}, "a set of digits is wanted"),
        (8, "a set of digits is wanted, such as {3, 4}, got 8"),
        ("08", "a set of digits is wanted"),
    ],
}
