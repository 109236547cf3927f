"""What the random changes take: a batch of images."""

from ..support.checks import numbers


def as_batch(images):
    """``images`` as an array (images, height, width, channels), or a ``ValueError``."""
    images = numbers(images, "images")
    if images.ndim != 4:
        raise ValueError(
            f"images: expected (images, height, width, channels), got {images.shape}; "
            "one image is image[None]"
        )
    return images
