"""Wrong predictions: which class is taken for which, and the most confident mistakes."""

import numpy as np

from ..metrics import confusion, most_confused
from ..support import arguments
from ..support.checks import finite, numbers, positive_int
from ..support.labels import ADVICE, class_numbers
from .figure import DescribedFigure
from .images import images as pictures_of

SHORT = 2  # letters of a name that needs no room
CELL = 0.62  # inches
DARK = 0.6  # share of the largest count from which white ink is read better


def confusion_matrix(labels, predictions, class_names):
    """How many images of each class (a row) got which prediction (a column).

    The diagonal holds the correct predictions; only what lies off it is coloured, the darker the
    more.

    ``labels``, ``predictions``: (images,) class numbers; ``class_names``: a text for each class.
    Raises ``ValueError`` where lengths differ or a number names no class, ``TypeError`` for what is
    no list of names.

    >>> confusion_matrix([0, 0, 1, 1, 1], [0, 1, 1, 1, 0], ["cat", "dog"])
    <Figure: Confusion matrix of 2 classes. 3 of 5 predictions are correct. Most often wrong: dog
    for cat (1), cat for dog (1)>
    """
    class_names = _names(class_names)
    if numbers(labels, "labels", ADVICE).size == 0:
        raise ValueError("labels: expected at least one image's, got none")
    counts = confusion(labels, predictions, len(class_names))
    wrong = counts - np.diag(np.diag(counts))
    alt = f"Confusion matrix of {len(class_names)} classes. "
    alt += f"{np.trace(counts):,} of {counts.sum():,} predictions are correct"
    if wrong.any():
        alt += ". Most often wrong: " + ", ".join(
            f"{class_names[prediction]} for {class_names[label]} ({count:,})"
            for label, prediction, count in most_confused(labels, predictions, len(class_names), 3)
        )
    side = CELL * len(class_names)
    figure = DescribedFigure(alt, max(side + 2.2, 4), max(side + 1.2, 3))
    ax = figure.subplots()
    ax.imshow(wrong, cmap="Oranges", vmin=0, vmax=max(wrong.max(), 1))
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = "white" if wrong[row, column] > DARK * wrong.max() else "black"
            weight = "bold" if row == column else "normal"
            ax.text(
                column, row, f"{count:,}",
                ha="center", va="center", fontsize=10, color=colour, weight=weight,
            )  # fmt: skip
    classes = range(len(class_names))
    long = max(map(len, class_names)) > SHORT
    ax.set_xticks(classes, class_names, **({"rotation": 40, "ha": "right"} if long else {}))
    ax.set_yticks(classes, class_names)
    ax.set(xlabel="prediction", ylabel="label")
    return figure


def mistakes(images, labels, probabilities, class_names, count=20, alt=None):
    """The mistakes that a network is surest of: true class, prediction, its probability over each.

    ``images``: (images, height, width, channels); ``labels``: (images,) class numbers;
    ``probabilities``: (images, classes), what ``model.predict`` gave; ``class_names``: a text for
    each class; ``count``: how many to show at most; ``alt``: what the picture shows. Where there
    is no mistake, the figure says so. Raises ``ValueError`` where lengths differ, ``TypeError`` for
    what is no array or list.

    >>> mistakes(np.zeros((2, 8, 8, 1)), [0, 1], [[0.2, 0.8], [0, 1]], ["cat", "dog"])
    <Figure: The 1 of 1 mistakes that the network is surest of: true cat, predicted dog (80 %)>
    """
    class_names = _names(class_names)
    count = positive_int(count, "count")
    images = finite(numbers(images, "images"), "images")
    labels = class_numbers(labels, len(class_names))  # (images,)
    probabilities = finite(numbers(probabilities, "probabilities"), "probabilities").astype(float)
    if images.ndim == 0 or probabilities.ndim != 2 or probabilities.shape[1] != len(class_names):
        raise ValueError(
            "images and probabilities: expected (images, height, width, channels) and (images, "
            f"classes) of {len(class_names)} class_names, got {images.shape} and "
            f"{probabilities.shape}"
        )
    if not len(images) == len(labels) == len(probabilities):
        raise ValueError(
            "images, labels and probabilities: expected as many of each, got "
            f"{len(images)}, {len(labels)} and {len(probabilities)}"
        )
    if not len(images):
        raise ValueError("images: expected at least one, got none")
    predictions = probabilities.argmax(axis=1)  # (images,)
    wrong = np.flatnonzero(predictions != labels)
    if not len(wrong):
        figure = DescribedFigure(f"No mistakes: all {len(labels):,} predictions are correct", 5, 1)
        figure.text(0.5, 0.5, figure.alt, ha="center", va="center")
        return figure
    surest = wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")][:count]
    said = [
        (class_names[labels[k]], class_names[predictions[k]], 100 * probabilities[k].max())
        for k in surest
    ]
    if alt is None:
        alt = f"The {len(surest)} of {len(wrong):,} mistakes that the network is surest of: "
        alt += ", ".join(
            f"true {label}, predicted {prediction} ({sure:.0f} %)"
            for label, prediction, sure in said
        )
    short = max(map(len, class_names)) <= SHORT
    titles = [f"true {label}\npredicted {says}\n({sure:.0f} %)" for label, says, sure in said]
    return pictures_of(images[surest], titles, columns=10 if short else 5, alt=alt)


def _names(class_names):
    names = arguments.texts(class_names, "class_names")
    if not names:
        raise ValueError("class_names: expected a text for each class, got none")
    return names
