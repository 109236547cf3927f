"""What the last layer has to tell classes by, in as many dimensions as a page has.

Sources: Pearson, *On Lines and Planes of Closest Fit*, 1901, for principal components; van der
Maaten & Hinton, *Visualizing Data using t-SNE*, 2008; both computed by scikit-learn.
"""

import numpy as np

from ..support.arguments import one_of
from ..support.checks import finite, numbers, whole_number
from .arguments import checked_images
from .passes import Pass, batches

METHODS = ("pca", "tsne")
NEIGHBOURS = 30  # t-SNE's perplexity: about how many neighbours of each point count
FEWEST = 4  # images for t-SNE


def last_hidden(model, images):
    """What goes into the last layer that has weights: (images, features).

    Before training and after, this is what the classifier at the end has to go by. ``images``:
    (images, *input_shape). Raises ``ValueError`` for a model without weights, ``ValueError`` or
    ``TypeError`` that names the argument for the rest.

    >>> from cnncourse import Sequential, layers
    >>> model = Sequential([layers.Flatten(), layers.Dense(3)], input_shape=(8, 8, 1))
    >>> last_hidden(model, np.zeros((2, 8, 8, 1))).shape
    (2, 64)
    """
    images = checked_images(model, images)
    learning = [
        k
        for k, operation in enumerate(model.operations)
        if any(part.parameters for part in operation.parts)
    ]
    if not learning:
        raise ValueError("model: expected one with weights, such as those of layers.Dense(10)")
    before = model.operations[: learning[-1]]
    parts = [Pass(before, part, model.backend).result() for part in batches(images)]
    return np.concatenate(parts).reshape(len(images), -1)


def in_two_dimensions(features, method="pca", seed=0):
    """Points of many dimensions in two: (images, features) → (images, 2) float64.

    ``method``: ``"pca"``, the two directions in which the points are spread most: distances are
    those of a shadow on a wall. Or ``"tsne"``, which keeps neighbours together: near points were
    near, but sizes of groups, and distances between them, mean nothing. ``seed``: for t-SNE. Raises
    ``ValueError`` or ``TypeError``, which names the argument.

    >>> in_two_dimensions([[0, 0, 0], [2, 0, 0], [4, 0, 0]]).round(3)[:, 0]
    array([-2.,  0.,  2.])
    """
    method = one_of(method, "method", METHODS)
    seed = whole_number(seed, "seed", least=0, most=2**32 - 1)
    features = finite(numbers(features, "features"), "features").astype(np.float64)
    fewest = FEWEST if method == "tsne" else 2
    if features.ndim != 2 or len(features) < fewest or features.shape[1] < 2:
        raise ValueError(
            f"features: expected (images, features), at least {fewest} images and 2 features, got "
            f"{features.shape}"
        )
    if method == "pca":
        from sklearn.decomposition import PCA

        return PCA(2, svd_solver="full").fit_transform(features)
    if (features == features[0]).all():
        raise ValueError(
            f"features: expected images that differ, got {len(features)} that are alike"
        )
    from sklearn.manifold import TSNE

    perplexity = min(NEIGHBOURS, (len(features) - 1) / 3)
    return TSNE(2, perplexity=perplexity, init="pca", random_state=seed).fit_transform(
        features
    ).astype(np.float64)  # fmt: skip
