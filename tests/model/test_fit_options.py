"""What `fit` takes beside images and labels: each option beside the same done by hand."""

import re

import numba
import numpy as np
import pytest
from small_models import everything, same_weights, small, small_batch

from cnncourse import (
    Sequential,
    augmentation,
    callbacks,
    layers,
    losses,
    optimizers,
    to_categorical,
)

X, Y = small_batch(40)


def compiled(make=small, **options):
    model = make(**options)
    model.compile(optimizers.SGD(0.1))
    return model


# A share held out


@pytest.mark.parametrize("weights", [None, np.arange(40.0)])
def test_the_last_share_is_held_out(weights):
    one, other = compiled(), compiled()
    history = one.fit(X, Y, epochs=2, validation_split=0.3, sample_weight=weights, verbose=0)
    rest = () if weights is None else (weights[28:],)
    train = None if weights is None else weights[:28]
    pair = X[28:], Y[28:], *rest
    expected = other.fit(
        X[:28], Y[:28], epochs=2, validation_data=pair, sample_weight=train, verbose=0
    )
    assert history == expected
    assert same_weights(one, other)


def test_labels_in_the_order_of_their_classes_are_noticed(capsys):
    order = np.argsort(Y)
    compiled().fit(X[order], Y[order], validation_split=0.1, verbose=0)
    assert "shuffle them first" in capsys.readouterr().out
    one_hot = to_categorical(Y[order], 3)
    compiled().fit(X[order], one_hot, validation_split=0.1, verbose=0)
    assert "shuffle them first" in capsys.readouterr().out
    compiled().fit(X, Y, validation_split=0.3, verbose=0)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"validation_split": 1.0},
            "validation_split must be a finite number above 0",
        ),
        ({"validation_split": -0.1}, "got -0.1"),
        ({"validation_split": "a tenth"}, "got 'a tenth'"),
        ({"validation_split": np.nan}, "got nan"),
        ({"validation_split": 0.99}, "leaves 0 of 40 images to train on"),
        ({"validation_split": 0.1, "validation_data": (X, Y)}, "not both"),
        ({"sample_weight": np.ones(39)}, r"sample_weight: expected .* 40 images, \(40,\), got"),
        ({"sample_weight": -np.ones(40)}, "sample_weight: expected numbers from 0 on, got -1"),
        ({"sample_weight": np.full(40, np.nan)}, "sample_weight must be finite"),
        ({"sample_weight": ["much"] * 40}, "sample_weight must be an array of numbers"),
        ({"class_weight": {3: 1.0}}, "expected class numbers from 0 to 2, got 3"),
        ({"class_weight": {0: -1.0}}, r"class_weight\[0\] must be a finite number from 0 on"),
        ({"class_weight": {"cat": 1.0}}, "class_weight: a class number must be a whole number"),
        ({"class_weight": [1, 2, 3]}, "class_weight must be a dict"),
        ({"verbose": 3}, "verbose must be 0"),
        ({"verbose": "loud"}, "verbose must be 0"),
        ({"augment": 2}, "augment must be a function"),
        ({"augment": lambda images, rng: images[:, 1:]}, "augment: expected images"),
        ({"initial_epoch": -1}, "initial_epoch must be at least 0"),
        ({"epochs": 0}, "epochs must be at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused_and_the_model_stays(options, message):
    model = compiled()
    before, history = model.get_weights(), model.history
    with pytest.raises((ValueError, TypeError), match=message):
        model.fit(X, Y, **{"verbose": 0, **options})
    assert same_weights(model, before)
    assert model.history is history or not model.history


# Weights


def test_a_weight_of_two_is_as_good_as_an_image_twice():
    one, other = compiled(), compiled()
    weights = 1.0 + (np.arange(40) % 2)
    twice = np.repeat(np.arange(40), weights.astype(int))
    one.train_on_batch(X, Y, sample_weight=weights)
    other.optimizer.learning_rate = 0.1 * len(twice) / 40  # Keras divides by the images
    other.train_on_batch(X[twice], Y[twice])
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-6)


@pytest.mark.parametrize("labels", [Y, to_categorical(Y, 3)])
def test_class_weights_are_weights_of_the_images(labels):
    by_class = {0: 0.5, 2: 3.0}
    weights = np.array([0.5, 1.0, 3.0])[Y]
    one, other = compiled(), compiled()
    one.fit(X, labels, class_weight=by_class, epochs=2, verbose=0)
    other.fit(X, labels, sample_weight=weights, epochs=2, verbose=0)
    assert same_weights(one, other)
    assert one.evaluate(X, labels, sample_weight=weights) == other.evaluate(
        X, labels, None, 0, weights
    )
    both = compiled()
    both.fit(X, labels, class_weight=by_class, sample_weight=1 / weights, epochs=2, verbose=0)
    plain = compiled()
    plain.fit(X, labels, epochs=2, verbose=0)
    for a, b in zip(both.get_weights(), plain.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-5)


def test_balanced_classes_are_those_of_scikit_learn():
    from sklearn.utils.class_weight import compute_sample_weight

    one, other = compiled(), compiled()
    one.fit(X, Y, class_weight="balanced", verbose=0)
    other.fit(X, Y, sample_weight=compute_sample_weight("balanced", Y), verbose=0)
    assert same_weights(one, other)


@pytest.mark.parametrize("units", [1, 2])
def test_two_classes_by_one_probability_or_by_two(units):
    labels = (Y > 0).astype(int)
    activation, loss = {1: ("sigmoid", "binary_crossentropy"), 2: ("softmax", None)}[units]

    def fresh():
        chain = [layers.Flatten(), layers.Dense(units, activation=activation)]
        model = Sequential(chain, (8, 7, 2), seed=0)
        model.compile("sgd", loss or "softmax_cross_entropy")
        return model

    weighted, by_hand = fresh(), fresh()
    weighted.fit(X, labels, class_weight={1: 5.0}, verbose=0)
    by_hand.fit(X, labels, sample_weight=np.where(labels, 5.0, 1.0), verbose=0)
    assert same_weights(weighted, by_hand)


@pytest.mark.parametrize("loss", [losses.Euclidean(), losses.SigmoidCrossEntropy()])
def test_where_there_are_no_classes_class_weights_are_refused(loss):
    model = Sequential([layers.Flatten(), layers.Dense(3)], (8, 7, 2), seed=0)
    model.compile("sgd", loss)
    with pytest.raises(ValueError, match="has no classes to weigh; give sample_weight"):
        model.fit(X, to_categorical(Y, 3), class_weight={0: 2.0}, verbose=0)


@pytest.mark.parametrize("device", ["cpu", "reference"])
@pytest.mark.parametrize(
    ("loss", "activation"),
    [
        ("softmax_cross_entropy", "softmax"),
        ("softmax_cross_entropy", None),
        ("sigmoid_cross_entropy", "sigmoid"),
        ("euclidean", None),
    ],
)
def test_the_gradient_of_the_weighted_loss(loss, activation, device):
    """Beside differences of the loss itself: ``Σ weight · loss / N``."""
    model = Sequential(
        [layers.Flatten(), layers.Dense(3, activation=activation)], (8, 7, 2), 0, "reference"
    )
    model.compile("sgd", loss)
    weights = np.random.default_rng(1).uniform(0, 3, 6)
    x, y = X[:6], to_categorical(Y[:6], 3)

    def value():
        return model.loss(model.scores(x, training=True), y, sample_weight=weights)

    value()
    model.backward(model.loss.gradient())
    kernel, gradient = (
        held["kernel"] for held in (model.layers[1].parameters, model.layers[1].gradients)
    )
    for place in [(0, 0), (50, 1), (111, 2)]:
        kept, step, ends = kernel[place], 1e-5, []
        for sign in 1, -1:
            kernel[place] = kept + sign * step
            ends.append(value())
        kernel[place] = kept
        assert gradient[place] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-8)


# What is said


def test_two_is_a_line_an_epoch_and_nought_is_silence(capsys):
    compiled().fit(X, Y, epochs=2, verbose=2, validation_data=(X, Y))
    lines = capsys.readouterr().out.splitlines()
    form = r"epoch {}/2: 2 steps, \d+\.\d s, loss \d.* \(val .*\), accuracy .* \(val .*\)"
    assert len(lines) == 2
    assert all(re.fullmatch(form.format(k + 1), line) for k, line in enumerate(lines))
    compiled().fit(X, Y, verbose=0)
    assert capsys.readouterr().out == ""


def test_the_bar_says_how_long_all_epochs_will_take(capsys):
    compiled().fit(X, Y, epochs=3, verbose=1, batch_size=1)
    assert re.search(r"epoch 2/3, [\d.]+ \w+ left:", capsys.readouterr().out)


def test_the_bar_says_that_kernels_are_compiled(capsys):
    def compile_one(batch, logs):
        if batch == 0:
            numba.njit(lambda number: number + 1)(1)

    model = compiled()
    watcher = callbacks.LambdaCallback(on_train_batch_begin=compile_one)
    model.fit(X, Y, 10, verbose=1, callbacks=[watcher])
    lines = [line for line in re.split(r"[\r\n]+", capsys.readouterr().out) if line.strip()]
    assert any(line.startswith("epoch 1/1, compiling (this once):") for line in lines)
    assert lines[-1].startswith("epoch 1/1: ")


def test_epochs_are_counted_from_the_initial_one():
    seen = []
    history = compiled().fit(
        X,
        Y,
        epochs=5,
        initial_epoch=3,
        callbacks=[lambda epoch, logs: seen.append(epoch)],
        verbose=0,
    )
    assert seen == history.epoch == [3, 4]


# Changed images


def test_images_are_changed_anew_each_time_and_the_same_by_the_seed():
    seen = []

    def noting(images, rng):
        changed = augmentation.random_shift(images, 1, rng)
        seen.append(changed)
        return changed

    models = [compiled(seed=7) for _ in range(2)]
    for model in models:
        model.fit(X, Y, epochs=2, batch_size=20, augment=noting, shuffle=False, verbose=0)
    assert same_weights(*models)
    assert all(np.array_equal(a, b) for a, b in zip(seen[:4], seen[4:], strict=True))
    assert not np.array_equal(seen[0], seen[2])  # the same images in the next epoch
    compiled(seed=8).fit(X, Y, batch_size=20, augment=noting, shuffle=False, verbose=0)
    assert not np.array_equal(seen[8], seen[0])


def test_changed_images_beside_a_loop_of_ones_own():
    one, other = compiled(), compiled()

    def brighter(images, rng):
        return images * rng.uniform(0.5, 1.5, (len(images), 1, 1, 1))

    one.fit(X, Y, batch_size=10, augment=brighter, shuffle=False, verbose=0)
    seed = int(np.random.default_rng(np.random.SeedSequence(0).spawn(3)[2]).integers(2**63))
    for number in range(4):
        part = slice(10 * number, 10 * number + 10)
        other.train_on_batch(brighter(X[part], np.random.default_rng([seed, number])), Y[part])
    assert same_weights(one, other)


def test_validation_images_are_left_alone():
    model = compiled()
    blank = model.fit(
        X, Y, augment=lambda images, rng: 0 * images, validation_data=(X, Y), verbose=0
    )
    assert blank["val_loss"][0] == pytest.approx(model.evaluate(X, Y)[0], rel=1e-6)


# Frozen layers


def test_a_frozen_layer_stays_and_the_others_learn():
    model = compiled(everything)
    frozen, free = model.layers[0], model.layers[-1]
    frozen.trainable = False
    before = frozen.get_weights(), free.get_weights()
    model.fit(X, Y, epochs=2, verbose=0)
    assert same_weights(frozen, before[0])
    assert not same_weights(free, before[1])
    assert frozen.gradients == {}
    frozen.trainable = True
    model.fit(X, Y, verbose=0)
    assert not same_weights(frozen, before[0])


@pytest.mark.parametrize("fuse", [True, False])
@pytest.mark.parametrize("frozen", [0, 1, 7, 8])
def test_the_others_learn_as_beside_a_layer_that_is_put_back(frozen, fuse):
    """A frozen layer's weights are constants: freezing is setting them back after each step."""
    one, other = compiled(everything, fuse=fuse), compiled(everything, fuse=fuse)
    one.layers[frozen].trainable = False
    if frozen == 1:  # frozen, normalisation goes by its running statistics
        other.layers[1].forward = lambda x, training=False: type(other.layers[1]).forward(
            other.layers[1], x, False
        )
    kept = other.layers[frozen].get_weights()
    for _ in range(3):
        one.train_on_batch(X, Y)
        other.train_on_batch(X, Y)
        other.layers[frozen].set_weights(kept)
        assert one.layers[frozen].gradients == {}
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-6)


@pytest.mark.parametrize("fuse", [True, False])
def test_a_frozen_front_is_not_gone_back_through(fuse):
    model = compiled(fuse=fuse)
    for layer in model.layers[:-1]:
        layer.trainable = False
    gone_through = []
    model.train_on_batch(X, Y)
    for step in model._ran:
        usual = step.backward
        step.backward = lambda *given, usual=usual, step=step: (
            gone_through.append((step, *given[1:])) or usual(*given)
        )
    model.backward(model.loss.gradient(), need_input_gradient=False)
    assert [needed for _, needed in gone_through] == [False]  # the last layer, without its input's
    assert model.backward(model.loss.gradient()).shape == X.shape  # but all the way if asked to


def test_frozen_layers_in_the_summary_and_in_the_file(tmp_path, capsys):
    model = compiled(everything)
    model.layers[0].trainable = model.layers[1].trainable = False
    model.summary()
    text = capsys.readouterr().out
    assert "conv2d_1 (Conv2D), frozen" in text
    frozen = model.layers[0].count_params() + model.layers[1].count_params()
    assert f"Non-trainable params: {frozen:,}" in text
    model.save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    assert [layer.trainable for layer in loaded.layers] == [False] * 2 + [True] * 7


def test_a_model_that_is_frozen_wholly_is_not_trained():
    model = compiled()
    for layer in model.layers:
        layer.trainable = False
    with pytest.raises(ValueError, match="all layers that could learn are frozen"):
        model.fit(X, Y, verbose=0)
    with pytest.raises(ValueError, match="all layers that could learn are frozen"):
        model.train_on_batch(X, Y)
    with pytest.raises(TypeError, match="trainable must be True or False, got 'no'"):
        model.layers[0].trainable = "no"
