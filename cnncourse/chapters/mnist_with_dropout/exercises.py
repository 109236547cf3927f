"""Exercises of the chapter about MNIST with dropout: their checks, and solutions to read."""

import numpy as np

from ...building import Piece
from ...support.answers import as_number, called, is_verdict, number
from ...support.cases import case_rng
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right

NINES = 5_949, 1_009  # MNIST's, in its training and its test part
SHARE = 0.8  # of the images, for training
OTHER_SHARE = 0.5  # with which a split is tried, too


def check_nines(count):
    """Say whether ``count`` nines of MNIST go to training in a stratified split of 80 to 20.

    None counts as not answered yet.

    >>> check_nines(4759)
    not yet: the 10,000 images hold nines, too, and all 70,000 are split
    """
    mistakes = {
        SHARE * NINES[0]: "the 10,000 images hold nines, too, and all 70,000 are split",
        (1 - SHARE) * sum(NINES): "those are the nines for validation",
        SHARE * 70_000 / 10: "the classes of MNIST are not equally large",
        SHARE * NINES[1]: "the 60,000 images are split as well",
    }
    praise = "nearly three times as many as the split of the sorted images leaves"
    rule = "count all nines, and take the training's share of them"
    return number(count, SHARE * sum(NINES), praise, mistakes, rule, within=1)


def nines():
    """A solution: 0.8 · (5,949 + 1,009) = 5,566.4, so 5,566."""
    return round(0.8 * (5_949 + 1_009))


def check_split(function):
    """Say whether ``function(labels, share, rng)`` is a stratified split.

    It gives the positions for training and those for validation, two arrays. A function that
    returns None counts as not written yet.

    >>> check_split(lambda labels, share, rng: None)
    not answered yet
    >>> check_split(stratified)
    right: every image is on one side, and each side has its share of every class
    """
    labels = np.repeat([0, 1, 2], (50, 20, 80))  # sorted, and the classes differ in size
    results = {}
    for share, seed in (SHARE, 0), (SHARE, 1), (OTHER_SHARE, 0):
        result = called(function, labels, share, np.random.default_rng(seed))
        if is_verdict(result):
            return result
        results[share, seed] = result
    fault = _fault(results[SHARE, 0], labels, SHARE)
    if fault:
        return not_yet(fault)
    first, again = (np.sort(results[SHARE, seed][0]) for seed in (0, 1))
    if np.array_equal(first, again):
        return not_yet("another rng gives the same images: draw them at random within each class")
    if _fault(results[OTHER_SHARE, 0], labels, OTHER_SHARE):
        return not_yet(
            f"right for {SHARE:.0%}, not for {OTHER_SHARE:.0%}: take the share that is given"
        )
    return right("every image is on one side, and each side has its share of every class")


def _fault(result, labels, share):
    """What is wrong with a split, in words, or None."""
    try:
        train, validation = (np.asarray(part) for part in result)
    except (TypeError, ValueError):
        return "two arrays are wanted: positions for training, positions for validation"
    if any(part.ndim != 1 or part.dtype.kind not in "iu" for part in (train, validation)):
        return "positions are whole numbers, in arrays with one axis"
    both = np.concatenate([train, validation])
    if both.size and not (both.min() >= 0 and both.max() < len(labels)):
        return f"a position is not between 0 and {len(labels) - 1}, for {len(labels)} labels"
    if np.isin(train, validation).any():
        return "an image is on both sides: the validation would be too good to be true"
    if len(np.unique(both)) < len(both):
        return "an image comes twice"
    if len(both) < len(labels):
        return f"{len(labels) - len(both)} of {len(labels)} images are on no side"
    counts = np.bincount(labels[train], minlength=3)  # (classes,)
    wanted = share * np.bincount(labels)
    if np.allclose(counts, wanted, atol=1):
        return None
    if np.allclose(len(labels) - counts.sum(), share * len(labels), atol=2):
        return "the sides are exchanged: training comes first"
    if np.allclose(counts.sum(), wanted.sum(), atol=2):
        worst = int(abs(counts - wanted).argmax())
        return (
            f"the sides have the right sizes, but of class {worst} {counts[worst]} images are for "
            f"training, and {wanted[worst]:.0f} are its share: split class by class"
        )
    return f"{len(train)} of {len(labels)} images are for training; {share:.0%} were asked for"


def stratified(labels, share, rng):
    """A solution: shuffle the positions of each class, and cut them at its share.

    >>> train, validation = stratified(np.array([0, 0, 1, 1]), 0.5, np.random.default_rng(0))
    >>> len(train), len(validation)
    (2, 2)
    """
    train, validation = [], []
    for label in np.unique(labels):
        positions = rng.permutation(np.flatnonzero(labels == label))
        count = round(share * len(positions))
        train.append(positions[:count])
        validation.append(positions[count:])
    return np.concatenate(train), np.concatenate(validation)


def check_standardised(function):
    """Say whether ``function(train, validation)`` standardises both by the training images.

    Mean 0 and standard deviation 1 for the training pixels, all together; the validation pixels
    through the same two numbers. A function that returns None counts as not written yet.

    >>> check_standardised(lambda train, validation: None)
    not answered yet
    >>> check_standardised(standardised)
    right: fitted on the training images, applied to both
    """
    return _STANDARDISED.check(function)


def standardised(train, validation):
    """A solution: one mean and one standard deviation, from the training images.

    >>> standardised(np.array([0.0, 2.0]), np.array([1.0]))
    (array([-1.,  1.]), array([0.]))
    """
    mean, deviation = train.mean(), train.std()
    return (train - mean) / deviation, (validation - mean) / deviation


def _images(seed, train, validation):
    """So many images for training and for validation, whose pixels have other ranges."""
    rng = case_rng(seed)
    return rng.uniform(0, 200, (train, 4, 4, 1)), rng.uniform(50, 255, (validation, 4, 4, 1))


def _both(rule):
    """A function as `standardised`; ``rule(images, train, validation)`` makes either result."""

    def function(train, validation):
        return rule(train, train, validation), rule(validation, train, validation)

    return function


def _standard(images, fitted_on):
    return (images - fitted_on.mean()) / fitted_on.std()


_STANDARDISED = Piece(
    solution=standardised,
    steps={"": [_images(2, train=6, validation=3), _images(3, train=5, validation=8)]},
    outputs=("the training images", "the validation images"),
    mistakes=(
        (
            _both(lambda images, train, validation: _standard(images, images)),
            "they got a mean and a standard deviation of their own; the same pixel must become the "
            "same number in both",
        ),
        (
            _both(lambda images, *both: _standard(images, np.concatenate(both))),
            "the validation images helped to fit: they should take no part in it",
        ),
        (
            _both(lambda images, train, validation: _standard(images, validation)),
            "fit on the training images, not on the others",
        ),
        (
            _both(lambda images, train, validation: images - train.mean()),
            "the mean is subtracted; the division by the standard deviation is missing",
        ),
        (
            _both(lambda images, train, validation: images / train.std()),
            "divided by the standard deviation, but the mean is still in it",
        ),
        (
            _both(lambda images, train, validation: (images - train.mean()) / train.var()),
            "that is divided by the variance",
        ),
        (
            _both(
                lambda images, train, validation: (images - train.mean(axis=0)) / train.std(axis=0)
            ),
            "one mean and one standard deviation for all pixels, not for each position its own",
        ),
        (
            _both(lambda images, train, validation: images / 255),
            "that brings the pixels to the range from 0 to 1; their mean is not 0",
        ),
        (_both(lambda images, train, validation: images), "nothing is done to them"),
    ),
    praise="fitted on the training images, applied to both",
)


def check_padded_parameters(count):
    """Say whether the chapter's network with convolutions padded by 1 has ``count`` parameters.

    None counts as not answered yet.

    >>> check_padded_parameters(1199882)
    not yet: that is the network without padding; which layer's input has grown?
    """
    wanted = padded_parameters()

    def of_side(side):
        return wanted + (side * side - 14 * 14) * 64 * 128

    mistakes = {
        of_side(12): "that is the network without padding; which layer's input has grown?",
        of_side(28): "the pooling halves both sides",
        of_side(13): "both convolutions are padded",
        wanted - 128: "128 units have 128 biases",
        wanted - 32 - 64: "each filter has a bias",
    }
    praise = "padding costs no parameter; what grows is the dense layer behind it"
    rule = "only the first dense layer differs from the summary of section 3"
    return number(count, wanted, praise, mistakes, rule)


def padded_parameters():
    """A solution: 14·14·64 values go into the dense layer instead of 12·12·64.

    So it has 1,605,760 parameters, and the network 1,625,866.
    """
    convolutions = 32 * (3 * 3 * 1 + 1) + 64 * (3 * 3 * 32 + 1)
    return convolutions + 128 * (14 * 14 * 64 + 1) + 10 * (128 + 1)


def check_gaps(without, with_dropout):
    """Say whether the validation loss can lie so far above the training loss after ten epochs.

    ``without``, ``with_dropout``: the validation loss minus the training loss. None counts as not
    answered yet.

    >>> check_gaps(0.17, 0.36)
    not yet: exchanged? With dropout the network cannot memorise as well
    """
    if without is None or with_dropout is None:
        return not_answered()
    without, with_dropout = as_number(without), as_number(with_dropout)
    if None in (without, with_dropout) or not np.isfinite([without, with_dropout]).all():
        return not_yet("expected two numbers, validation loss minus training loss of either")
    if not without >= 0:
        return not_yet("validation loss minus training loss: which of the two is larger?")
    if without < with_dropout:
        return not_yet("exchanged? With dropout the network cannot memorise as well")
    if without < 0.1:
        return not_yet("take ten epochs; memorising takes some")
    if not with_dropout < 0.9 * without:
        return not_yet("the two are alike; did one of the networks get rate=0?")
    return right("dropout narrows the gap; one run each tells the direction, not the size")


def gaps():
    """A solution: our run's figures.

    Without dropout the training loss soon falls below the validation loss, and the gap widens from
    epoch to epoch. With dropout the two stay together longer. (The validation loss of both jumps
    about: the learning rate is large for so few images.) In our run (`few` drawn from all of
    MNIST), after ten epochs: training 0.06, validation 0.42 without, 0.09 and 0.26 with dropout.
    One run each, so take it as a direction, not as a figure.
    """
    return 0.42 - 0.06, 0.26 - 0.09


EXERCISES = (
    Exercise(1, "How many nines?", check_nines, nines),
    Exercise(2, "A stratified split", check_split, stratified),
    Exercise(3, "Standardise", check_standardised, standardised),
    Exercise(4, "With padding", check_padded_parameters, padded_parameters),
    Exercise(5, "Dropout against memorising", check_gaps, gaps),
)
