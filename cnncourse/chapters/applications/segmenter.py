"""A U-shaped network that gives each pixel a class.

As in Chaurasia & Culurciello, *LinkNet*, 2017, a skip connection adds the maps of the way down to
those of the way up; in U-Net (Ronneberger and others, 2015) it puts them side by side.
"""

from ... import Sequential, layers
from .blocks import conv


def network(classes=8, skips=True, seed=0):
    """The segmenter for images whose sides 4 divides, not yet trained.

    Gives (images, height, width, 1 + classes): probabilities of the background and of the classes.
    ``skips``: whether it has skip connections; without them it has the same weights.

    >>> network().count_params() == network(skips=False).count_params()
    True
    """

    def level(*chain):
        """Half as high and wide, the ``chain``, and as large as before."""
        inner = [layers.MaxPooling2D(2), *chain, layers.UpSampling2D(2)]
        return [layers.Residual(inner)] if skips else inner

    lowest = level(*conv(48), *conv(48), *conv(32))
    middle = level(*conv(32), *lowest, *conv(16))
    chain = [*conv(16), *middle, *conv(16), layers.Conv2D(1 + classes, 1, activation="softmax")]
    return Sequential(chain, input_shape=(64, 64, 3), seed=seed)
