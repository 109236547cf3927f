"""Movies of layers: every sum that stands under a picture is that of the layer."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cnncourse import Sequential, animations, layers
from cnncourse.plots.grids import short

RNG = np.random.default_rng(2)
IMAGE, KERNEL = RNG.integers(-2, 3, (3, 3, 2)), RNG.integers(-2, 3, (3, 2, 2, 2))
BIAS = np.array([1.0, -2.0])


def texts(figure):
    return [text.get_text() for ax in figure.axes for text in ax.texts]


def frames(figure):
    return [patch for ax in figure.axes for patch in ax.patches if not patch.get_fill()]


@pytest.mark.parametrize(("strides", "padding"), [(2, 1), (1, "same"), ((1, 2), "valid")])
def test_the_movie_computes_the_layer(strides, padding):
    layer = layers.Conv2D(2, (3, 2), strides=strides, padding=padding)
    model = Sequential([layer], IMAGE.shape, device="reference")
    model.set_weights([KERNEL, BIAS])
    (maps,) = np.asarray(model.forward(IMAGE[None]))
    movie = animations.convolution(IMAGE, KERNEL, BIAS, strides, padding)
    assert len(movie.figures) == maps[..., 0].size
    for figure, (i, j) in zip(movie.figures, np.ndindex(maps.shape[:2]), strict=True):
        for o in range(2):
            said = figure.alt.split(f"Map {o}: ")[1].split(". Map")[0]
            terms, total = said.replace("bias ", "").split(" = ")
            assert eval(terms) == float(total) == maps[i, j, o]
        shown = texts(figure)
        known = i * maps.shape[1] + j + 1
        for o in range(2):  # the map's values follow its title
            at = shown.index(f"map {o}") + 1
            assert shown[at : at + known] == [short(value) for value in maps[:, :, o].flat][:known]
        found = frames(figure)
        assert len(found) == 2 + 2  # in each channel and each map
        assert (found[0].get_width(), found[0].get_height()) == (2, 3)
    assert "2 filters of 3×2×2 with stride" in movie.alt


def test_padding_is_grey_and_all_that_windows_reach():
    movie = animations.convolution(np.ones((2, 2, 1)), np.ones((3, 3, 1, 1)), padding="same")
    grey = [p for p in movie.figures[0].axes[0].patches if p.get_facecolor()[:3] == (0.85,) * 3]
    assert len(grey) == 4 * 4 - 2 * 2


def test_what_is_no_layer_is_refused():
    with pytest.raises(ValueError, match=r"got \(3, 3, 2\) and \(3, 2, 1, 2\)"):
        animations.convolution(IMAGE, KERNEL[:, :, :1])
    with pytest.raises(ValueError, match=r"bias: expected one for each of 2 filters, .* \(3,\)"):
        animations.convolution(IMAGE, KERNEL, [1, 2, 3])
    with pytest.raises(ValueError, match="does not fit"):
        animations.convolution(IMAGE[:2], KERNEL)


@pytest.mark.parametrize(
    ("kind", "layer", "size", "strides", "padding"),
    [
        ("max", layers.MaxPooling2D, 2, None, "valid"),
        ("max", layers.MaxPooling2D, (2, 1), 1, (1, 0)),
        ("average", layers.AveragePooling2D, 3, 2, "same"),
    ],
)
def test_pooling_is_that_of_the_layer(kind, layer, size, strides, padding):
    image = RNG.integers(-3, 9, (3, 4))
    model = Sequential([layer(size, strides, padding)], (3, 4, 1), device="reference")
    expected = np.asarray(model.forward(image[None, ..., None]))[0, ..., 0]
    movie = animations.pooling(image, size, strides, padding, kind)
    assert len(movie.figures) == expected.size
    for figure, value in zip(movie.figures, expected.flat, strict=True):
        assert figure.alt.endswith(short(value))
        if kind == "average":
            assert eval(figure.alt.split(" = ")[0]) == pytest.approx(value)
        else:
            of = figure.alt.removeprefix("the largest of ").split(" is ")[0]
            assert max(map(float, of.split(", "))) == value
            window, winner = frames(figure)[:2]
            assert winner.get_width() == winner.get_height() == 1
            assert window.get_x() <= winner.get_x() < window.get_x() + window.get_width()
    shown = texts(movie.figures[-1])
    assert shown[-1 - expected.size : -1] == [short(value) for value in expected.flat]


def test_the_gradients_are_those_of_the_layer():
    image, kernel = RNG.integers(-2, 3, (4, 5)), RNG.integers(-2, 3, (2, 3))
    gradient = RNG.integers(-2, 3, (3, 3)).astype(float)
    layer = layers.Conv2D(1, (2, 3))
    model = Sequential([layer], (4, 5, 1), device="reference")
    model.set_weights([kernel[..., None, None], [0]])
    model.forward(image[None, ..., None])
    of_image = np.asarray(model.backward(gradient[None, ..., None]))[0, ..., 0]
    of_kernel = np.asarray(layer.gradients["kernel"])[..., 0, 0]
    movie = animations.convolution_gradient(image, kernel, gradient)
    assert len(movie.figures) == 9
    shown = texts(movie.figures[-1])
    for title, expected in ("the kernel", of_kernel), ("the image", of_image):
        at = shown.index(f"gradient of\n{title}")
        assert shown[at - expected.size : at] == [short(value) for value in expected.flat]
    first = texts(movie.figures[0])
    at = first.index("gradient of\nthe kernel")
    assert first[at - 6 : at] == [short(v) for v in (gradient[0, 0] * image[:2, :3]).flat]
    with pytest.raises(ValueError, match=r"gradient: expected the output's size, \(3, 3\)"):
        animations.convolution_gradient(image, kernel, gradient[1:])


def recorded(every=3):
    """A recorder of a short training, the model, and one that was trained without it."""
    rng = np.random.default_rng(0)
    images, labels = rng.random((40, 6, 6, 1)), rng.integers(0, 3, 40)
    recorder, models = animations.TrainingRecorder(images[0], every), []
    for callbacks in [recorder], []:
        chain = [layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(3, activation="softmax")]
        models.append(Sequential(chain, (6, 6, 1), seed=0))
        models[-1].compile("adam")
        models[-1].fit(images, labels, batch_size=4, epochs=2, verbose=0, callbacks=callbacks)
    return recorder, *models


def test_a_training_is_replayed_and_not_disturbed():
    recorder, model, plain = recorded()
    for ours, theirs in zip(model.get_weights(), plain.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)
    assert recorder.steps == [0, 3, 6, 9, 12, 15, 18]
    movie = recorder.movie(["a", "b", "c"], pictures=3)
    assert len(movie.figures) == 3
    for figure, k in zip(movie.figures, (0, 3, 6), strict=True):
        row = recorder.outputs[k]
        name, sure = "abc"[row.argmax()], 100 * row.max()
        assert figure.alt == f"step {recorder.steps[k]}: {name} ({sure:.0f} %)"
        shown = [ax.images[0].get_array() for ax in figure.axes[:4]]
        np.testing.assert_array_equal(shown, np.moveaxis(recorder.kernels[k][:, :, 0], -1, 0))
        bars = [bar.get_height() for bar in figure.axes[-2].patches]
        np.testing.assert_allclose(bars, row)
    assert movie.png() == recorded()[0].movie(["a", "b", "c"], pictures=3).png()


def test_nothing_recorded_makes_no_movie():
    with pytest.raises(ValueError, match="nothing was recorded yet"):
        animations.TrainingRecorder(np.ones((6, 6, 1))).movie()
    flat = Sequential([layers.Flatten(), layers.Dense(2)], (6, 6, 1))
    flat.compile("sgd", "euclidean")
    with pytest.raises(ValueError, match="the model has no convolution"):
        flat.fit(np.ones((2, 6, 6, 1)), [[0, 1]] * 2, verbose=0,
                 callbacks=[animations.TrainingRecorder(np.ones((6, 6, 1)))])  # fmt: skip


def test_a_strip_has_the_movies_pictures():
    movie = animations.pooling(np.arange(16).reshape(4, 4), 1)
    strip = movie.strip(count=4, columns=2)
    assert [movie.figures.index(figure) for figure in strip.figures] == [0, 5, 10, 15]
    sheet = Image.open(BytesIO(strip.png())).convert("RGB")
    wide, high = sheet.width // 2, sheet.height // 2
    assert sheet.width == 2 * strip.width <= 2000
    small = movie.figures[5].pixels().resize((wide, high), Image.Resampling.LANCZOS)
    part = sheet.crop((wide, 0, 2 * wide, high))
    assert np.abs(np.asarray(small, int) - np.asarray(part, int)).mean() < 1
    assert strip.alt.startswith("4 of 16 pictures. picture 1: the largest of 0 is 0")
    assert strip.png() == movie.strip(count=4, columns=2).png()
