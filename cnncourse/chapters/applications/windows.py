"""Windows cut out of canvases, each with the class of what lies in its middle."""

import numpy as np

SIDE = 32  # pixels along a side: the largest object just fits
STEP = 4  # pixels from one window to the next where a window slides


def windows(canvases, each=2, seed=0):
    """Cut windows of 32×32 around objects, and as many beside them.

    ``canvases``: what `datasets.canvases` gives; ``each``: windows about each object, moved by up
    to two pixels, and as many at random. A window has the class of the object whose centre lies in
    its middle half, else 0. Gives images (n, 32, 32, 3) and labels (n,).
    """
    rng = np.random.default_rng(seed)
    corners = [s - SIDE for s in canvases.images.shape[1:3]]
    images, labels = [], []
    for image, boxes in zip(canvases.images, canvases.boxes, strict=True):
        middles = (boxes[:, :2] + boxes[:, 2:4]) / 2
        near = np.repeat(middles - SIDE / 2, each, axis=0)
        near = np.rint(near + rng.uniform(-2, 2, near.shape))
        anywhere = rng.uniform(0, 1, near.shape) * corners
        for corner in np.concatenate([near, anywhere]).clip(0, corners).astype(int):
            top, left = corner
            off = abs(middles - corner - SIDE / 2).max(axis=1)
            labels.append(boxes[off.argmin(), 4] if off.min() <= SIDE / 4 else 0)
            images.append(image[top : top + SIDE, left : left + SIDE])
    return np.stack(images), np.array(labels)


def all_windows(image):
    """The windows of 32×32 in steps of four pixels: (rows, columns, 32, 32, 3).

    >>> all_windows(np.zeros((40, 48, 3))).shape
    (3, 5, 32, 32, 3)
    """
    every = np.lib.stride_tricks.sliding_window_view(image, (SIDE, SIDE), axis=(0, 1))
    return every[::STEP, ::STEP].transpose(0, 1, 3, 4, 2)  # (I, J, 32, 32, C)
