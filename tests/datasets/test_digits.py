"""scikit-learn's digits as a small MNIST: the drawing, the variations, the two parts."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from cnncourse.datasets import digits

ORIGINALS = load_digits().images  # (1797, 8, 8)
LABELS = load_digits().target
FULL = np.full((8, 8), 16.0)  # a white square: its edges show where the drawing lies


@pytest.fixture(scope="module")
def data():
    return digits.load()


def test_what_is_given(data):
    assert data.name == "digits"
    assert data.class_names == tuple("0123456789")
    assert data.train.images.shape == (20_000, 28, 28, 1)
    assert data.test.images.shape == (450, 28, 28, 1)
    for split in (data.train, data.test):
        assert split.images.dtype == np.float32
        assert split.labels.dtype == np.int64
        assert split.images.min() == 0
        assert 0.99 < split.images.max() <= 1
        steps = split.images * np.float32(255)
        np.testing.assert_allclose(steps, np.rint(steps), atol=1e-4)  # 8 bits, as in MNIST


def test_the_test_part_is_every_fourth_image_unvaried(data):
    drawn = np.stack([digits.draw(original) for original in ORIGINALS[::4]])
    np.testing.assert_array_equal(data.test.images[..., 0] * 255, drawn)
    np.testing.assert_array_equal(data.test.labels, LABELS[::4])


def test_the_training_part_is_originals_each_with_its_variations(data):
    originals, labels = (np.delete(every, np.s_[::4], axis=0) for every in (ORIGINALS, LABELS))
    drawn = np.stack([digits.draw(original) for original in originals])
    images = np.rint(data.train.images[..., 0] * 255)
    # where the originals stand, unvaried and in their order
    starts = np.flatnonzero(np.diff(np.arange(20_000) * 1347 // 20_000, prepend=-1))
    assert len(starts) == 1347
    np.testing.assert_array_equal(images[starts], drawn)
    families = np.split(np.arange(20_000), starts[1:])
    assert {len(family) for family in families} == {14, 15}
    for family, label in zip(families, labels, strict=True):
        assert (data.train.labels[family] == label).all()
    # a variation is another picture, but of its own original: correlated with it far more
    # than pictures of different digits are
    for family in families[::50]:
        pictures = images[family].reshape(len(family), -1)
        assert (pictures[1:] != pictures[0]).any(axis=1).all()
    own = [np.corrcoef(images[f].reshape(len(f), -1))[0, 1:].mean() for f in families[::50]]
    assert np.mean(own) > 0.6


def test_no_image_is_in_both_parts(data):
    train = {image.tobytes() for image in data.train.images}
    test = {image.tobytes() for image in data.test.images}
    assert len(train) > 19_900  # else the sets would not tell images apart
    assert train.isdisjoint(test)


def test_the_same_every_time(data):
    assert digits.load() is data
    again = digits.load.__wrapped__()  # without the cache
    np.testing.assert_array_equal(again.train.images, data.train.images)
    np.testing.assert_array_equal(again.train.labels, data.train.labels)
    # and on every machine, but for roundings of single pixels
    assert data.train.images.mean() == pytest.approx(0.161338, abs=2e-5)


@pytest.mark.parametrize("part", ["train", "test"])
@pytest.mark.parametrize("field", ["images", "labels"])
def test_arrays_are_read_only(data, part, field):
    array = getattr(getattr(data, part), field)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_drawing_fills_the_middle_20_pixels():
    picture = digits.draw(FULL)
    assert picture.dtype == np.uint8
    assert picture.shape == (28, 28)
    assert (picture[5:23, 5:23] > 230).all()
    picture[3:25, 3:25] = 0  # the box, and one pixel around it that smoothing may touch
    assert picture.max() < 30
    # half white at the box's very edge, between pixels 3 and 4, and 23 and 24
    edge = digits.draw(FULL)[14].astype(int)
    assert edge[3] + edge[4] == pytest.approx(255, abs=25)
    assert edge[23] + edge[24] == pytest.approx(255, abs=25)


def test_shift_goes_down_and_to_the_right():
    picture = digits.draw(ORIGINALS[0]).astype(int)
    moved = digits.draw(ORIGINALS[0], shift=(2, -3)).astype(int)
    np.testing.assert_allclose(moved[2:, :-3], picture[:-2, 3:], atol=1)


def test_angle_goes_clockwise():
    picture = digits.draw(ORIGINALS[0]).astype(int)
    turned = digits.draw(ORIGINALS[0], angle=90).astype(int)
    np.testing.assert_allclose(turned, np.rot90(picture, k=-1), atol=1)


def test_scale_is_of_the_sides():
    areas = [digits.draw(FULL, scale=scale).mean() for scale in (1, 1.1)]
    assert areas[1] / areas[0] == pytest.approx(1.1**2, rel=0.02)


def test_grey_values_are_kept():
    # not those of FULL, whose overshoot beyond white is cut off
    half, quarter = digits.draw(FULL / 2).mean(), digits.draw(FULL / 4).mean()
    assert half / quarter == pytest.approx(2, rel=0.01)
    assert half == pytest.approx(20 * 20 / 28**2 * 255 / 2, rel=0.03)
