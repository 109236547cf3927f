"""Building a CNN: what its exercises count, and the drawings."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.chapters.building_a_cnn import exercises, hierarchy, pixels
from cnncourse.networks import ntnu, postech


def averaged():
    chain = postech().layers[:4]
    return Sequential([*chain, layers.GlobalAveragePooling2D(), layers.Dense(10)], (28, 28, 1))


def test_the_parameters_that_are_left_are_those_of_the_network():
    assert averaged().count_params() == exercises.averaged()


def test_pixels_shows_a_part_with_its_values():
    image = np.zeros((28, 28, 1))
    image[5, 9] = 0.25
    figure = pixels(image, top=4, left=8)
    whole, close = figure.axes
    shown = {text.get_position(): text.get_text() for text in close.texts}
    assert len(shown) == 144 and shown[9, 5] == "25" and shown[8, 4] == "0"
    assert whole.patches[0].get_xy() == (7.5, 3.5)
    assert "rows 4 to 15 and columns 8 to 19 with their values, from 0 to 25" in figure.alt
    for top, shape in (17, (28, 28)), (-1, (28, 28)), (0, (28, 28, 3)):
        with pytest.raises(ValueError, match="leave|expected one of"):
            pixels(np.zeros(shape), top, 0)


def test_hierarchy_lights_the_receptive_fields():
    figure = hierarchy(ntnu(), np.ones((28, 28, 1)))
    bright = [int((ax.images[0].get_array() > 0.5).sum()) for ax in figure.axes]
    assert bright == [3 * 3, 8 * 8, 18 * 18]
    assert figure.alt.endswith("conv2d_1: 3×3; conv2d_2: 8×8; conv2d_3: 18×18")
