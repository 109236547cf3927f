"""A task that shows which network finds a pattern where it never was before: crosses in noise."""

import numpy as np

SIDE = 16  # pixels along a side of an image
NOISE = 0.4  # the brightest pixel outside the pattern
AROUND = 5  # cells along a side of the surroundings
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])


def crosses(count, columns, seed):
    """Noisy images of 16×16 pixels; half of them hold a diagonal cross somewhere in ``columns``.

    Arguments: ``count``: images; ``columns``: a range, within 0 to 15, that holds all the
    3×3 pixels of the cross; ``seed``: same seed, same images.

    Returns images (count, 16, 16, 1) float32, from 0 (dark) to 1.4, and labels (count,) int64: 1
    for a cross, 0 for the same five bright pixels scattered over its 5×5 surroundings.

    >>> images, labels = crosses(4, range(8), seed=0)
    >>> images.shape, labels
    ((4, 16, 16, 1), array([0, 1, 0, 1]))
    """
    rng = np.random.default_rng(seed)
    images = rng.uniform(0, NOISE, (count, SIDE, SIDE, 1))
    labels = np.arange(count) % 2
    for image, label in zip(images, labels, strict=True):
        row = rng.integers(1, SIDE - AROUND + 1)
        column = rng.integers(columns.start, columns.stop - 2)
        if label:
            image[row : row + 3, column : column + 3, 0] += CROSS
        else:
            left = np.clip(column - 1, columns.start, columns.stop - AROUND)
            cells = rng.choice(AROUND**2, CROSS.sum(), replace=False)
            image[row - 1 + cells // AROUND, left + cells % AROUND, 0] += 1
    return images.astype(np.float32), labels
