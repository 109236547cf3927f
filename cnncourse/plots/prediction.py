"""One image, and what a network predicts for it."""

from ..support.checks import finite, numbers
from .figure import COLOURS, DescribedFigure
from .probabilities import row_and_names

SHORT = 4  # letters of a name that fits under its stem


def prediction(image, row, class_names=None, alt=None):
    """An image, and beside it the probability of each class as a stem.

    ``image``: (height, width, channels) of 1 or 3 channels, or (height, width); ``row``:
    (classes,), one row of what ``model.predict`` gave; ``class_names``: a text for each class,
    their numbers if left out; ``alt``: what the picture shows. Raises ``ValueError`` for more than
    one image, more than one row, or another number of names.

    >>> prediction([[0, 1], [1, 0]], [0.1, 0.9], ["cat", "dog"])
    <Figure: An image, and the probability of each of 2 classes: 90.0 % for dog>
    """
    image = finite(numbers(image, "image"), "image")
    row, names = row_and_names(row, class_names)
    if image.ndim == 3 and image.shape[-1] == 1:
        image = image[..., 0]  # (height, width)
    in_colour = image.ndim == 3 and image.shape[-1] == 3
    if not (image.ndim == 2 or in_colour) or image.size == 0:
        raise ValueError(
            f"image: expected one image, (height, width, 1 or 3), got {image.shape}; "
            "take one of them: images[0]"
        )
    if alt is None:
        alt = f"An image, and the probability of each of {len(row)} classes: "
        alt += f"{100 * row.max():.1f} % for {names[row.argmax()]}"
    figure = DescribedFigure(alt, 8, 2.6)
    picture, stems = figure.subplots(1, 2, width_ratios=[1, 2.4])
    picture.imshow(image, cmap="gray")
    picture.axis("off")
    stems.stem(names, row, linefmt=COLOURS[0], basefmt="k-")
    stems.set(ylim=(0, 1.05), ylabel="probability")
    if max(map(len, names)) > SHORT:
        stems.set_xticks(range(len(names)), names, rotation=40, ha="right")
    stems.grid(alpha=0.3, axis="y")
    return figure
