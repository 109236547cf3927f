"""The maps of the chapter about Fashion-MNIST, on which a search over hyperparameters is read."""

import numpy as np

from cnncourse.chapters.fashion_mnist import accuracy_maps

RATES, SIZES = [0.01, 0.1, 1.0], [8, 128]
MAPS = {
    "few": np.array([[0.5, 0.2], [0.9, 0.7], [0.1, 0.8]]),
    "many": np.array([[0.6, 0.61], [0.5, 0.4], [0.3, 0.2]]),
}


def test_each_accuracy_stands_in_its_cell_on_one_scale():
    figure = accuracy_maps(MAPS, "learning rate", RATES, "batch size", SIZES, least=0.4)
    few, many, _ = figure.axes  # and the colour scale
    for ax, (title, table) in zip((few, many), MAPS.items(), strict=True):
        assert ax.get_title() == title
        assert ax.images[0].get_clim() == (0.4, 1)
        texts = {t.get_position(): float(t.get_text()) for t in ax.texts}
        assert texts == {(j, i): 100 * table[i, j] for i in range(3) for j in range(2)}
        assert [label.get_text() for label in ax.get_xticklabels()] == ["8", "128"]
        assert [label.get_text() for label in ax.get_yticklabels()] == ["0.01", "0.1", "1.0"]


def test_the_best_of_each_column_has_a_frame():
    figure = accuracy_maps(MAPS, "learning rate", RATES, "batch size", SIZES)
    for ax, rows in zip(figure.axes, ([1, 2], [0, 0]), strict=False):
        centres = [np.add(p.get_xy(), (p.get_width() / 2, p.get_height() / 2)) for p in ax.patches]
        np.testing.assert_allclose(centres, [[0, rows[0]], [1, rows[1]]], atol=0.02)
    assert (
        "few: accuracy from 10.0 to 90.0 %. Best learning rate at batch size 8: 0.1" in figure.alt
    )
    assert "at batch size 128: 1.0 (80.0 %). many: accuracy from 20.0 to 61.0 %" in figure.alt


def test_what_is_given_stays_as_it_is():
    table = [[0.5, 0.75]]
    figure = accuracy_maps({"one": table}, "depth", [1], "filters", [4, 8])
    assert table == [[0.5, 0.75]]
    assert repr(figure).endswith("Best depth at filters 4: 1 (50.0 %); at filters 8: 1 (75.0 %)>")
