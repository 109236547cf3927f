"""What the demos show before anybody has drawn or chosen anything."""

import numpy as np
from PIL import Image, ImageDraw

from .digit_image import SIDE, as_mnist

CANVAS, PEN = 112, 9  # pixels
# a two as a hand writes it: (right, down) in parts of the canvas
STROKE = (
    (0.32, 0.34), (0.36, 0.24), (0.45, 0.18), (0.56, 0.18), (0.65, 0.25), (0.67, 0.36),
    (0.61, 0.48), (0.50, 0.60), (0.39, 0.71), (0.31, 0.80), (0.45, 0.78), (0.58, 0.79),
    (0.72, 0.81),
)  # fmt: skip


def drawn_two():
    """A drawing of a two: (112, 112) uint8, white on black."""
    image = Image.new("L", (CANVAS, CANVAS))
    points = [(CANVAS * x, CANVAS * y) for x, y in STROKE]
    ImageDraw.Draw(image).line(points, fill=255, width=PEN, joint="curve")
    return np.asarray(image)


def photograph(height, width):
    """A photograph, resized: (height, width, 3) float64 from 0 to 1.

    It is *Summer Palace*, which comes with scikit-learn, by Konrad Marshall, CC BY 2.0.
    """
    from sklearn.datasets import load_sample_image  # takes most of a second: only when wanted

    image = Image.fromarray(load_sample_image("china.jpg")[:, 100:527])  # a square
    return np.asarray(image.resize((width, height), Image.Resampling.BOX)) / 255


def example_image(shape):
    """An image (height, width, channels) float32 for a model that takes this ``shape``."""
    if shape == (SIDE, SIDE, 1):
        return as_mnist(drawn_two())[..., None]
    image = photograph(*shape[:2])
    if shape[2] != 3:  # in grey, the same in all channels
        image = np.repeat(image.mean(axis=2, keepdims=True), shape[2], axis=2)
    return image.astype(np.float32)
