"""The model: tables, training, use, and bad input that leaves it as it was."""

import re

import numpy as np
import pytest
from numba import set_num_threads
from small_models import same_weights, small, small_batch

from cnncourse import Sequential, layers, losses, optimizers, use_device
from cnncourse.networks import tutorial

X, Y = small_batch(60)


def compiled(**options):
    model = small(**options)
    model.compile()
    return model


# The documents' tables


def test_the_tutorials_three_tables(capsys):
    def rows(model):
        model.summary()
        lines = capsys.readouterr().out.splitlines()
        body = [line.split("(None, ") for line in lines if "(None" in line]
        table = [(name.split()[0], *rest.replace(",", "").split(")")) for name, rest in body]
        assert lines[-1] == "Non-trainable params: 0"
        assert lines[-2].split(": ")[1] == lines[-3].split(": ")[1]
        return [(n, s, int(c)) for n, s, c in table], lines[-3]

    model = Sequential(input_shape=(28, 28, 1), seed=0)
    model.add(layers.Conv2D(32, (5, 5), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    first = [("conv2d_1", "24 24 32", 832), ("max_pooling2d_1", "12 12 32", 0)]
    assert rows(model) == (first, "Total params: 832")

    model.add(layers.Conv2D(64, (5, 5), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    second = [("conv2d_2", "8 8 64", 51264), ("max_pooling2d_2", "4 4 64", 0)]
    assert rows(model) == (first + second, "Total params: 52,096")

    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    third = [("flatten_1", "1024", 0), ("dense_1", "10", 10250)]
    assert rows(model) == (first + second + third, "Total params: 62,346")
    assert model.count_params() == 62346


# Training


def test_training_learns():
    model = compiled()
    model.optimizer = optimizers.SGD(0.1)
    history = model.fit(X, Y, batch_size=10, epochs=60, verbose=False)
    assert history["loss"][0] > 1
    assert history["loss"][-1] < 0.05
    assert model.evaluate(X, Y)[1] == 1


def test_one_step_is_the_gradient_times_the_learning_rate():
    model = compiled(device="reference")
    before = model.get_weights()
    outputs = model(X, training=True)
    loss = losses.SoftmaxCrossEntropy(from_logits=False)
    value = loss(outputs, Y)
    model.backward(loss.gradient())
    steps = [g for layer in model.layers for g in map(layer.gradients.get, layer.parameters)]
    assert model.train_on_batch(X, Y) == pytest.approx(value, rel=1e-12)
    for old, step, new in zip(before, steps, model.get_weights(), strict=True):
        assert np.allclose(new, old - 0.01 * step, rtol=1e-9, atol=1e-15)


def test_a_final_softmax_and_none_train_alike():
    with_softmax, without = compiled(), compiled()
    without.layers[-1].activation = None
    history = [
        model.fit(X, Y, batch_size=7, epochs=2, verbose=False) for model in (with_softmax, without)
    ]
    assert history[0] == history[1]
    assert same_weights(with_softmax, without)
    assert np.allclose(with_softmax.predict(X).sum(axis=1), 1)


def test_history_has_a_number_an_epoch(capsys):
    model = compiled()
    history = model.fit(X, Y, batch_size=25, epochs=3, validation_data=(X[:9], Y[:9]))
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"}
    assert all(len(figures) == 3 for figures in history.values())
    loss, accuracy = model.evaluate(X[:9], Y[:9], batch_size=4)
    assert history["val_loss"][-1] == pytest.approx(loss, rel=1e-6)
    assert history["val_accuracy"][-1] == accuracy
    last = capsys.readouterr().out.splitlines()[-1].split("\r")[-1]
    assert re.match(r"epoch 3/3: 3/3 \|█████\|, \d+\.\d s, loss ", last)
    assert f"(val {accuracy:.2%})" in last


def test_the_first_epochs_loss_is_weighted_by_the_batches_sizes():
    model = compiled()
    model.optimizer.learning_rate = 1e-12  # so that the weights stay
    expected, accuracy = model.evaluate(X, Y)
    history = model.fit(X, Y, batch_size=7, verbose=False)
    assert history["loss"][0] == pytest.approx(expected, rel=1e-6)
    assert history["accuracy"][0] == accuracy


def test_fit_without_shuffling_takes_the_images_in_order():
    one, other = compiled(), compiled()
    one.fit(X, Y, batch_size=20, shuffle=False, verbose=False)
    for start in (0, 20, 40):
        other.train_on_batch(X[start : start + 20], Y[start : start + 20])
    assert same_weights(one, other)


def test_same_seed_same_bits_whatever_the_threads():
    weights = []
    for threads in (1, 2, 2):
        set_num_threads(min(threads, 2))
        model = tutorial(seed=5)
        model.compile()
        images = np.random.default_rng(0).random((130, 28, 28, 1), np.float32)
        model.fit(images, np.arange(130) % 10, batch_size=50, verbose=False)
        weights.append(model.get_weights())
    assert same_weights(weights[0], weights[1])
    assert same_weights(weights[1], weights[2])
    assert not same_weights(small(seed=1), small(seed=2))


def test_the_devices_agree():
    on_cpu, on_reference = compiled(), compiled(device="reference")
    one, other = (m.fit(X, Y, epochs=2, verbose=False) for m in (on_cpu, on_reference))
    assert np.allclose(one["loss"], other["loss"], rtol=1e-5)
    assert np.allclose(on_cpu.predict(X), on_reference.predict(X), atol=1e-5)
    assert on_reference.predict(X).dtype == np.float64


def test_a_model_moves_between_devices():
    model = compiled()
    expected = model.predict(X)
    assert np.allclose(model.to("reference").predict(X), expected, atol=1e-6)
    assert np.array_equal(model.to("cpu").predict(X), expected)


def test_use_device_chooses_for_all_that_follows():
    try:
        use_device("reference")
        assert small().backend.name == "reference"
    finally:
        use_device("cpu")
    assert small().backend.name == "cpu"
    with pytest.raises(
        ValueError, match="no device 'abacus'; choose one of cpu, cuda, reference or auto"
    ):
        use_device("abacus")


def test_predictions_do_not_hang_on_the_batch_size():
    model = small()
    assert np.array_equal(model.predict(X, batch_size=60), model.predict(X, batch_size=7))


def test_images_may_be_of_any_number_type():
    model = small()
    pixels = np.random.default_rng(0).integers(0, 256, X.shape, np.uint8)
    assert np.array_equal(model.predict(pixels), model.predict(pixels.astype(np.float64)))


def test_shapes_may_come_from_the_first_images():
    model = Sequential([layers.Flatten(), layers.Dense(3)], seed=0)
    model.compile()
    model.fit(X, Y, verbose=False)
    assert model.input_shape == (8, 7, 2)
    assert model.layers[-1].input_shape == (112,)


def test_layers_may_be_shared_by_two_models():
    model = small()
    features = Sequential(model.layers[:2], input_shape=(8, 7, 2))
    expected = model.layers[1](model.layers[0](X))
    assert np.array_equal(features.predict(X), expected)


def test_set_weights_of_the_whole_model():
    one, other = small(seed=1), small(seed=2)
    other.set_weights(one.get_weights())
    assert same_weights(one, other)


# Bad input: what was expected, what came, what to do; the model as it was


def reject(call, error, message):
    """``call(model)`` raises, and weights and order of images stay as they were."""
    model = compiled()
    before = model.get_weights()
    with pytest.raises(error, match=message):
        call(model)
    assert same_weights(before, model)
    untouched = compiled()
    for each in (model, untouched):
        each.fit(X, Y, verbose=False)
    assert same_weights(model, untouched)


def spoiled(value):
    """The images with one bad number in the fourth."""
    images = X.copy()
    images[3, 2, 1, 0] = value
    return images


BAD_IMAGES = {
    "wrong rank": (
        X[0],
        r"conv2d_1 \(Conv2D\): expected images \(images, 8, 7, 2\).*image\[None\]",
    ),
    "no channels": (X[..., 0], r"expected images \(images, 8, 7, 2\), got \(60, 8, 7\)"),
    "wrong channels": (X[..., :1], r"got \(60, 8, 7, 1\); resize them or convert their channels"),
    "empty batch": (X[:0], "expected at least one image .* got an empty batch"),
    "not a number": (spoiled(np.nan), r"got nan at index \(3, 2, 1, 0\)"),
    "infinite": (spoiled(np.inf), r"got inf at index \(3, 2, 1, 0\)"),
}


@pytest.mark.parametrize("name", BAD_IMAGES)
@pytest.mark.parametrize(
    "call",
    [
        lambda model, x: model.fit(x, Y[: len(x)], verbose=False),
        lambda model, x: model.evaluate(x, Y[: len(x)]),
        lambda model, x: model.predict(x),
        lambda model, x: model.train_on_batch(x, Y[: len(x)]),
        lambda model, x: model.fit(X, Y, validation_data=(x, Y[: len(x)]), verbose=False),
    ],
    ids=["fit", "evaluate", "predict", "train_on_batch", "validation"],
)
def test_bad_images(name, call):
    images, message = BAD_IMAGES[name]
    reject(lambda model: call(model, images), ValueError, message)


def test_images_that_are_no_numbers():
    reject(lambda model: model.predict([["a"]]), TypeError, "images must be an array of numbers")
    ragged = [np.zeros((8, 7, 2)), np.zeros((9, 7, 2))]
    reject(lambda model: model.predict(ragged), TypeError, "brought to one size first")


def test_labels_out_of_range():
    reject(lambda model: model.fit(X, Y + 1, verbose=False), ValueError, "from 0 to 2")


def test_labels_of_another_length():
    reject(lambda model: model.fit(X, Y[:-1], verbose=False), ValueError, "images, 60, got 59")


def test_a_kernel_larger_than_the_image():
    with pytest.raises(ValueError, match=r"conv2d_1 \(Conv2D\): a window of 9×9 does not fit"):
        Sequential([layers.Conv2D(4, 9)], input_shape=(8, 7, 2))
    model = small()
    with pytest.raises(ValueError, match=r"max_pooling2d_2 .*: expected 4 axes"):
        model.add(layers.MaxPooling2D(2))
    assert len(model.layers) == 5


def test_shapes_that_cannot_be_built_leave_nothing_half_built():
    model = Sequential([layers.Conv2D(4, 3), layers.Conv2D(4, 9), layers.Flatten()], seed=0)
    with pytest.raises(ValueError, match=r"conv2d_2 \(Conv2D\): a window of 9×9"):
        model.predict(X)
    assert model.input_shape is None
    assert all(layer.backend is None for layer in model.layers)


def test_not_compiled():
    with pytest.raises(RuntimeError, match=r"model\.compile"):
        small().fit(X, Y)


def test_arguments_of_fit():
    reject(lambda model: model.fit(X, Y, batch_size=0), ValueError, "batch_size must be at least 1")
    reject(lambda model: model.fit(X, Y, epochs=1.5), TypeError, "epochs must be a whole number")


def test_models_are_made_of_layers():
    with pytest.raises(TypeError, match="made of layers"):
        Sequential([layers.Dense])
    with pytest.raises(ValueError, match="no layers yet"):
        Sequential().predict(X)
    flatten = layers.Flatten()
    with pytest.raises(ValueError, match="in this model already"):
        Sequential([flatten, flatten])


def test_compile_by_name_refuses_unknown_names():
    model = small()
    for wrong in ({"optimizer": "sdg"}, {"loss": "hinge"}):
        with pytest.raises(ValueError, match="must be"):
            model.compile(**wrong)
    assert model.optimizer is None
    with pytest.raises(ValueError, match="learning_rate must be a number above 0"):
        optimizers.SGD(-1)


def test_weights_of_another_network():
    model = small()
    before = model.get_weights()
    with pytest.raises(ValueError, match="expected 6 arrays of weights, got 2"):
        model.set_weights(before[:2])
    with pytest.raises(ValueError, match=r"dense_1 \(Dense\): expected weights"):
        model.set_weights([*before[:4], np.zeros((1, 1)), before[5]])
    assert same_weights(before, model)
