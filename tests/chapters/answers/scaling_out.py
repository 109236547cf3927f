"""Answers to the exercises on scaling out, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.scaling_out import exercises

MESSAGE = 4 * 62_346


def as_array(values):
    return np.asarray(exercises.tree_sum(values))


def recursive(values):
    if len(values) == 1:
        return values[0]
    return recursive([sum(values[k : k + 2][1:], values[k]) for k in range(0, len(values), 2)])


def in_float64(values):
    return float(np.sum(values, dtype=np.float64))


def backwards(values):
    return exercises.tree_sum(values[::-1])


def twice_the_first(values):
    return exercises.tree_sum([values[0], *values])


def only_two(values):
    return values[0] + values[1] if len(values) == 2 else "no"


ANSWERS = {
    exercises.check_speed_up: [
        (10 / 3, "right"),
        (3.33, "right"),
        (np.float32(3.3333), "right"),
        (8, "if all of the step could be shared"),
        (5, "no number of workers gets beyond that"),
        (0.3, "that is the time that is left"),
        (6.4, "only times add up"),
        (1 / 0.825, "a fifth stays"),
        (6.6, "if the work grew with the workers"),
        (3.46, "not 8 more"),
        (3.3, "three digits"),
        (3, "add up what is left"),
        ("3.33", "expected a number"),
    ],
    exercises.check_bytes: [
        (1_995_072, "right"),
        (np.int64(8 * MESSAGE), "right"),
        (62_346, "how many bytes is each"),
        (MESSAGE, "that is one message"),
        (4 * MESSAGE, "one direction only"),
        (2 * MESSAGE, "a worker gets and sends that many"),
        (2 * 4 * 62_346, "did you count numbers"),
        (12 * MESSAGE, "sends one sum"),
        (16 * MESSAGE, "not by the micro-batch"),
        (2 * 4 * 8 * 62_346, "has 4 bytes, not 8"),
        (64 * MESSAGE, "these are bits"),
        (1, "what does each worker get"),
    ],
    exercises.check_tree_sum: [
        (as_array, "right"),
        (recursive, "right"),
        (3, "a function is wanted"),
        (lambda values: [][1], "raises IndexError"),
        (lambda values: values, "a number is wanted"),
        (only_two, "a number is wanted; of 1 values"),
        (exercises.from_left_to_right, "one value after the other"),
        (lambda values: sum(values[1:], values[0]), "one value after the other"),
        (in_float64, "adds in float64"),
        (lambda values: sum(map(float, values)), "adds in float64"),
        (lambda values: np.float32(in_float64(values)), "of adding, or of rounding"),
        (exercises.in_halves, "into halves"),
        (exercises.across_the_halves, "one of the other half"),
        (exercises.joined_to_the_last_pair, "yours joins the last pair"),
        (exercises.without_the_last, "must not be lost"),
        (backwards, "another order of adding"),
        (twice_the_first, "missing, or counted twice"),
    ],
    exercises.check_choice: [
        ("search", "right"),
        ("Search", "right"),
        ("tutorial", "each waits for messages"),
        ("many maps", "the workers wait for each other"),
        ("fit", "expected 'many maps', 'search' or 'tutorial'"),
    ],
}
