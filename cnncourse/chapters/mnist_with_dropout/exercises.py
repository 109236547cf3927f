"""Exercises of the chapter about MNIST with dropout: their checks, and solutions to read."""

import numpy as np

NINES = 5_949, 1_009  # MNIST's, in its training and its test part
SHARE = 0.8  # of the images, for training
OTHER_SHARE = 0.5  # with which a split is tried, too
SIDES, FILTERS, UNITS = (28, 28), (32, 64), 128  # of the network whose convolutions are padded


def check_nines(count):
    """Say whether ``count`` nines of MNIST go to training in a stratified split of 80 to 20.

    Prints one line; None counts as not answered yet.

    >>> check_nines(4759)
    not yet: the 10,000 images hold nines, too, and all 70,000 are split
    """
    right = SHARE * sum(NINES)
    if count is None:
        print("not answered yet")
    elif abs(count - right) <= 1:
        print("right: nearly three times as many as the split of the sorted images leaves")
    elif abs(count - SHARE * NINES[0]) <= 1:
        print("not yet: the 10,000 images hold nines, too, and all 70,000 are split")
    elif abs(count - (1 - SHARE) * sum(NINES)) <= 1:
        print("not yet: those are the nines for validation")
    elif abs(count - SHARE * 70_000 / 10) <= 1:
        print("not yet: the classes of MNIST are not equally large")
    else:
        print("not yet: count all nines, and take the training's share of them")


def check_split(function):
    """Say whether ``function(labels, share, rng)`` is a stratified split.

    It gives the positions for training and those for validation, two arrays. Prints one line; a
    function that returns None counts as not written yet.

    >>> check_split(lambda labels, share, rng: None)
    not answered yet
    >>> check_split(stratified)
    right: every image is on one side, and each side has its share of every class
    """
    labels = np.repeat([0, 1, 2], (50, 20, 80))  # sorted, and the classes differ in size
    result = function(labels.copy(), SHARE, np.random.default_rng(0))
    if result is None:
        print("not answered yet")
        return
    hint = _fault(result, labels, SHARE)
    if hint is None:
        again = function(labels.copy(), SHARE, np.random.default_rng(1))
        if np.array_equal(np.sort(result[0]), np.sort(again[0])):
            hint = "another rng gives the same images: draw them at random within each class"
    if hint is None:
        half = function(labels.copy(), OTHER_SHARE, np.random.default_rng(0))
        if _fault(half, labels, OTHER_SHARE):
            hint = f"right for {SHARE:.0%}, not for {OTHER_SHARE:.0%}: take the share that is given"
    if hint is None:
        print("right: every image is on one side, and each side has its share of every class")
    else:
        print(f"not yet: {hint}")


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
    through the same two numbers. Prints one line; a function that returns None counts as not
    written yet.

    >>> check_standardised(lambda train, validation: None)
    not answered yet
    >>> check_standardised(standardised)
    right: fitted on the training images, applied to both
    """
    rng = np.random.default_rng(2)
    train = rng.uniform(0, 200, (6, 4, 4, 1))
    validation = rng.uniform(50, 255, (3, 4, 4, 1))
    result = function(train.copy(), validation.copy())
    if result is None:
        print("not answered yet")
        return
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        print("not yet: two arrays are wanted, the training and the validation images")
        return
    ours = standardised(train, validation)
    shapes = [np.shape(part) for part in result]
    if shapes != [train.shape, validation.shape]:
        print(f"not yet: the shapes stay as they are, and yours are {shapes[0]} and {shapes[1]}")
    elif all(np.allclose(a, b, atol=1e-4) for a, b in zip(result, ours, strict=True)):
        print("right: fitted on the training images, applied to both")
    else:
        print(f"not yet: {_hint(result, ours, train, validation)}")


def _hint(result, ours, train, validation):
    first, second = result
    if np.allclose(second, _standard(validation, validation), atol=1e-4):
        if np.allclose(first, ours[0], atol=1e-4):
            return (
                "the validation images got a mean and a standard deviation of their own; the "
                "same pixel must become the same number in both"
            )
        return "each set got numbers of its own, and the training images are not as they should be"
    everything = np.concatenate([train.ravel(), validation.ravel()])
    if np.allclose(first, _standard(train, everything), atol=1e-4):
        return "the validation images helped to fit: they should take no part in it"
    if np.allclose(first, train - train.mean(), atol=1e-4):
        return "the mean is subtracted; the division by the standard deviation is missing"
    if np.allclose(first, train / train.std(), atol=1e-4):
        return "divided by the standard deviation, but the mean is still in it"
    if np.allclose(first, (train - train.mean()) / train.var(), atol=1e-4):
        return "that is divided by the variance"
    if np.allclose(first, train / 255, atol=1e-4):
        return "that brings the pixels to the range from 0 to 1; their mean is not 0"
    if np.allclose(first, ours[0], atol=1e-4):
        return "the training images are right, the validation images are not"
    return "subtract the training images' mean, divide by their standard deviation"


def standardised(train, validation):
    """A solution: one mean and one standard deviation, from the training images.

    >>> standardised(np.array([0.0, 2.0]), np.array([1.0]))
    (array([-1.,  1.]), array([0.]))
    """
    return _standard(train, train), _standard(validation, train)


def _standard(images, fitted_on):
    return (images - fitted_on.mean()) / fitted_on.std()


def check_padded_parameters(count):
    """Say whether the chapter's network with convolutions padded by 1 has ``count`` parameters.

    Prints one line; None counts as not answered yet.

    >>> check_padded_parameters(1199882)
    not yet: that is the network without padding; which layer's input has grown?
    """
    first, second = FILTERS
    height, width = SIDES
    convolutions = 9 * first + first + 9 * first * second + second
    rest = UNITS + UNITS * 10 + 10  # its bias, and the last layer

    def whole(h, w):
        return convolutions + h * w * second * UNITS + rest

    right = whole(height // 2, width // 2)
    wrong = {
        whole(height // 2 - 2, width // 2 - 2): "that is the network without padding; which "
        "layer's input has grown?",
        whole(height, width): "the pooling halves both sides",
        whole(height // 2 - 1, width // 2 - 1): "both convolutions are padded",
        right - UNITS: "128 units have 128 biases",
        right - first - second: "each filter has a bias",
    }
    if count is None:
        print("not answered yet")
    elif count == right:
        print("right: padding costs no parameter; what grows is the dense layer behind it")
    elif count in wrong:
        print(f"not yet: {wrong[count]}")
    else:
        print("not yet: only the first dense layer differs from the summary of section 3")


def check_gaps(without, with_dropout):
    """Say whether the validation loss can lie so far above the training loss after ten epochs.

    ``without``, ``with_dropout``: the validation loss minus the training loss. Prints one line;
    None counts as not answered yet.

    >>> check_gaps(0.17, 0.36)
    not yet: exchanged? With dropout the network cannot memorise as well
    """
    if without is None or with_dropout is None:
        print("not answered yet")
    elif without < 0:
        print("not yet: validation loss minus training loss: which of the two is larger?")
    elif without < with_dropout:
        print("not yet: exchanged? With dropout the network cannot memorise as well")
    elif without < 0.1:
        print("not yet: take ten epochs; memorising takes some")
    elif with_dropout < 0.9 * without:
        print("right: dropout narrows the gap; one run each tells the direction, not the size")
    else:
        print("not yet: the two are alike; did one of the networks get rate=0?")
