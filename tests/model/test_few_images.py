"""A few images are predicted in one call, with the same bits as many, and never by an old plan."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from copy import copy, deepcopy

import numpy as np
import pytest
from small_models import everything, residual, small

from cnncourse import Sequential, kernels, layers, optimizers
from cnncourse.model import few_images
from cnncourse.networks import DOCUMENTS


def set_weights(model, seed=0):
    """Other weights than the initial ones, so that every bias, mean and variance counts."""
    rng = np.random.default_rng(seed)
    for part in model.parts:
        drawn = [w + 0.1 * rng.standard_normal(w.shape) for w in part.get_weights()]
        names = zip(part.weights, drawn, strict=True)
        part.set_weights([abs(w) if name == "moving_variance" else w for name, w in names])
    return model


def images_for(model, count=33, seed=1):
    shape = count, *model.input_shape
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def layer_by_layer(model, x):
    """What the model predicts without a plan."""
    return model.backend.to_numpy(model._infer(model.operations, model._images(x)))


def in_one_call(model, x):
    """What the model's plan gives, and it has one that is good; else ``None``."""
    model.predict(x)
    return few_images.predict(model, x)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_networks(name):
    model = set_weights(DOCUMENTS[name]())
    x = images_for(model)
    expected = model.predict(x)
    most = model._plan.most
    assert 1 <= most < 33
    for count in {1, most}:
        np.testing.assert_array_equal(in_one_call(model, x[:count].copy()), expected[:count])
    assert few_images.predict(model, x[: most + 1].copy()) is None
    np.testing.assert_array_equal(model.predict(x[: most + 1]), expected[: most + 1])


def drawn(rng):
    """A network of the layers that a plan knows, with sizes about whole vectors of any CPU."""

    def pick(*choices):
        return choices[rng.integers(len(choices))]

    sizes = 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64
    image = *map(int, rng.integers(4, 15, 2)), pick(1, 2, 3, 17)
    chain, shape = [], image
    for _ in range(rng.integers(4)):
        window = min(pick(1, 2, 3, 5), *shape[:2])
        padding, bias = pick("valid", "same", (1, 0)), pick(True, False)
        conv = layers.Conv2D(pick(*sizes), window, pick(1, 1, 2), padding, use_bias=bias)
        chain.append(conv)
        shape = conv.output_shape(shape)
        if pick(True, False):
            chain.append(layers.BatchNormalization())
        for kind in pick("", "r", "p", "rp", "pr"):
            pool = layers.MaxPooling2D([min(pick(1, 2, 3), side) for side in shape[:2]])
            chain.append(layers.ReLU() if kind == "r" else pool)
            shape = chain[-1].output_shape(shape)
    chain += [layers.Dropout(0.5), layers.Flatten()]
    for _ in range(rng.integers(3)):
        units = pick(*sizes, 129, 200)
        chain.append(layers.Dense(units, pick(None, "relu"), use_bias=pick(True, False)))
    chain.append(layers.Dense(pick(*sizes), pick(None, "relu", "softmax")))
    return Sequential(chain, input_shape=image, seed=0)


@pytest.mark.parametrize("seed", range(60))
def test_drawn_networks(seed):
    model = set_weights(drawn(np.random.default_rng(seed)), seed)
    x = images_for(model, 3)
    expected = layer_by_layer(model, x)
    np.testing.assert_array_equal(in_one_call(model, x), expected)
    np.testing.assert_array_equal(in_one_call(model, x[1:2].copy()), expected[1:2])


def test_long_sums_are_taken_piece_by_piece():
    model = Sequential([layers.Dense(100, "relu"), layers.Dense(3)], input_shape=(2000,), seed=0)
    x = images_for(model, 2)
    np.testing.assert_array_equal(in_one_call(model, x), layer_by_layer(model, x))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_stay_visible(value):
    model = set_weights(small())
    for layer in model.layers:
        for array in layer.parameters.values():
            array.reshape(-1)[0] = value
        x = images_for(model, 2)
        expected = layer_by_layer(model, x)
        assert not np.isfinite(expected).all()
        np.testing.assert_array_equal(in_one_call(model, x), expected)


@pytest.mark.parametrize("make", [everything, residual])
def test_other_layers_go_one_by_one(make):
    model = make()
    x = images_for(model, 2)
    assert in_one_call(model, x) is None
    np.testing.assert_array_equal(model.predict(x), layer_by_layer(model, x))


# What may change between two predictions, and how


def changing():
    """Two convolutions, the first of them normalised, and a softmax at each position."""
    chain = [
        layers.Conv2D(4, 3, padding="same"),
        layers.BatchNormalization(),
        layers.Conv2D(5, 3, padding="same", activation="relu"),
        layers.Dropout(0.5),
        layers.Conv2D(3, 1, activation="softmax"),
    ]
    return set_weights(Sequential(chain, input_shape=(8, 7, 2), seed=0))


def a_step(model):
    model.backward(np.ones_like(model.forward(images_for(model, 4), training=True)))
    optimizers.SGD(0.1).step(model.layers)


def a_refused_layer(model):
    """It leaves all layers with their attributes in new dicts."""
    with pytest.raises(ValueError, match="Flatten"):
        model.add(layers.Dense(3))
    model.layers[2].padding = "valid"


def arrays_among_the_attributes(model):
    model.layers[2].noted = np.zeros(2)
    model.predict(images_for(model, 1))
    model.layers[2].noted = np.ones(2)


def doubled(x, training=False):
    return 2 * x


def ones(*arguments):
    arguments[-1].fill(1)


def attribute(index, name, value):
    return lambda model: setattr(model.layers[index], name, value)


CHANGES = {
    "weights set": lambda model: set_weights(model, 5),
    "a weight in place": lambda model: model.layers[2].parameters["kernel"].fill(0.1),
    "a weight put in": lambda model: model.layers[2].parameters.update(bias=np.arange(5.0)),
    "weights replaced": lambda model: setattr(
        model.layers[4], "parameters", {"kernel": np.eye(5, 3)[None, None], "bias": np.arange(3)}
    ),
    "a mean in place": lambda model: model.layers[1].statistics["moving_mean"].fill(3),
    "a mean put in": lambda model: model.layers[1].statistics.update(moving_mean=np.ones(4)),
    "a step of training": a_step,
    "another layer": lambda model: model.add(layers.Flatten()),
    "a layer less": lambda model: model.layers.pop(),
    "a layer replaced": lambda model: model.layers.__setitem__(
        4, set_weights(changing(), 5).layers[4]
    ),
    "a refused layer": a_refused_layer,
    "a padding": attribute(2, "padding", "valid"),
    "an epsilon": attribute(1, "epsilon", 0.5),
    "an activation less": attribute(2, "activation", None),
    "a frozen normalisation": attribute(1, "trainable", False),
    "arrays among the attributes": arrays_among_the_attributes,
    "a method": attribute(3, "forward", doubled),
    "an activation's method": lambda model: setattr(model.layers[2].activation, "forward", doubled),
    "no fusion": lambda model: setattr(model, "fuse", False),
    "another device": lambda model: model.to("reference"),
    "another convolution": lambda model: model.to(kernels.variant("cpu", conv2d=ones)),
    "another softmax": lambda model: model.to(kernels.variant("cpu", softmax=ones)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_plan_is_as_new_as_the_model(change):
    model = changing()
    x = images_for(model, 2)
    before = in_one_call(model, x)
    assert before is not None
    CHANGES[change](model)
    after = model.predict(x)
    np.testing.assert_array_equal(after, layer_by_layer(model, x))
    as_before = after.shape == before.shape and np.allclose(after, before, atol=1e-5)
    assert as_before == (
        change
        in ("a frozen normalisation", "arrays among the attributes", "no fusion", "another device")
    )


@pytest.mark.parametrize("kind", [layers.Conv2D, layers.Dropout, layers.Softmax])
def test_a_method_of_ones_own_on_the_class(kind, monkeypatch):
    model = changing()
    x = images_for(model, 2)
    before = in_one_call(model, x)
    with monkeypatch.context() as patched:
        forward = kind.forward
        patched.setattr(kind, "forward", lambda *arguments: 2 * forward(*arguments))
        after = model.predict(x)
        assert abs(after - before).max() > 0.01
        np.testing.assert_array_equal(after, layer_by_layer(model, x))
    np.testing.assert_array_equal(in_one_call(model, x), before)


AS = {
    "bytes": lambda x: np.uint8(abs(x) * 50),
    "float64": np.float64,
    "lists": lambda x: x.tolist(),
    "read-only": lambda x: np.frombuffer(x.tobytes(), np.float32).reshape(x.shape),
    "every second": lambda x: np.repeat(x, 2, axis=0)[::2],
    "column by column": np.asfortranarray,
    "unmasked": np.ma.MaskedArray,
}


@pytest.mark.parametrize("kind", AS)
def test_images_of_any_kind(kind):
    model = set_weights(small())
    x = AS[kind](images_for(model, 3))
    expected = layer_by_layer(model, x)
    for _ in range(2):
        np.testing.assert_array_equal(model.predict(x), expected)
        assert model._plan.takes(np.shape(x))


@pytest.mark.parametrize(
    "make", [small, everything, lambda: small(fuse=False), lambda: small(device="reference")]
)
def test_a_plan_is_kept(make):
    model = make()
    model.predict(images_for(model, 1))
    plan = model._plan
    for count in 1, 2, 200:
        model.predict(images_for(model, count))
        assert model._plan is plan
    model.compile("sgd")
    model.train_on_batch(images_for(model, 4), np.zeros(4, int))
    model.predict(images_for(model, 1))
    assert model._plan is plan


def test_what_is_not_much_work_is_few_all_the_same():
    model = Sequential([layers.Flatten(), layers.Softmax()], input_shape=(1, 2, 1))
    model.predict(images_for(model, 1))
    assert model._plan.most == few_images.FEW_IMAGES


def test_another_size_of_images_has_another_plan():
    model = changing()
    for shape in (2, 8, 7, 2), (1, 12, 9, 2), (2, 8, 7, 2):
        x = np.random.default_rng(0).random(shape, np.float32)
        np.testing.assert_array_equal(in_one_call(model, x), layer_by_layer(model, x))
        assert model._plan.image_shape == shape[1:]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_images_are_checked_as_ever(value):
    model = small()
    x = images_for(model, 2)
    assert in_one_call(model, x) is not None
    for bad, message in (
        (np.where(x == x[1, 3, 2, 1], np.float32(value), x), r"at index \(1, 3, 2, 1\)"),
        (x[0], "a single image is image"),
        (x[:0], "at least one image"),
        (x[..., :1], "expected images"),
    ):
        with pytest.raises(ValueError, match=message):
            model.predict(bad)
    with pytest.raises(ValueError, match="batch_size"):
        model.predict(x, batch_size=0)


def test_each_call_gives_an_array_of_its_own():
    model = small()
    x = images_for(model, 2)
    first = model.predict(x[:1].copy())
    kept = first.copy()
    second = model.predict(x[1:].copy())
    assert first.flags.owndata and first.flags.writeable and not np.shares_memory(first, second)
    np.testing.assert_array_equal(first, kept)


def test_threads_predict_at_once():
    model = set_weights(DOCUMENTS["ntnu"]())
    images = np.split(images_for(model, 32), 32)
    expected = [model.predict(image) for image in images]
    with ThreadPoolExecutor(8) as pool:
        for got, one in zip(pool.map(model.predict, images * 20), expected * 20, strict=True):
            np.testing.assert_array_equal(got, one)


@pytest.mark.parametrize(
    "copied", [copy, deepcopy, lambda model: pickle.loads(pickle.dumps(model))]
)
def test_copies_have_plans_of_their_own(copied):
    model = set_weights(small())
    x = images_for(model, 2)
    size = len(pickle.dumps(model))
    before = in_one_call(model, x)
    assert len(pickle.dumps(model)) == size
    twin = copied(model)
    assert twin._plan is None
    np.testing.assert_array_equal(in_one_call(twin, x), before)


def test_a_forward_pass_can_still_be_gone_back_through():
    model, other = small(), small()
    x = images_for(model, 4)
    gradient = np.ones((4, 3), np.float32)
    model.forward(x, training=True)
    model.predict(x[:1].copy())
    other.forward(x, training=True)
    np.testing.assert_array_equal(model.backward(gradient), other.backward(gradient))
