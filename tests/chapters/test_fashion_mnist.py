"""The drawing of the chapter about Fashion-MNIST."""

import numpy as np

from cnncourse.chapters.fashion_mnist import confusion_change


def test_the_change_is_written_into_its_cells():
    before, after = np.array([[90, 7, 3], [5, 80, 0], [0, 0, 9]]), np.eye(3, dtype=int)
    after[0, 1], after[2, 0] = 9, 4
    figure = confusion_change(before, after, ["a", "b", "c"])
    (ax,) = figure.axes
    texts = {(t.get_position()[1], t.get_position()[0]): t.get_text() for t in ax.texts}
    assert texts == {(0, 1): "+2", (0, 2): "−3", (1, 0): "−5", (2, 0): "+4"}
    assert ax.images[0].get_clim() == (-5, 5)
    assert "15 before, 13 after. Fewer: b taken for a −5, a taken for c −3. More: c " in figure.alt
    assert before[0, 0] == 90  # what is given stays as it is
    assert "Fewer" not in confusion_change(before, before, ["a", "b", "c"]).alt
