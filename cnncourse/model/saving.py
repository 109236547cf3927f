"""A model in one file: architecture, weights and the state of training.

The file is a NumPy ``.npz``: a zip of arrays, one of which holds the architecture as JSON. Reading
it runs nothing that the file says (no pickle), and writing it replaces an older file in one step.
"""

import inspect
import json

import numpy as np

from .. import initializers, layers, losses, optimizers, schedules
from ..support import checks
from ..support.arguments import described
from ..support.files import replacing
from ..support.text import arguments_of
from . import archive
from .history import History
from .run import Run

FORMAT = "cnncourse model 3"
ADVICE = "was it saved by model.save, and copied whole?"


def save(model, path):
    """Write ``model`` to ``path``; see `Sequential.save`."""
    description = np.array(json.dumps(_describe(model)))
    with replacing(path) as file:
        np.savez(file, description=description, **_arrays(model))
    own = getattr(model.backend, "replaced", {})
    if own:
        print(
            f"{path}: saved as a model for the device {model.backend.name!r}, without your own "
            f"{', '.join(own)}; after loading, model.to(kernels.variant(…)) puts it in again"
        )


def load(path, make_model, custom=()):
    """Read the model at ``path``; see `Sequential.load`. ``make_model``: the class to make."""
    path = checks.file_path(path, "path")
    if not isinstance(custom, (list, tuple)) or not all(isinstance(k, type) for k in custom):
        raise TypeError(
            f"custom must be a list of classes, such as [YourLayer], got {described(custom)}"
        )
    description, arrays = _read(path)
    try:
        return _rebuild(description, arrays, make_model, custom)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    except Exception as error:  # what an entry says may be anything, and make anything fail
        raise ValueError(f"{path}: the model in it is incomplete ({error!r}); {ADVICE}") from None


def _read(path):
    """The description and the arrays in the file at ``path``."""
    try:
        arrays = archive.read(path)
        description = json.loads(str(arrays.pop("description")))
        said = description["format"]
    except (archive.DamagedError, ValueError, TypeError, KeyError, RecursionError):
        raise _no_model(path, "it is not whole, or was never one") from None
    if said != FORMAT:
        raise _no_model(path, f"it says {described(said)}")
    return description, arrays


def _no_model(path, reason):
    return ValueError(
        f"{path}: expected a model that cnncourse saved ({FORMAT}), got something else or a "
        f"damaged file ({reason}); {ADVICE}"
    )


# Down: a model as JSON and arrays


def _describe(model):
    """All of the model but its arrays, as JSON can hold it."""
    return {
        "format": FORMAT,
        "input_shape": model.input_shape and [int(size) for size in model.input_shape],
        "layers": [_entry(layer) for layer in model.layers],
        "optimizer": model.optimizer
        and {
            "type": type(model.optimizer).__name__,
            "arguments": _arguments(model.optimizer),
            "iterations": model.optimizer.steps_taken(model.layers),
            "excluded": list(model.optimizer.excluded),
        },
        "loss": model.loss
        and {"type": type(model.loss).__name__, "arguments": _arguments(model.loss)},
        "generators": {name: rng.bit_generator.state for name, rng in model.generators().items()},
        "run": model.run.state(),
        "history": {"first_epoch": model.history.first_epoch, "figures": model.history},
    }


def _entry(layer):
    """A layer as JSON can hold it; those that it is made of are among its arguments."""
    return {
        "type": type(layer).__name__,
        "name": layer.name,
        "arguments": _arguments(layer),
        "trainable": layer.trainable,
    }


def _arguments(thing):
    """The constructor's arguments, as JSON can hold them."""
    return {name: _plain(value) for name, value in arguments_of(thing).items()}


def _plain(value):
    """An argument as JSON can hold it."""
    if isinstance(value, layers.Layer):  # an activation, which is given by its name
        return value.keras_name
    for name, kind in initializers.BY_NAME.items():
        if isinstance(value, kind):
            return {"initializer": name, **vars(value)}
    if isinstance(value, schedules.LearningRateSchedule):
        return {"schedule": type(value).__name__, "arguments": _arguments(value)}
    if isinstance(value, (tuple, list)):
        return [_entry(item) if isinstance(item, layers.Layer) else _plain(item) for item in value]
    if isinstance(value, np.generic):  # a NumPy scalar, as a learning rate from an array is one
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"a model with the argument {value!r} cannot be saved")


def _arrays(model):
    """The model's arrays under the names ``weights/conv2d_1/kernel``, ``slots/…/mean``."""
    arrays = {}
    for layer in model.parts:
        for name, weight in _held(layer).items():
            arrays[f"weights/{layer.name}/{name}"] = layer.backend.to_numpy(weight)
        if model.optimizer is not None:
            for name in layer.parameters:
                slots = model.optimizer.slots_of(layer, name)
                for slot, array in zip(model.optimizer.slots, slots, strict=True):
                    key = f"slots/{layer.name}/{name}/{slot}"
                    arrays[key] = layer.backend.to_numpy(array)
    return arrays


def _held(layer):
    """The weights that a layer holds itself, by name: not those of layers that it is made of."""
    return layer.parameters | layer.statistics


# And up again


def _rebuild(description, arrays, make_model, custom):
    """The model that the description and the arrays make up."""
    own = {kind.__name__: kind for kind in custom}
    model = make_model(input_shape=description["input_shape"])
    for entry in description["layers"]:
        layer = _make(entry, vars(layers) | own)
        parts = list(zip(layer.parts, _entries(entry), strict=True))
        named = [part.named for part, _ in parts]
        for part, said in parts:
            part.name = said["name"]
        model.add(layer)
        for (part, said), by_hand in zip(parts, named, strict=True):
            part.named = by_hand
            part.trainable = said["trainable"]
    if description["optimizer"]:
        loss = _make(description["loss"], vars(losses) | own)
        model.compile(_make(description["optimizer"], vars(optimizers) | own), loss)
        model.optimizer.exclude_from_weight_decay(description["optimizer"]["excluded"])
        model.optimizer.resume(model.layers, description["optimizer"]["iterations"])
    names = [f"weights/{layer.name}/{name}" for layer in model.parts for name in _held(layer)]
    model.set_weights([arrays[name] for name in names])
    if model.optimizer is not None:
        for layer in model.parts:
            for name in layer.parameters:
                slots = model.optimizer.slots_of(layer, name)
                for slot, array in zip(model.optimizer.slots, slots, strict=True):
                    array[...] = layer.backend.asarray(arrays[f"slots/{layer.name}/{name}/{slot}"])
    for name, rng in model.generators().items():
        _resume(name, rng, description["generators"][name])
    model.run = Run.from_state(description["run"])
    history = description["history"]
    model.history = History(history["figures"], history["first_epoch"])
    return model


def _entries(entry):
    """The entries of a layer's ``parts``, in their order: its own, and those in its arguments."""
    yield entry
    for value in entry["arguments"].values():
        for item in value if isinstance(value, list) else ():
            if isinstance(item, dict) and "type" in item:
                yield from _entries(item)


def _resume(name, rng, state):
    """Bring a random generator to the state that a file has for it."""
    try:
        rng.bit_generator.state = state
    except (ValueError, TypeError, KeyError, OverflowError):
        raise ValueError(f"the state of the generator {name!r} in it is none; {ADVICE}") from None


def _make(entry, kinds):
    """The layer, optimizer or loss that an entry describes, if its type is a known one."""
    kind = kinds.get(entry["type"])
    if not (inspect.isclass(kind) and issubclass(kind, KINDS)):
        raise ValueError(
            f"the model has a part of the type {entry['type']!r}, which is not cnncourse's; if it "
            "is one of yours, name its class: Sequential.load(path, custom=[YourLayer])"
        )
    arguments = {name: _argument(value, kinds) for name, value in entry["arguments"].items()}
    return kind(**arguments)


def _argument(value, kinds):
    """An argument from what `_plain` made of it."""
    if isinstance(value, list):
        return [_argument(item, kinds) for item in value]
    if not isinstance(value, dict):
        return value
    if "type" in value:
        return _make(value, kinds)
    if "schedule" in value:
        known = vars(schedules) | kinds
        return _make({"type": value["schedule"], "arguments": value["arguments"]}, known)
    arguments = {name: argument for name, argument in value.items() if name != "initializer"}
    return initializers.BY_NAME[value["initializer"]](**arguments)


KINDS = (layers.Layer, optimizers.Optimizer, losses.Loss, schedules.LearningRateSchedule)
