"""Exercises of the chapter about what a network sees: their checks, and solutions to read."""

import numpy as np

FIELD = 38  # pixels along a side: the receptive field of a fourth block's convolution
SQUARE = 2  # pixels along a side of the occlusion's square


def check_field(pixels):
    """Say whether a fourth block's convolution has a receptive field of ``pixels`` × ``pixels``.

    Prints one line; None counts as not answered yet.

    >>> check_field(18)
    not yet: that is the third convolution's
    """
    wrong = {
        18: "that is the third convolution's",
        20: "its windows are 3 positions wide, and from one position to the next are 8 pixels",
        22: "that is what the third pooling sees; a convolution follows",
        26: "the jump before the third pooling is 4, behind it 8",
        46: "a window of 3 adds (3 − 1) jumps, not 3",
    }
    if pixels is None:
        print("not answered yet")
    elif pixels == FIELD:
        print("right: 22 + (3 − 1) · 8, so it would see most of a photograph of 48×48")
    elif pixels in wrong:
        print(f"not yet: {wrong[pixels]}")
    else:
        print(
            "not yet: go on from 18 with the rule r ← r + (F − 1) · j, j ← j · S, a pooling first"
        )


def check_class_map(function):
    """Say whether ``function(maps, weights)`` gives the map of a class.

    ``maps``: (rows, columns, filters), ``weights``: (filters,), those of the class; the result is
    (rows, columns). Prints one line; a function that returns None counts as not written yet.

    >>> check_class_map(lambda maps, weights: maps.mean(axis=2))
    not yet: each map counts by its weight
    >>> check_class_map(class_map)
    right: maps by their weights, and what speaks against the class is left out
    """
    rng = np.random.default_rng(0)
    maps, weights = rng.random((3, 4, 5)), np.array([1.0, -2.0, 0.5, 0.0, -0.5])
    result = function(maps.copy(), weights.copy())
    if result is None:
        print("not answered yet")
        return
    result, wanted = np.asarray(result, float), class_map(maps, weights)
    if result.shape != wanted.shape:
        print(f"not yet: a value for each position is wanted, {wanted.shape}, got {result.shape}")
    elif np.allclose(result, wanted):
        print("right: maps by their weights, and what speaks against the class is left out")
    elif np.allclose(result, maps @ weights):
        print("not yet: what is negative speaks against the class, and is set to 0")
    elif np.allclose(result, np.maximum(maps * weights, 0).sum(axis=2)):
        print("not yet: add first: a map against the class cancels one for it at that position")
    elif np.allclose(result, maps @ np.abs(weights)):
        print("not yet: a negative weight makes its map speak against the class")
    elif any(np.allclose(result, mix(maps, axis=2)) for mix in (np.mean, np.sum)):
        print("not yet: each map counts by its weight")
    else:
        print("not yet: the value of a position is Σ weight · map, over the filters, or 0 if less")


def class_map(maps, weights):
    """A solution, and what `explanations.grad_cam` computes behind global pooling.

    >>> class_map(np.array([[[1.0, 1.0], [2.0, 0.0]]]), np.array([1.0, -3.0]))
    array([[0., 2.]])
    """
    return np.maximum(maps @ weights, 0)  # (I, J, C) @ (C,) gives (I, J)


def check_occlusion(function):
    """Say whether ``function(predict, image, size)`` measures what each part of an image is worth.

    ``predict``: takes images (N, height, width) and gives a number for each, (N,); ``size``: the
    side of a square, which divides the image's; the result is (height / size, width / size): by
    how much the number drops if that square is black. Prints one line; a function that returns
    None counts as not written yet.

    >>> check_occlusion(lambda predict, image, size: None)
    not answered yet
    >>> check_occlusion(occlusion)
    right: each square is worth what is lost without it
    """
    rng = np.random.default_rng(0)
    image, importance = 0.5 + rng.random((4, 6)) / 2, rng.normal(size=(4, 6))

    def predict(images):  # squared, or what is lost would be what the square alone is worth
        return (np.asarray(images).reshape(-1, 4, 6) * importance).sum(axis=(1, 2)) ** 2

    given = image.copy()
    result = function(predict, given, SQUARE)
    if result is None:
        print("not answered yet")
        return
    result, wanted = np.asarray(result, float), occlusion(predict, image, SQUARE)
    if result.shape != wanted.shape:
        print(f"not yet: one value for each square is wanted, {wanted.shape}, got {result.shape}")
    elif not np.array_equal(given, image):
        print("not yet: your image stays covered: cover a copy, image.copy()")
    elif np.allclose(result, wanted):
        print("right: each square is worth what is lost without it")
    elif np.allclose(result, -wanted):
        print("not yet: the sign: a drop is the number before minus the number after")
    elif np.allclose(result, predict(image[None])[0] - wanted):
        print("not yet: that is the number that is left; how much was lost?")
    elif np.allclose(result, predict(image[None])[0] - _squares_alone(predict, image)):
        print("not yet: cover the square, and leave the rest as it is")
    else:
        print("not yet: for each square, predict(image) minus predict(image with the square at 0)")


def _squares_alone(predict, image):
    """What each square alone is worth, where the rest is black."""
    alone = np.zeros_like(image)

    def of_rest(images):
        return -predict(image - images)

    return occlusion(of_rest, image, SQUARE) + predict(alone[None])[0]


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
