"""Exercises of the chapter about what a network sees: their checks, and solutions to read."""

import numpy as np

from ...building import Piece
from ...support.answers import as_number, number
from ...support.cases import case_rng
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right


def check_field(pixels):
    """Say whether a fourth block's convolution has a receptive field of ``pixels`` × ``pixels``.

    None counts as not answered yet.

    >>> check_field(18)
    not yet: that is the third convolution's
    """
    mistakes = {
        18: "that is the third convolution's",
        20: "its windows are 3 positions wide, and from one position to the next are 8 pixels",
        22: "that is what the third pooling sees; a convolution follows",
        26: "the jump before the third pooling is 4, after it 8",
        30: "the jump before the third pooling is 4, after it 8",
        46: "a window of 3 adds (3 − 1) jumps, not 3",
    }
    praise = "22 + (3 − 1) · 8, so it would see most of a photograph of 48×48"
    rule = "go on from 18 with the rule r ← r + (F − 1) · j, j ← j · S, a pooling first"
    return number(pixels, field(), praise, mistakes, rule)


def field():
    """A solution: pooling, r = 18 + 1 · 4 = 22 and j = 8; convolution, r = 22 + 2 · 8."""
    return 38


def check_class_map(function):
    """Say whether ``function(maps, weights)`` gives the map of a class.

    ``maps``: (rows, columns, filters), ``weights``: (filters,), those of the class; the result is
    (rows, columns). A function that returns None counts as not written yet.

    >>> check_class_map(lambda maps, weights: maps.mean(axis=2))
    not yet: each map counts by its weight
    >>> check_class_map(class_map)
    right: maps by their weights, and what speaks against the class is left out
    """
    return _CLASS_MAP.check(function)


def class_map(maps, weights):
    """A solution, and what `explanations.grad_cam` computes behind global pooling.

    >>> class_map(np.array([[[1.0, 1.0], [2.0, 0.0]]]), np.array([1.0, -3.0]))
    array([[0., 2.]])
    """
    return np.maximum(maps @ weights, 0)  # (I, J, C) @ (C,) gives (I, J)


_rng = case_rng(0)
_CLASS_MAP = Piece(
    solution=class_map,
    steps={
        "": [
            (_rng.random((3, 4, 5)), np.array([1.0, -2.0, 0.5, 0.0, -0.5])),
            (_rng.random((2, 6, 3)), np.array([-1.0, 0.5, 0.75])),
        ]
    },
    outputs=("a value for each position",),
    mistakes=(
        (
            lambda maps, weights: maps @ weights,
            "what is negative speaks against the class, and is set to 0",
        ),
        (
            lambda maps, weights: np.maximum(maps * weights, 0).sum(axis=2),
            "add first: a map against the class cancels one for it at that position",
        ),
        (
            lambda maps, weights: maps @ np.abs(weights),
            "a negative weight makes its map speak against the class",
        ),
        (lambda maps, weights: np.abs(maps @ weights), "set it to 0; its size does not count"),
        (lambda maps, weights: maps.mean(axis=2), "each map counts by its weight"),
        (lambda maps, weights: maps.sum(axis=2), "each map counts by its weight"),
        (lambda maps, weights: maps * weights, "add up over the filters"),
        (
            lambda maps, weights: np.maximum((maps * weights).mean(axis=2), 0),
            "a sum over the filters, not their mean",
        ),
    ),
    praise="maps by their weights, and what speaks against the class is left out",
)


def check_occlusion(function):
    """Say whether ``function(predict, image, size)`` measures what each part of an image is worth.

    ``predict``: takes images (N, height, width) and gives a number for each, (N,); ``size``: the
    side of a square, which divides the image's; the result is (height / size, width / size): by
    how much the number drops if that square is black. A function that returns None counts as not
    written yet.

    >>> check_occlusion(lambda predict, image, size: None)
    not answered yet
    >>> check_occlusion(occlusion)
    right: each square is worth what is lost without it
    """
    return _OCCLUSION.check(function)


def occlusion(predict, image, size):
    """A solution: one covered copy for each square.

    >>> occlusion(lambda images: images.sum(axis=(1, 2)), np.ones((2, 4)), 2)
    array([[4., 4.]])
    """
    height, width = image.shape
    drops = np.zeros((height // size, width // size))
    for i, j in np.ndindex(drops.shape):
        covered = image.copy()
        covered[i * size : (i + 1) * size, j * size : (j + 1) * size] = 0
        drops[i, j] = predict(image[None])[0] - predict(covered[None])[0]
    return drops


def _predictor(height, width):
    """A function of images whose result is no sum over their parts."""
    importance = case_rng(height).normal(size=(height, width))

    def predict(images):
        images = np.asarray(images).reshape(-1, height, width)
        return (images * importance).sum(axis=(1, 2)) ** 2

    return predict


def _alone(predict, image, size):
    """What is lost where each square alone is left, and the rest is black."""
    lost = np.zeros((image.shape[0] // size, image.shape[1] // size))
    for i, j in np.ndindex(lost.shape):
        square = np.zeros_like(image)
        part = np.s_[i * size : (i + 1) * size, j * size : (j + 1) * size]
        square[part] = image[part]
        lost[i, j] = predict(image[None])[0] - predict(square[None])[0]
    return lost


def _in_place(predict, image, size):
    """Drops from a square that is covered to the next one, which is covered, too."""
    height, width = image.shape
    covered, drops = image.copy(), np.zeros((height // size, width // size))
    for i, j in np.ndindex(drops.shape):
        covered[i * size : (i + 1) * size, j * size : (j + 1) * size] = 0
        drops[i, j] = predict(image[None])[0] - predict(covered[None])[0]
    return drops


_OCCLUSION = Piece(
    solution=occlusion,
    steps={
        "": [
            (_predictor(4, 6), 0.5 + _rng.random((4, 6)) / 2, 2),
            (_predictor(6, 3), 0.5 + _rng.random((6, 3)) / 2, 3),
        ]
    },
    outputs=("a value for each square",),
    mistakes=(
        (
            lambda *given: -occlusion(*given),
            "the sign: a drop is the number before minus the number after",
        ),
        (
            lambda predict, image, size: predict(image[None])[0] - occlusion(predict, image, size),
            "that is the number that is left; how much was lost?",
        ),
        (_alone, "cover the square, and leave the rest as it is"),
        (
            lambda predict, image, size: predict(image[None])[0] - _alone(predict, image, size),
            "cover the square, and leave the rest as it is",
        ),
        (_in_place, "one square at a time: begin each with a new copy of the image"),
    ),
    praise="each square is worth what is lost without it",
)


def check_cured(recognised, fooled):
    """Say whether a network that never saw the corner can have these shares.

    ``recognised``: the share of coats without a tag that it calls coats; ``fooled``: that of other
    things with a tag. None counts as not answered yet.

    >>> check_cured(0.0, 0.41)
    not yet: those are the shop's network's; train a new one on the covered images
    """
    if recognised is None or fooled is None:
        return not_answered()
    shares = as_number(recognised), as_number(fooled)
    if None in shares or not all(0 <= share <= 1 for share in shares):
        return not_yet("expected two shares, from 0 to 1")
    recognised, fooled = shares
    if recognised < 0.1:
        return not_yet("those are the shop's network's; train a new one on the covered images")
    if recognised > 0.95:
        return not_yet("that good it is on coats with a tag; take those without, `honest`")
    if fooled > 0.15:
        return not_yet("it still looks at the tag: cover the corner of *all* training images")
    if recognised < 0.3:
        return not_yet("most coats are missed; train for four epochs, as the shop's network")
    return right("fewer than the shop believed to have, and they are coats")


def cured():
    """A solution: our run's figures.

    60 % of the coats without a tag were recognised, and of other things with a tag one in 200
    became a coat. All in all 82 % of the validation images were correct: less than the shop's 87 %,
    which were never true. Before looking, nobody knew what to cover, and the validation images
    praised the network with the tags.
    """
    return 0.60, 0.005


EXERCISES = (
    Exercise(1, "A fourth block", check_field, field),
    Exercise(2, "The map of a class", check_class_map, class_map),
    Exercise(3, "Occlusion", check_occlusion, occlusion),
    Exercise(4, "Cure the shop's network", check_cured, cured),
)
