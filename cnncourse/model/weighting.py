"""How much the images of each class count in the loss."""

import numpy as np

from ..support import checks

BALANCED = "balanced"


class ClassWeights:
    """What ``class_weight`` says: a dict from class number to weight, or ``"balanced"``.

    Classes that the dict leaves out count 1, as in Keras. ``"balanced"``, scikit-learn's word,
    weighs each class by images / (classes · images of the class), so that all classes together
    count alike; it takes the labels of all images to count.
    """

    def __init__(self, class_weight, loss, targets):
        """``targets`` (N, K): those of all images, or of each label that can occur."""
        if loss.class_numbers(targets) is None:
            raise ValueError(
                f"class_weight: {loss!r} has no classes to weigh; give sample_weight, a number for "
                "each image"
            )
        classes = max(targets.shape[1], 2)
        self.by_class = np.ones(classes)
        self.loss = loss
        if isinstance(class_weight, str) and class_weight == BALANCED:
            counts = np.bincount(loss.class_numbers(targets), minlength=classes)
            self.by_class = len(targets) / (classes * np.maximum(counts, 1))
            return
        if not isinstance(class_weight, dict):
            raise TypeError(
                "class_weight must be a dict from class number to weight, such as {0: 1, 1: 5}, or "
                f"'balanced', got {class_weight!r}"
            )
        for number, weight in class_weight.items():
            number = checks.whole_number(number, "class_weight: a class number", least=0)
            if number >= classes:
                raise ValueError(
                    f"class_weight: expected class numbers from 0 to {classes - 1}, got {number}"
                )
            self.by_class[number] = checks.limit(weight, f"class_weight[{number}]")

    def __call__(self, targets, weights=None):
        """The weights (N,) of images with these ``targets``, times ``weights`` if given."""
        by_image = self.by_class[self.loss.class_numbers(targets)]  # (N,)
        return by_image if weights is None else by_image * weights
