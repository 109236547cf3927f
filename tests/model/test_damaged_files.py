"""Damaged model files are refused in our words, or are the same model all the same.

pytest tests/model/test_damaged_files.py --damaged 5000
"""

import json
import re
import warnings

import numpy as np
import pytest
from small_models import everything, small, small_batch

from cnncourse import Sequential, layers, optimizers, schedules

X, Y = small_batch(16)


def named():
    return Sequential(
        [
            layers.Conv2D(2, 3, name="Zwölf Pixel", activation="relu"),
            layers.BatchNormalization(name="dense_2"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, name="dense_1"),
        ],
        (8, 7, 2),
        seed=0,
    )


def scheduled():
    return optimizers.SGD(schedules.ExponentialDecay(0.01, 100, 0.9), momentum=0.9)


MODELS = {
    "adam": (everything, lambda: "adam"),
    "momentum and a schedule": (small, scheduled),
    "names": (named, lambda: "rmsprop"),
    "neither compiled nor trained": (small, None),
}


@pytest.fixture(params=MODELS)
def path(request, tmp_path):
    make, optimizer = MODELS[request.param]
    model = make()
    if optimizer is not None:
        model.compile(optimizer())
        model.fit(X, Y, verbose=0)
    model.save(tmp_path / "model.npz")
    return tmp_path / "model.npz"


def state(model):
    """All that a file keeps of a model, as text and arrays."""
    from cnncourse.model import saving

    return json.dumps(saving._describe(model)), saving._arrays(model)


def same(one, other):
    return one[0] == other[0] and all(
        np.array_equal(array, other[1][name]) for name, array in one[1].items()
    )


OURS = "PATH: expected a model that cnncourse saved", "PATH: the model in it is incomplete"
OTHERS = re.compile("zip|CRC|magic|header|token|JSON|char|npy|pickle|decode|encrypt|compress|seek")


def refused(path, expected):
    """Whether the file is refused, as it should be; else it must be as ``expected``."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = Sequential.load(path)
        except ValueError as error:
            text = str(error).replace(str(path), "PATH")
            assert text.startswith(OURS)
            assert not OTHERS.search(text)
            return True
    assert same(state(model), expected)
    return False


def damaged(content, rng):
    """A copy with one kind of damage."""
    content, kind = bytearray(content), rng.integers(6)
    at = int(rng.integers(len(content)))
    if rng.random() < 0.5:  # zips keep their directories at the ends
        at = int(min(rng.exponential(300), len(content) - 1))
        at = at if rng.random() < 0.3 else len(content) - 1 - at
    if kind == 0:
        content[at] ^= 1 << rng.integers(8)
    elif kind == 1:
        content[at] = (content[at] + rng.integers(1, 256)) % 256
    elif kind == 2:
        del content[at:]
    elif kind == 3:
        del content[at : at + int(rng.integers(1, 50))]
    elif kind == 4:
        content[at : at + 64] = bytes(len(content[at : at + 64]))
    else:
        content[at:at] = rng.bytes(int(rng.integers(1, 50)))
    return bytes(content)


def test_damaged_copies(path, request):
    content, expected = path.read_bytes(), state(Sequential.load(path))
    rng, count = np.random.default_rng(0), 0
    copies = request.config.getoption("--damaged") // len(MODELS)
    for _ in range(copies):
        copy = damaged(content, rng)
        path.write_bytes(copy)
        count += refused(path, expected)
    print(f"{copies} copies of {len(content):,} bytes, {count} refused, the others the same model")
    assert count > copies / 2


def values(thing, keys=()):
    """The places of all values in a nest of dicts and lists."""
    yield keys
    if isinstance(thing, (dict, list)):
        for key in thing if isinstance(thing, dict) else range(len(thing)):
            yield from values(thing[key], (*keys, key))


def test_altered_descriptions(path, request):
    """... of a file that is whole: refused, or loaded, but no error of another kind."""
    with np.load(path) as file:
        arrays = dict(file)
    text = str(arrays.pop("description"))
    places = [keys for keys in values(json.loads(text)) if keys]
    rng = np.random.default_rng(0)
    for _ in range(request.config.getoption("--damaged") // len(MODELS) // 4):
        description = json.loads(text)
        *keys, last = places[rng.integers(len(places))]
        holder = description
        for key in keys:
            holder = holder[key]
        wrong = [None, "x", -1, [], {}, True, 0.5, "delete"][rng.integers(8)]
        if wrong == "delete":
            del holder[last]
        else:
            holder[last] = wrong
        np.savez(path, description=np.array(json.dumps(description)), **arrays)
        try:
            Sequential.load(path)
        except ValueError as error:
            assert str(error).startswith(f"{path}: ")


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\5\6" + bytes(18), b"\x93NUMPY", b"{}" * 999])
def test_what_never_was_a_model(content, tmp_path):
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"model\.npz: expected a model that cnncourse saved"):
        Sequential.load(path)


@pytest.mark.parametrize("description", ["", "[]", "3", '"text"', "{}", "[" * 100_000])
def test_descriptions_that_are_none(description, tmp_path):
    path = tmp_path / "model.npz"
    np.savez(path, description=np.array(description))
    with pytest.raises(ValueError, match=r"model\.npz: expected a model that cnncourse saved"):
        Sequential.load(path)
