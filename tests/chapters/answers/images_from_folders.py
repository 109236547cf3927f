"""Answers to the exercises on images from folders, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.images_from_folders import exercises

GREY = exercises.grey()


def drawn(share):
    """A split that holds out about ``share`` of the groups, whatever was asked for."""
    return lambda groups, _, rng: exercises.split_by_group(groups, share, rng)


ANSWERS = {
    exercises.check_batches: [
        (7.0, "right: "),
        (6, "no image is left out"),
        (6.25, "may be smaller"),
        (200, "a batch for each image"),
        (10, "32 at a time"),
    ],
    exercises.check_grey: [
        (np.int64(GREY), "right: "),
        (14_369, "the network for colour"),
        (14_369 - 432, "still has 9 weights"),
        (14_369 - 320, "one bias"),
        (14_369 // 3, "only the first layer's weights"),
        (160, "only one layer changes"),
    ],
    exercises.check_split_by_group: [
        (lambda *given: list(map(bool, exercises.split_by_group(*given))), "right: "),
        (lambda groups, share, rng: rng.random(len(groups)) < share, "is on both sides"),
        (drawn(0.75), "exchanged"),
        (drawn(0.5), "4 of 8 groups are held out; 25% were asked for"),
        (lambda groups, share, rng: groups < 2, "another rng holds the same groups out"),
        (lambda groups, share, rng: np.flatnonzero(groups < 2), "True or False for each image"),
        (lambda groups, share, rng: [[True], [True, False]], "True or False for each image"),
        (lambda groups, share, rng: groups, "True or False for each image"),
        (lambda groups, share, rng: rng.choice(groups, 100, False), "raises ValueError"),
    ],
    exercises.check_turned: [
        ([9, 6], "right: "),
        (np.array([6, 9]), "right: "),
        ({6, 8, 9}, "two of them do"),
        ({0, 8}, "their label stays right"),
        ({2, 5}, "alike in the mirror"),
        ({3, 7}, "upside down"),
        (69, "a set of two digits is wanted, such as {3, 4}, got 69"),
        ([], "a set of two digits is wanted"),
    ],
    exercises.check_brightness: [
        ("Not told apart", "right: "),
        ("better", "not the best of them"),
        ("worse", "how far do the seeds"),
        ("yes", "expected 'better', 'not told apart' or 'worse'"),
    ],
}
