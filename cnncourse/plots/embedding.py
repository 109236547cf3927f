"""Images as points: near to each other where the last hidden layer takes them for alike."""

from .. import explanations
from ..support import arguments
from ..support.labels import class_numbers
from .figure import COLOURS, DescribedFigure


def embedding(model, images, labels, method="pca", seed=0, class_names=None):
    """The last hidden layer's features of each image in two dimensions, as its class number.

    ``model``, ``images``: those of `explanations.last_hidden`; ``method``, ``seed``: those of
    `explanations.in_two_dimensions`; ``labels``: (images,) class numbers; ``class_names``: a text
    for each class, their numbers if left out. Raises ``ValueError`` where lengths differ, and what
    these functions do.
    """
    features = explanations.last_hidden(model, images)
    labels = class_numbers(labels)
    if len(labels) != len(features):
        raise ValueError(
            f"images and labels: expected as many of each, got {len(features)} and {len(labels)}"
        )
    count = int(labels.max()) + 1
    names = range(count) if class_names is None else class_names
    names = arguments.texts(names, "class_names")
    if len(names) < count:
        raise ValueError(f"class_names: expected {count} texts, one for each, got {len(names)}")
    points = explanations.in_two_dimensions(features, method, seed)  # (N, 2)
    shown = {"pca": "two principal components", "tsne": "t-SNE"}[method]
    alt = (
        f"{len(points):,} images by their {features.shape[1]} features in the last hidden layer, "
        f"in two dimensions ({shown}). The nearest neighbour is of the same class for "
        f"{100 * _same_class(points, labels):.0f} %"
    )
    figure = DescribedFigure(alt, 6.5, 5)
    ax = figure.subplots()
    for number, name in enumerate(names):
        own = points[labels == number]
        if len(own):
            colour = COLOURS[number % len(COLOURS)]
            ax.scatter(*own.T, 30, color=colour, marker=f"${number}$", lw=0, label=name)
    ax.set(xticks=[], yticks=[])
    figure.legend(loc="outside right center", frameon=False, fontsize=10, markerscale=1.4)
    return figure


def _same_class(points, labels):
    """The share of points whose nearest neighbour has the same label."""
    from sklearn.neighbors import NearestNeighbors

    near = NearestNeighbors(n_neighbors=2).fit(points).kneighbors(return_distance=False)
    return float((labels[near[:, 0]] == labels).mean())
