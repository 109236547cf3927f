"""What the drawn calls are made of: every name in a printed line is one of these.

All are small and the same each time. Functions that take an array give an odd one like it.
"""

# ruff: noqa: F401, F403, F405  the lines that are drawn use what is imported here

import os
import shutil
import signal
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

import cnncourse
from cnncourse import *
from cnncourse import receptive_field, timing

nan, inf = float("nan"), float("inf")
CLASSES = 3


def rng(seed=0):
    return np.random.default_rng(seed)


# Arrays


def images(count=6, side=8, channels=1):
    """(count, side, side, channels) float32 from 0 to 1."""
    return rng().random((count, side, side, channels), np.float32)


def bytes_of_images(count=6):
    return (255 * images(count)).astype(np.uint8)


def rows(count=6, features=5):
    return rng(1).random((count, features), np.float32)


def labels(count=6):
    return np.arange(count) % CLASSES


def one_hot(count=6):
    return np.eye(CLASSES, dtype=np.float32)[labels(count)]


def probabilities(count=6):
    return rng(2).dirichlet(np.ones(CLASSES), count)


def picture(height=6, width=5):
    return rng(3).random((height, width))


def colour(height=6, width=5):
    return rng(3).random((height, width, 3))


# Odd ones, like the array that is given


def big_endian(a):
    return np.asarray(a).astype(np.asarray(a).dtype.newbyteorder(">"))


def read_only(a):
    a = np.array(a)
    a.flags.writeable = False
    return a


def strided(a):
    return np.repeat(np.asarray(a), 2, axis=-1)[..., ::2]


def reversed_(a):
    return np.asarray(a)[::-1]


def masked(a):
    return np.ma.masked_array(a, mask=np.arange(np.size(a)).reshape(np.shape(a)) == 0)


def unmasked(a):
    return np.ma.masked_array(a)


def as_objects(a):
    return np.asarray(a).astype(object)


def as_text(a):
    return np.asarray(a).astype(str)


def with_(a, value):
    """A float64 copy whose first value is another."""
    a = np.array(a, np.float64)
    a.flat[:1] = value
    return a


def cast(a, dtype):
    return np.asarray(a).astype(dtype)


def column(a):
    return np.asarray(a).reshape(len(a), -1)[:, :1]


def fewer(a):
    return a[:-1]


def none_of(a):
    return a[:0]


def first(a):
    return a[0]


def one_more_axis(a):
    return np.asarray(a)[None]


def scalar(a):
    return np.asarray(np.asarray(a).flat[0])


def ragged(a):
    return [list(np.ravel(a)[:2]), list(np.ravel(a)[:1])]


class Duck:
    """No array, but makes one when asked."""

    def __init__(self, a):
        self.a = a

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.a, dtype)


class Liar:
    """Has no more than the attributes of an array."""

    shape = (6, 8, 8, 1)
    dtype = np.dtype(np.float32)
    ndim = 4

    def __len__(self):
        return 6


def crash(a):
    """What a fault in compiled code would do."""
    os.kill(os.getpid(), signal.SIGSEGV)


# Layers, models and what trains them


class Doubled(layers.Layer):
    """A layer of one's own."""

    def forward(self, x, training=False):
        return 2 * x

    def backward(self, gradient, need_input_gradient=True):
        return 2 * gradient


def chain():
    return [
        layers.Conv2D(2, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2),
        layers.Dropout(0.2),
        layers.Flatten(),
        layers.Dense(CLASSES, activation="softmax"),
    ]


def maps():
    """Layers that give maps."""
    return [layers.Conv2D(2, 3), layers.MaxPooling2D(2)]


def uncompiled(**options):
    return Sequential(chain(), **{"input_shape": (8, 8, 1), "seed": 0} | options)


def compiled(**options):
    model = uncompiled(**options)
    model.compile(optimizers.Adam(0.01), "softmax_cross_entropy")
    return model


def unbuilt():
    return compiled(input_shape=None)


def no_layers():
    return Sequential(seed=0)


def trained(**options):
    model = compiled(**options)
    model.fit(images(), labels(), verbose=False)
    return model


def recorded():
    """A recorder that has seen a training."""
    recorder = animations.TrainingRecorder(images()[0], every=1)
    compiled().fit(images(), labels(), verbose=0, callbacks=[recorder])
    return recorder


def one_output():
    model = Sequential(
        [layers.Flatten(), layers.Dense(1, activation="sigmoid")], input_shape=(8, 8, 1), seed=0
    )
    model.compile("sgd", "binary_crossentropy")
    return model


def distances():
    model = Sequential([layers.Flatten(), layers.Dense(2)], input_shape=(8, 8, 1), seed=0)
    model.compile("rmsprop", "euclidean")
    return model


def deeper():
    """A network of the layers that keep channels apart, enlarge images, and go past others."""
    inner = [layers.Conv2D(2, 3, padding="same", dilation_rate=2), layers.BatchNormalization()]
    chain = [
        layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2),
        layers.Residual(inner, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2DTranspose(3, 2, strides=2, padding="same"),
        layers.LayerNormalization(),
        layers.SeparableConv2D(4, 3, strides=2),
        layers.UpSampling2D(2, "bilinear"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(CLASSES),
    ]
    model = Sequential(chain, input_shape=(8, 8, 1), seed=0)
    model.compile(optimizers.Adam(0.01), "softmax_cross_entropy")
    return model


def quantized():
    return quantization.quantize(trained(), images())


def ran():
    """A model that has computed something to go back through."""
    model = trained()
    model.forward(images())
    return model


def conv():
    return uncompiled().layers[0]


def dense():
    return uncompiled().layers[-1]


def fitted():
    classifier = cnncourse.CNNClassifier((2,), dense_units=(), epochs=1, random_state=0)
    return classifier.fit(images(12), labels(12))


def classifier():
    return cnncourse.CNNClassifier((2,), dense_units=(), epochs=1, random_state=0)


def used(loss):
    """A loss that was called."""
    loss([[0.1, 0.2, 0.7]], [2])
    return loss


# What shows whether an accepted argument can be used


def use_layer(layer):
    shape = (5,) if isinstance(layer, (layers.Dense, layers.Softmax)) else (6, 8, 8, 1)
    x = rows() if len(shape) == 1 else images()
    layer(x, training=True)
    repr(layer)
    return layer(x)


def use_optimizer(optimizer):
    model = uncompiled()
    model.compile(optimizer)
    loss = model.train_on_batch(images(), labels())
    repr(optimizer)
    return [loss, *model.get_weights()]


def use_loss(loss):
    repr(loss)
    return loss(probabilities(), one_hot())


def use_initializer(initializer):
    return initializer((4, 3), rng())


def use_model(model):
    repr(model)
    if model.layers and model.input_shape is not None:
        return model.predict(np.zeros((2, *model.input_shape)))


def use_quantized(model):
    repr(model)
    return [model.predict(images()), model.integers(images()), str(model.sizes())]


def use_classifier(classifier):
    return classifier.fit(images(12), labels(12)).predict_proba(images(2))


def use_callback(callback):
    model = compiled()
    validation = images(), labels()
    repr(callback)
    model.fit(images(), labels(), epochs=2, verbose=0, callbacks=[callback],
              validation_data=validation)  # fmt: skip
    return model.get_weights()


def use_schedule(schedule):
    return use_optimizer(optimizers.SGD(schedule))


def use_figure(figure):
    figure.png()
    return repr(figure)


def use_demo(demo):
    return demo.picture.png(), repr(demo), demo.answer({"kind": "start"})


def use_augmentation(augmentation):
    return augmentation(bytes_of_images()[0], rng())


def use_folder(folder):
    return [next(iter(folder)), len(folder), repr(folder), folder.dummy_images()]


def use_backend(backend):
    return use_model(uncompiled(device=backend))


def use_progress(bar):
    return list(bar)


def use_threads(block):
    with block:
        return None


# Files, in a folder that only this process has


def here(name=""):
    """The path of a file, or of the folder, that `prepare` has made."""
    return os.path.join(prepare(), name)


_folder = []


def prepare():
    """The folder with a model, pictures and a text, made once."""
    if not _folder:
        _folder.append(Path(tempfile.mkdtemp()))
        original = Path(tempfile.mkdtemp())
        fill(original)
        _folder.append(original)
        renew()
    return str(_folder[0])


def renew():
    """The folder as at first."""
    folder, original = _folder
    for entry in folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    shutil.copytree(original, folder, dirs_exist_ok=True)


def fill(folder):
    trained().save(folder / "model.npz")
    Image.fromarray(np.uint8(255 * colour())).save(folder / "picture.png")
    (folder / "text.txt").write_text("no model, no picture")
    (folder / "empty").mkdir()
    for name in "cats", "dogs":
        (folder / "photos" / name).mkdir(parents=True)
        for k in range(3):
            pixels = np.uint8(255 * rng(k).random((9, 8, 3)))
            Image.fromarray(pixels).save(folder / "photos" / name / f"{k}.png")


def photos(**options):
    options = {"target_size": (8, 8), "batch_size": 2, "seed": 0, "color": "grayscale"} | options
    return datasets.image_folder(here("photos"), **options)


def dataset():
    split = datasets.Split(images(), labels())
    return datasets.Dataset("own", ("a", "b", "c"), split, split, "me")
