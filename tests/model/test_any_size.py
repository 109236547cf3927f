"""Images of another height and width than the model was built for."""

import numpy as np
import pytest

from cnncourse import Sequential, datasets, explanations, layers, losses
from cnncourse.support.rounding import gamma

BUILT = (10, 9, 2)
SIZES = [(10, 9), (11, 14), (7, 8), (23, 6)]


def maps():
    """Every kind of layer that takes any size, and fused steps of every kind."""
    return [
        layers.Conv2D(4, 3, activation="relu"),
        layers.MaxPooling2D(2, padding="same"),
        layers.Conv2D(4, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.UpSampling2D(2),
        layers.Conv2DTranspose(3, 2, strides=2, activation="tanh"),
        layers.LayerNormalization(),
        layers.AveragePooling2D(2),
        layers.LpPooling2D(2, strides=1, padding="same"),
        layers.Dropout(0.3),
        layers.Conv2D(3, 1),
    ]


def classifier():
    return [*maps(), layers.GlobalAveragePooling2D(), layers.Dense(3, activation="softmax")]


def model_of(chain, device="cpu", **options):
    model = Sequential(chain, BUILT, seed=0, device=device, **options)
    rng = np.random.default_rng(0)
    model.set_weights([w + rng.uniform(0.1, 0.3, w.shape) for w in model.get_weights()])
    return model


def images(size, count=5, seed=1):
    return np.random.default_rng(seed).standard_normal((count, *size, 2))


def by_hand(model, x):
    """One layer after the other, in the layers' own words."""
    for layer in model.layers:
        x = layer(x)
    return np.asarray(x)


@pytest.mark.parametrize("device", ["cpu", "reference", "cuda"])
@pytest.mark.parametrize("chain", [maps, classifier], ids=lambda chain: chain.__name__)
def test_outputs_are_those_of_the_layers_run_by_hand(chain, device):
    sizes = SIZES[1:2] if device == "cuda" else SIZES
    for size in sizes:
        model = model_of(chain(), device)
        x = images(size, count=1 if device == "cuda" else 5)
        expected = by_hand(model, x)
        model.predict(images(BUILT[:2], count=1))  # what the built size leaves behind
        tolerance = 0 if device == "cuda" else 20 * gamma(60) * np.abs(expected).max()
        for found in model.predict(x), np.asarray(model(x)):
            assert found.shape == expected.shape
            assert np.abs(found - expected).max() <= tolerance
        assert model.input_shape == BUILT


def test_fused_steps_are_chosen_for_the_images_that_come():
    """A pooling whose windows lie side by side on one size reaches beyond the edge of another."""
    chain = [layers.Conv2D(4, 3, padding="same"), layers.MaxPooling2D(2, padding="same")]
    model = Sequential([*chain, layers.ReLU()], (8, 8, 2), seed=0)
    for size in (8, 8), (7, 9), (8, 8):
        x = images(size)
        expected = by_hand(model, x)
        assert np.allclose(model.predict(x), expected, atol=1e-5)
        assert np.allclose(model.forward(x, training=True), expected, atol=1e-5)
        gradient = np.random.default_rng(2).random(expected.shape)
        back = model.backward(gradient)
        unfused = Sequential(model.layers, (8, 8, 2), fuse=False)
        unfused.forward(x, training=True)
        assert np.allclose(back, unfused.backward(gradient), atol=1e-5)


def test_the_table_stays_that_of_the_built_size(capsys):
    model = model_of(classifier())
    model.summary()
    before = capsys.readouterr().out
    model.predict(images((30, 31)))
    model.summary()
    assert capsys.readouterr().out == before


def test_it_trains_on_another_size(tmp_path):
    """... as a model that was built for that size, with the same weights, does."""
    size, labels = (14, 12), np.arange(5) % 3
    models = model_of(classifier()), Sequential(classifier(), (*size, 2), seed=0)
    models[1].set_weights(models[0].get_weights())
    for model in models:
        model.compile("adam")
    for _ in range(2):
        figures = [
            m.fit(
                images(size),
                labels,
                epochs=2,
                verbose=0,
                validation_data=(images(BUILT[:2]), labels),
            )
            for m in models
        ]
        assert figures[0] == figures[1]
    assert all(map(np.array_equal, *(m.get_weights() for m in models)))
    assert models[0].evaluate(images(size), labels) == models[1].evaluate(images(size), labels)
    models[0].save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    assert np.array_equal(loaded.predict(images(size)), models[0].predict(images(size)))


def test_maps_train_in_a_loop_of_ones_own():
    model = model_of([layers.Conv2D(3, 3, padding="same")])
    x, labels = images((6, 5)), np.arange(5 * 6 * 5) % 3
    loss = losses.SoftmaxCrossEntropy()
    scores = np.asarray(model(x, training=True)).reshape(-1, 3)  # (N · H · W, classes)
    loss(scores, labels)
    assert model.backward(loss.gradient().reshape(5, 6, 5, 3)).shape == x.shape


class Folder(datasets.batches.Batches):
    """Batches of images of one size."""

    max_value = 1.0

    def __init__(self, size):
        self.image_shape = (*size, 2)
        self.x, self.all_labels = images(size), np.arange(5) % 3

    def __len__(self):
        return 1

    def __iter__(self):
        yield self.x, self.all_labels

    def ordered(self, steps=None):
        return iter(self)


def test_a_source_of_batches_may_be_of_another_size():
    model = model_of(classifier())
    assert np.array_equal(model.predict(Folder((13, 12))), model.predict(images((13, 12))))
    flat = model_of([layers.Flatten()])  # its outputs are as many as the images' values
    flat.compile(loss=losses.Euclidean())
    size = (4, 3)
    source = Folder(size)
    source.all_labels = images(size, seed=2).reshape(5, -1)
    expected = flat.evaluate(source.x, source.all_labels)
    assert flat.evaluate(source) == expected


@pytest.mark.parametrize("call", ["predict", "forward", "__call__"])
def test_the_layer_that_ties_the_size_is_named(call):
    chain = [layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(3)]
    model = Sequential(chain, BUILT, seed=0)
    before = model.get_weights()
    message = (
        r"conv2d_1 \(Conv2D\): expected images \(images, 10, 9, 2\), got \(images, 11, 9, 2\), "
        r"which not all layers take: dense_1 \(Dense\): expected 224 features.*got 252"
    )
    with pytest.raises(ValueError, match=message):
        getattr(model, call)(images((11, 9)))
    assert all(map(np.array_equal, before, model.get_weights()))
    normalised = Sequential([layers.Flatten(), layers.BatchNormalization()], BUILT)
    with pytest.raises(ValueError, match=r"batch_normalization_1 .*expected 180 .*got 162"):
        getattr(normalised, call)(images((9, 9)))


def test_what_is_refused_as_ever():
    model = model_of(classifier())
    with pytest.raises(ValueError, match=r"expected images \(images, 10, 9, 2\).*convert their"):
        model.predict(images(BUILT[:2])[..., :1])
    with pytest.raises(ValueError, match=r"a single image is image\[None\]"):
        model.predict(images(BUILT[:2])[0])
    with pytest.raises(ValueError, match=r"which not all layers take: conv2d_1.*does not fit"):
        model.predict(images((2, 9)))
    with pytest.raises(ValueError, match="at least one image"):
        model.predict(images((12, 12), count=0))
    with pytest.raises(ValueError, match=r"expected images \(images, 10, 9, 2\)"):
        explanations.saliency(model, images((12, 12)))  # is drawn on the built size


def test_rows_of_as_many_values_in_another_order_are_refused():
    """... by the layer that makes them, inside of a block, too."""
    rows = [layers.Flatten(), layers.Dense(24)]
    for chain in ([layers.Flatten()], [layers.Residual(rows, shortcut=layers.Flatten())]):
        model = Sequential(chain, (4, 3, 2), seed=0)
        with pytest.raises(ValueError, match=r"flatten_\d .*maps of 4×3×2.* got 3×4×2"):
            model.predict(np.zeros((1, 3, 4, 2)))
