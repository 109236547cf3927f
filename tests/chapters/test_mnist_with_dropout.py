"""The drawings of the chapter about MNIST with dropout, and what its exercises count."""

import numpy as np

from cnncourse import Sequential, layers
from cnncourse.chapters.mnist_with_dropout import bars_by_class, before_and_after, exercises


def test_the_padded_network_has_so_many_parameters():
    first, second = (layers.Conv2D(filters, 3, padding=1) for filters in (32, 64))
    chain = [first, second, layers.MaxPooling2D(2), layers.Flatten()]
    model = Sequential([*chain, layers.Dense(128), layers.Dense(10)], (28, 28, 1))
    assert model.count_params() == exercises.padded_parameters()


def test_bars_are_as_high_as_the_shares():
    figure = bars_by_class({"a": [0.2, 0.8], "b": [0.5, 0.5]}, ["cat", "dog"], "images")
    (ax,) = figure.axes
    assert [bar.get_height() for bar in ax.patches] == [20, 80, 50, 50]
    left, right = ax.patches[0], ax.patches[2]  # of the same class, side by side
    assert np.isclose(left.get_x() + left.get_width(), right.get_x())
    assert [label.get_text() for label in ax.get_xticklabels()] == ["cat", "dog"]
    assert ax.get_legend() and not bars_by_class({"a": [1]}, ["cat"], "x").axes[0].get_legend()


def test_before_and_after_share_a_scale():
    before, after = np.full((3, 3, 2), 0.5), np.stack([np.eye(3), -2 * np.eye(3)], axis=-1)
    figure = before_and_after(before, after, "filter")
    images = [ax.images[0] for ax in figure.axes if ax.images]
    assert len(images) == 4
    assert {image.get_clim() for image in images} == {(-2, 2)}
    np.testing.assert_array_equal(images[3].get_array(), after[..., 1])
    assert "−2.00" in figure.alt
