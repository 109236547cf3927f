"""Whole models on the GPU backend: the same steps as the reference, and the same bits twice."""

import copy
import pickle
from functools import cache

import numpy as np
import pytest
from small_models import everything, same_weights, small, small_batch

from cnncourse import Sequential, kernels, layers, losses, optimizers, schedules
from cnncourse.kernels import gpu_detection

CUDA = kernels.get("cuda")


def conv(*arguments, **options):
    return layers.Conv2D(*arguments, **options)


# the documents' chains and a residual one, on images of 10×10 and with a few filters: what a
# simulator can do
SCALED = {
    "tutorial": lambda: [
        conv(3, 3, activation="relu"),
        layers.MaxPooling2D(2),
        conv(4, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(3, activation="softmax"),
    ],
    "ntnu": lambda: [
        conv(3, 3, activation="relu"),
        layers.MaxPooling2D(2),
        conv(4, 2, activation="relu"),
        conv(4, 2, activation="relu"),
        layers.Flatten(),
        layers.Dense(5, activation="relu"),
        layers.Dense(3, activation="softmax"),
    ],
    "postech": lambda: [
        conv(3, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        conv(4, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(6, activation="relu"),
        layers.Dense(3),
    ],
    "renom": lambda: [
        conv(3, 3),
        layers.ReLU(),
        conv(4, 3),
        layers.ReLU(),
        layers.MaxPooling2D(2, strides=2),
        layers.Dropout(0.5),
        layers.Flatten(),
        layers.Dense(6),
        layers.ReLU(),
        layers.Dense(3),
    ],
    "explained": lambda: [
        # without biases: their exact gradient is 0, and Adam takes whole steps by its rounding
        conv(3, 5, padding=2, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        conv(4, 5, padding=2, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(3),
    ],
    "normalised": lambda: [
        conv(3, 3, padding=1),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(3),
    ],
    "residual": lambda: [
        layers.Residual([conv(3, 3, padding="same")], conv(3, 1), activation="relu"),
        layers.Residual([layers.BatchNormalization(), layers.ReLU(), conv(3, 3, padding=1)]),
        layers.GlobalAveragePooling2D(),
        layers.Dense(3),
    ],
    "channel by channel": lambda: [
        layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, activation="relu"),
        layers.SeparableConv2D(4, (2, 3), strides=(2, 1)),
        layers.LayerNormalization(),
        conv(3, 2, dilation_rate=2),
        layers.Flatten(),
        layers.Dense(3),
    ],
}
OPTIMIZERS = {
    "tutorial": lambda: optimizers.SGD(0.05),
    "ntnu": lambda: optimizers.RMSprop(0.001),
    "postech": lambda: optimizers.Adam(1e-4),
    "renom": lambda: optimizers.SGD(0.01, momentum=0.9),
    "explained": lambda: optimizers.Adam(0.001),
    "normalised": lambda: optimizers.SGD(0.1, momentum=0.9),
    "residual": lambda: optimizers.SGD(0.1, momentum=0.9),
    "channel by channel": lambda: optimizers.SGD(0.1, momentum=0.9),
}
STEPS = 3


@cache
def trained(name, device, time=1):
    """The losses of some steps, and the model; computed anew for each ``time``."""
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((4, 10, 10, 1)), rng.integers(0, 3, 4)
    model = Sequential(SCALED[name](), (10, 10, 1), seed=0, device=device)
    model.compile(OPTIMIZERS[name]())
    return [model.train_on_batch(x, y) for _ in range(STEPS)], model


@pytest.mark.parametrize("name", SCALED)
def test_training_follows_the_reference(name):
    """In float64 and float32, the same steps lead to the same weights.

    A step adds the rounding of its gradient, and the next gradients differ because the weights do.
    Both are measured: the same training on the CPU, in float32 too, is off by a like amount, which
    bounds what rounding does to this network; a factor of 20 is for other orders of summation.
    """
    exact, reference = trained(name, "reference")
    near, on_cpu = trained(name, "cpu")
    got, on_gpu = trained(name, "cuda")
    for g, n, e in zip(got, near, exact, strict=True):
        assert abs(g - e) <= 20 * abs(n - e) + 20 * 2**-24 * abs(e)
    for g, n, e in zip(*(m.get_weights() for m in (on_gpu, on_cpu, reference)), strict=True):
        rounding = max(np.abs(n - e).max(), 2**-24 * np.abs(e).max())
        assert np.abs(g - e).max() <= 20 * rounding
    assert all(w.dtype == np.float32 for w in on_gpu.get_weights())


@pytest.mark.parametrize("name", ["renom", "explained"])
def test_the_same_bits_twice(name):
    first, second = (trained(name, "cuda", time) for time in (1, 2))
    assert first[0] == second[0]
    assert same_weights(first[1], second[1])


def compiled(device="cuda"):
    model = everything(device=device)
    model.compile(optimizers.Adam(0.01))
    return model


def test_fit_evaluate_and_predict_give_numpy():
    x, y = small_batch()
    model = compiled()
    history = model.fit(x, y, batch_size=4, epochs=2, validation_data=(x, y), verbose=False)
    assert history["loss"][1] < history["loss"][0]
    loss, accuracy = model.evaluate(x, y, batch_size=4)
    assert isinstance(loss, float) and 0 <= accuracy <= 1
    probabilities = model.predict(x, batch_size=4)
    assert type(probabilities) is np.ndarray and probabilities.shape == (6, 3)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-6)


def test_all_that_training_takes_gives_what_it_gives_on_the_reference():
    """A schedule, decay, Nesterov, clipping, smoothing, weights, a frozen layer: ten steps."""
    x, y = small_batch(20)
    models = []
    for device in "cuda", "reference":
        model = small(device=device)
        model.compile(
            optimizers.SGD(
                schedules.CosineDecay(0.1, 8),
                momentum=0.5,
                nesterov=True,
                weight_decay=0.1,
                global_clipnorm=0.5,
            ),
            losses.SoftmaxCrossEntropy(label_smoothing=0.1),
        )
        model.layers[0].trainable = False
        options = {"sample_weight": np.arange(20) % 3, "class_weight": {1: 2.0}, "epochs": 2}
        model.fit(x, y, batch_size=4, verbose=0, **options)
        models.append(model)
    for on_gpu, expected in zip(*(model.get_weights() for model in models), strict=True):
        assert np.abs(on_gpu - expected).max() < 1e-5
    assert models[0].history["loss"] == pytest.approx(models[1].history["loss"], rel=1e-5)


def test_arrays_stay_on_the_gpu():
    """From the first layer to the optimizer: all that a step leaves behind is on the device."""
    x, y = small_batch()
    model = compiled()
    model.train_on_batch(x, y)
    held = [layer.gradients | layer.parameters | layer.statistics for layer in model.layers]
    held += [
        dict(enumerate(model.optimizer.slots_of(layer, name)))
        for layer in model.layers
        for name in layer.parameters
    ]
    assert all(array.device == "cuda" for arrays in held for array in arrays.values())
    outputs = model.forward(x)
    assert kernels.backend_of(outputs) is CUDA
    assert np.asarray(outputs).shape == (6, 3)


def test_moving_there_and_back_keeps_everything(tmp_path):
    x, y = small_batch()
    model = compiled("cpu")
    model.train_on_batch(x, y)
    before, expected = model.get_weights(), model.predict(x)
    model.to("cuda")
    assert same_weights(model.get_weights(), before)
    assert np.allclose(model.predict(x), expected, atol=1e-6)
    for restored in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert restored.backend is CUDA
        assert same_weights(restored, model)
        # the optimizer's state went with it: both take the same next step
        twin = copy.deepcopy(model)
        assert restored.train_on_batch(x, y) == twin.train_on_batch(x, y)
        assert same_weights(restored, twin)
    model.save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    assert loaded.backend.name == "cpu"
    assert same_weights(loaded, before)
    assert same_weights(model.to("cpu"), before)


def test_a_file_is_loaded_onto_the_device_in_use(tmp_path):
    from cnncourse import use_device

    x, y = small_batch()
    model = compiled("cpu")
    model.train_on_batch(x, y)
    model.save(tmp_path / "model.npz")
    try:
        use_device("cuda")
        loaded = Sequential.load(tmp_path / "model.npz")
        assert loaded.backend is CUDA and same_weights(loaded, model)
        loaded.train_on_batch(x, y)
    finally:
        use_device("cpu")


def test_weights_that_do_not_fit_change_nothing():
    model = small(device="cuda")
    before = model.get_weights()
    with pytest.raises(ValueError, match="expected weights of the shapes"):
        model.set_weights([*before[:-1], np.zeros(7)])
    assert same_weights(model, before)
    model.set_weights([2 * weight for weight in before])
    assert same_weights(model, [2 * weight for weight in before])


def test_losses_and_their_gradients_stay_with_the_outputs():
    x, y = small_batch()
    model = small(device="cuda")
    model.compile()
    loss = losses.SoftmaxCrossEntropy()
    value = loss(model.forward(x), y)  # probabilities
    assert loss.gradient().device == "cuda"
    assert value == pytest.approx(loss(small().forward(x), y), abs=1e-6)


def test_an_array_says_what_it_is_and_can_be_overwritten():
    array = CUDA.asarray([[1.0, 2.0], [3.0, 4.0]])
    assert repr(array) == "Array on the GPU, 2×2 float32"
    assert (len(array), array.ndim, array.size) == (2, 2, 4)
    assert np.asarray(array.reshape(-1)).tolist() == [1, 2, 3, 4]
    array[...] = 5
    assert np.asarray(array).tolist() == [[5, 5], [5, 5]]
    with pytest.raises(TypeError, match="overwritten as a whole"):
        array[0] = 1
    with pytest.raises(ValueError, match="cannot be reshaped"):
        array.reshape(3, -1)


@pytest.mark.skipif(not gpu_detection.detect().simulated, reason="the GPU is a real one")
def test_auto_never_takes_the_simulator(capsys):
    kernels._best.cache_clear()
    assert kernels.get("auto").name == "cpu"
    assert kernels.get("auto").name == "cpu"
    assert capsys.readouterr().out.count("The CPU is used instead.") == 1
