"""Images from folders: the document's batch, seeds, augmentation, and training on a folder."""

import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_models import same_weights

from cnncourse import Sequential, datasets, layers, optimizers
from cnncourse.augmentation import Augmentation
from cnncourse.datasets import image_file
from cnncourse.datasets.prefetch import NAME

PHOTOS = Path(__file__).parents[2] / "data" / "photos"


def make_folder(path, per_class=6, classes=("cat", "dog"), size=(40, 30)):
    """Images of random pixels, brighter from class to class: class 0 below the middle grey."""
    random = np.random.default_rng(0)
    for number, name in enumerate(classes):
        (path / name).mkdir(parents=True)
        for k in range(per_class):
            low = 150 * min(number, 1)
            pixels = random.integers(low, low + 100, (*size[::-1], 3), np.uint8)
            Image.fromarray(pixels).save(path / name / f"{k}.png")
    return path


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "animals")


def small(folder, outputs=1, activation="sigmoid", loss="binary_crossentropy"):
    model = Sequential(
        [
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(4),
            layers.Flatten(),
            layers.Dense(outputs, activation=activation),
        ],
        folder.image_shape,
        seed=0,
    )
    model.compile(optimizers.Adam(0.02), loss)
    return model


def batches(source):
    return [(images.copy(), labels.copy()) for images, labels in source]


def same(one, other):
    return len(one) == len(other) and all(
        np.array_equal(a, b)
        for left, right in zip(one, other, strict=True)
        for a, b in zip(left, right, strict=True)
    )


def readers():
    """The threads that are decoding now."""
    return [thread for thread in threading.enumerate() if thread.name.startswith(NAME)]


# What it holds


def test_a_batch_is_the_documents():
    train = datasets.image_folder(PHOTOS / "train", seed=0)
    images, labels = next(iter(train))
    assert images.shape == (20, 150, 150, 3)
    assert images.dtype == np.float32
    assert images.min() >= 0 and 0.5 < images.max() <= 1
    assert labels.shape == (20,)
    assert set(labels.tolist()) == {0, 1}
    assert not readers()


def test_all_is_known_before_reading(folder, monkeypatch):
    monkeypatch.setattr(datasets.image_file, "read_image", None)  # nothing is decoded
    data = datasets.image_folder(folder, (20, 24), batch_size=5)
    assert len(data) == 3
    assert data.class_names == ("cat", "dog")
    assert data.class_indices == {"cat": 0, "dog": 1}
    assert data.files[:2] == ("cat/0.png", "cat/1.png")
    assert data.labels.tolist() == [0] * 6 + [1] * 6
    assert data.sizes.tolist() == [[30, 40]] * 12
    assert data.image_shape == (20, 24, 3)
    assert repr(data) == "ImageFolder 'animals': 12 images (cat, dog), read as 20×24×3"


def test_an_epoch_is_all_images_once(folder):
    data = datasets.image_folder(folder, (30, 40), batch_size=5, seed=0)
    epochs = [batches(data), batches(data)]
    assert [len(images) for images, _ in epochs[0]] == [5, 5, 2]
    ordered = np.concatenate([images for images, _ in data.ordered()])
    expected = sorted(image.tobytes() for image in ordered)
    for epoch in epochs:
        assert sorted(image.tobytes() for images, _ in epoch for image in images) == expected
        for images, labels in epoch:
            assert ((images.mean(axis=(1, 2, 3)) > 0.5) == labels).all()
    assert not same(*epochs)


def test_class_modes(folder):
    modes = {
        mode: datasets.image_folder(folder, (8, 8), 12, mode, shuffle=False)
        for mode in ("binary", "sparse", "categorical")
    }
    labels = {mode: batches(data)[0][1] for mode, data in modes.items()}
    assert labels["binary"].tolist() == labels["sparse"].tolist() == [0] * 6 + [1] * 6
    assert labels["categorical"].tolist() == [[1, 0]] * 6 + [[0, 1]] * 6
    for outputs, activation, loss, mode in (
        (1, "sigmoid", "binary_crossentropy", "binary"),
        (2, "softmax", "softmax_cross_entropy", "sparse"),
        (2, "softmax", "softmax_cross_entropy", "categorical"),
        (2, "sigmoid", "sigmoid_cross_entropy", "categorical"),
    ):
        model = small(modes[mode], outputs, activation, loss)
        history = model.fit(modes[mode], epochs=40, verbose=False)
        assert history["accuracy"][-1] == 1, (mode, loss)


def test_three_classes_are_not_binary(tmp_path):
    path = make_folder(tmp_path, 1, ("a", "b", "c"))
    with pytest.raises(ValueError, match="'binary' expects two classes, got 3: a, b, c"):
        datasets.image_folder(path)
    assert datasets.image_folder(path, class_mode="sparse").all_labels.tolist() == [0, 1, 2]


def test_rescale_and_grey(folder):
    raw = datasets.image_folder(folder, (30, 40), rescale=1, color="grayscale", shuffle=False)
    images, _ = next(iter(raw))
    assert images.shape == (12, 30, 40, 1)
    expected = np.asarray(Image.open(folder / "cat/0.png").convert("L"))
    assert np.array_equal(images[0, ..., 0], expected)


# Seeds


@pytest.mark.parametrize("workers", [2, 3, 7])
def test_same_seed_same_batches_whatever_the_workers(folder, workers):
    vary = Augmentation(flip=True, shift=4, rotate=20, zoom=0.2, brightness=0.3)

    def two_epochs(seed, workers):
        options = {"batch_size": 5, "augment": vary, "seed": seed, "workers": workers}
        data = datasets.image_folder(folder, (16, 20), **options)
        return batches(data) + batches(data)

    one = two_epochs(seed=3, workers=1)
    assert same(one, two_epochs(seed=3, workers=workers))
    assert not same(one, two_epochs(seed=4, workers=1))
    assert not same(two_epochs(None, 1), two_epochs(None, 1))


def test_same_seed_same_batches_with_faults_found_on_the_way(folder, capsys):
    for name in ("cat/2.png", "dog/5.png"):
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    def two_epochs(workers):
        data = datasets.image_folder(folder, (16, 20), 4, seed=1, workers=workers)
        return batches(data) + batches(data)

    one = two_epochs(1)
    assert [len(images) for images, _ in one] == [4, 4, 2] * 2
    assert same(one, two_epochs(4))
    assert capsys.readouterr().out.count("skipped dog/5.png: ") == 2


# What is cached


@pytest.mark.parametrize(("megabytes", "again"), [(64, 0), (3 * 40 * 30 * 3 / 1e6, 9), (0, 12)])
def test_what_is_cached_is_decoded_once(folder, monkeypatch, megabytes, again):
    read, decoded = image_file.read_image, []
    monkeypatch.setattr(
        image_file, "read_image", lambda path, *how: (decoded.append(path), read(path, *how))[1]
    )
    options = {"seed": 3, "augment": Augmentation(flip=True, brightness=0.3)}
    data = datasets.image_folder(
        folder, (40, 30), batch_size=5, cache_megabytes=megabytes, **options
    )
    usual = datasets.image_folder(
        folder, (40, 30), batch_size=5, cache_megabytes=0, workers=1, **options
    )
    for epoch in range(3):
        assert same(batches(data), batches(usual)), "the cache changes no batch"
        own = len(decoded) - 12 * (epoch + 1)  # the other folder's aside
        assert own == 12 + epoch * again
    assert same(batches(data.ordered()), batches(usual.ordered())), "nor is it varied itself"


# Augmentation


def test_augmentation_changes_training_only(folder):
    vary = Augmentation(brightness=0.5)
    data = datasets.image_folder(folder, (30, 40), shuffle=False, seed=0, augment=vary)
    plain = batches(data.ordered())
    assert same(plain, batches(datasets.image_folder(folder, (30, 40), shuffle=False)))
    epochs = [batches(data), batches(data)]
    assert not same(epochs[0], plain)
    assert not same(*epochs)
    model = small(data)
    expected = model.predict(plain[0][0])
    assert np.array_equal(model.predict(data), expected)
    assert model.evaluate(data) == model.evaluate(*plain[0])


# Training


def test_fit_on_a_folder_is_fit_on_its_arrays(folder):
    data = datasets.image_folder(folder, (16, 20), batch_size=5, shuffle=False)
    images, labels = map(np.concatenate, zip(*batches(data), strict=True))
    one, other = small(data), small(data)
    from_folder = one.fit(data, epochs=3, validation_data=data, verbose=False)
    pair = (images, labels)
    from_arrays = other.fit(*pair, 5, 3, validation_data=pair, shuffle=False, verbose=False)
    assert from_folder == from_arrays
    assert same_weights(one, other)
    assert one.evaluate(data) == other.evaluate(*pair, batch_size=5)
    assert np.array_equal(one.predict(data), other.predict(images))
    assert one.predict(data).shape == (12, 1)


def test_steps_go_round(folder, capsys):
    data = datasets.image_folder(folder, (16, 20), batch_size=5, seed=0)
    model = small(data)
    model.fit(data, steps_per_epoch=4, epochs=2, validation_data=data, validation_steps=1)
    assert "epoch 2/2: 4/4 " in capsys.readouterr().out
    assert model.optimizer.iterations == 8
    assert data._epochs == 3  # of 3 batches each
    by_hand = small(data)
    again = datasets.image_folder(folder, (16, 20), batch_size=5, seed=0)
    for images, labels in (batches(again) + batches(again) + batches(again))[:8]:
        by_hand.train_on_batch(images, labels)
    assert same_weights(model, by_hand)


def test_validation_steps_take_images_of_all_classes(folder):
    data = datasets.image_folder(folder, (16, 20), batch_size=2)
    (labels,) = (labels for _, labels in data.ordered(steps=1))
    assert labels.tolist() == [0, 1]
    assert [labels.tolist() for _, labels in data.ordered(steps=3)] == [[0, 0], [0, 1], [1, 1]]
    assert sum(len(labels) for _, labels in data.ordered(steps=20)) == 40


def test_steps_on_arrays():
    random = np.random.default_rng(0)
    x, y = random.random((10, 4)), random.integers(0, 2, 10)

    def model():
        made = Sequential([layers.Dense(2)], (4,), seed=0)
        made.compile()
        return made

    one, other = model(), model()
    one.fit(x, y, batch_size=4, epochs=2, verbose=False)
    other.fit(x, y, batch_size=4, steps_per_epoch=2, epochs=3, verbose=False)
    assert same_weights(one, other)
    pair = (x[:3], y[:3])
    history = one.fit(x, y, 4, validation_data=pair, validation_steps=2, verbose=False)
    assert 0 <= history["val_accuracy"][0] <= 1
    with pytest.raises(ValueError, match="steps_per_epoch must be at least 1"):
        one.fit(x, y, steps_per_epoch=0)


def reject(call, message, folder):
    """``call(model)`` raises before training starts."""
    model = small(folder)
    before = model.get_weights()
    with pytest.raises(ValueError, match=message):
        call(model)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    assert folder._epochs == 0


def test_what_does_not_fit_is_refused_before_training(folder, tmp_path):
    data = datasets.image_folder(folder, (16, 20))
    other = datasets.image_folder(folder, (20, 16))
    shape = r"conv2d_1 \(Conv2D\): expected images \(images, 16, 20, 3\), got"
    reject(lambda model: model.fit(other), shape, data)
    reject(lambda model: model.fit(data, validation_data=other), shape, data)
    reject(lambda model: model.evaluate(other), shape, data)
    reject(lambda model: model.predict(other), shape, data)
    reject(lambda model: model.fit(data, data.labels), "brings its labels .* leave out y", data)
    reject(lambda model: model.fit(data, batch_size=5), "leave out batch_size", data)
    reject(lambda model: model.predict(data, 5), "leave out batch_size", data)
    one_hot = datasets.image_folder(folder, (16, 20), class_mode="categorical")
    reject(
        lambda model: model.fit(one_hot),
        r"got \(2, 2\)\. These .*class_mode='categorical'.*Dense\(1",
        data,
    )
    birds = datasets.image_folder(make_folder(tmp_path / "b", 2, ("bird", "dog")), (16, 20))
    words = "expected the classes of the training data, cat, dog, got bird, dog"
    reject(lambda model: model.fit(data, validation_data=birds), words, data)


def test_bad_arguments(folder):
    for wrong, message in {
        "target_size": ("big", r"target_size must be \(height, width\), got 'big'"),
        "class_mode": ("two", "expected one of 'binary', 'categorical', 'sparse'"),
        "color": ("cmyk", "expected one of 'rgb', 'grayscale'"),
        "batch_size": (0, "batch_size must be at least 1"),
        "workers": (0, "workers must be at least 1"),
        "cache_megabytes": (-1, "cache_megabytes must be a finite number from 0 on, got -1"),
    }.items():
        with pytest.raises(ValueError, match=message[1]):
            datasets.image_folder(folder, **{wrong: message[0]})
    with pytest.raises(TypeError, match=r"augment must be an Augmentation or None"):
        datasets.image_folder(folder, augment=True)


def test_a_loss_that_explodes_says_so(folder, capsys):
    data = datasets.image_folder(folder, (16, 20), rescale=1)
    model = small(data)
    weights = model.get_weights()
    model.set_weights([weights[0] * np.nan, *weights[1:]])
    model.fit(data, epochs=3, verbose=False)
    assert "the inputs go up to 255: scale them" in capsys.readouterr().out


# Ctrl-C


@pytest.mark.parametrize("when", ["training", "validation", "reading"])
def test_ctrl_c_leaves_no_workers_behind(folder, when, monkeypatch):
    data = datasets.image_folder(folder, (16, 20), batch_size=2, seed=0)
    model = small(data)
    read, count, slowly = datasets.image_file.read_image, [], threading.Event()

    def interrupting(*arguments):
        count.append(1)
        if when == "reading" and len(count) == 7:
            os.kill(os.getpid(), signal.SIGINT)
        slowly.wait(0.02)  # so that the others are still at work
        return read(*arguments)

    def pressed(*arguments, **options):
        if len(count) > 2:
            signal.raise_signal(signal.SIGINT)
        return usual(*arguments, **options)

    monkeypatch.setattr(datasets.image_file, "read_image", interrupting)
    name = {"training": "_step", "validation": "_infer", "reading": "_step"}[when]
    usual = getattr(model, name)
    if when != "reading":
        setattr(model, name, pressed)
    with pytest.raises(KeyboardInterrupt) as caught:
        model.fit(data, epochs=3, validation_data=data, verbose=False)
    assert not readers()
    assert caught.tb is not None  # the traceback is alive, and with it all frames
    monkeypatch.undo()
    if when != "reading":
        setattr(model, name, usual)
    assert len(model.fit(data, verbose=False)["loss"]) == 1  # and it goes on


def test_a_loop_that_is_left_leaves_no_workers_behind(folder):
    data = datasets.image_folder(folder, (16, 20), batch_size=2)
    for _ in data:
        break
    assert not readers()


# The bundled photographs


def crop_of(file):
    """Photograph, left, top and side that a bundled file's name tells."""
    name, *numbers = Path(file).stem.split("-")
    return name, *map(int, numbers)


def test_the_bundled_photographs_are_cut_from_the_samples():
    from sklearn.datasets import load_sample_image

    size = 0
    pixels = {name: load_sample_image(f"{name}.jpg") for name in ("china", "flower")}
    taken = {}
    for part, count in {"train": 200, "validation": 100}.items():
        data = datasets.image_folder(PHOTOS / part)
        assert data.class_names == ("building", "plant")
        assert np.bincount(data.labels).tolist() == [count // 2] * 2
        for file in data.files:
            name, x, y, side = crop_of(file)
            crop = pixels[name][y : y + side, x : x + side].astype(int)
            read = datasets.read_image(PHOTOS / part / file).astype(int)
            assert read.shape == crop.shape == (side, side, 3)
            assert abs(read - crop).mean() < 8, file  # what JPEG does to it
            taken.setdefault((part, name), np.zeros((427, 640), bool))[
                y : y + side, x : x + side
            ] = 1
            size += (PHOTOS / part / file).stat().st_size
    for name in pixels:
        assert not (taken["train", name] & taken["validation", name]).any(), "pixels are shared"
    assert size < 3_000_000


def test_what_is_passed_over_is_counted(tmp_path, capsys):
    """Endings that are not read, and linked folders; a browser's ``.jfif`` is a JPEG."""
    for name in "cats", "dogs":
        (tmp_path / name).mkdir()
        Image.new("RGB", (4, 4)).save(tmp_path / name / "1.jfif", "JPEG")
    for name in "a.HEIC", "b.heic", "c.avif", "Thumbs.db", "notes", ".hidden.heic":
        (tmp_path / "cats" / name).write_bytes(b"?")
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    (tmp_path / "dogs" / "more").symlink_to(elsewhere, target_is_directory=True)
    folder = datasets.image_folder(tmp_path)
    assert folder.files == ("cats/1.jfif", "dogs/1.jfif")
    said = capsys.readouterr().out
    assert "passed over: 1 .avif, 1 .db, 2 .heic, 1 linked folders, 1 without an ending;" in said
