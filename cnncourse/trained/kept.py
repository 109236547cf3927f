"""What a training leaves behind, in a small file: the network's weights and its history.

Kernels are kept in whole numbers of 8 bits, in steps of an eighth of their standard deviation: a
rounding that predictions hardly notice, and a file of a sixth of the size. Biases and statistics
are kept as they are. The file is a NumPy ``.npz``, and reading it runs nothing (no pickle).
"""

import json

import numpy as np

from ..model.history import History
from ..model.totals import in_words
from ..support.course import course_folder
from ..support.files import replacing

STEPS = 8  # in a standard deviation
LARGEST = 127  # steps from zero that 8 bits hold


def path_of(stem, cell):
    """Where the file of a training lies: ``stem`` of the chapter's notebook, ``cell`` its id."""
    return course_folder() / "notebooks" / "trained" / stem / f"{cell}.npz"


def keep(path, model, history):
    """Write what a network has learned, and the history of its training, to a file."""
    arrays = {}
    for number, weight in enumerate(model.get_weights()):
        arrays |= _rounded(number, weight)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        np.savez_compressed(file, history=np.array(json.dumps(history)), **arrays)


def load_trained(stem, cell, model):
    """Give a network of a chapter what it has learned, and show the history of its training.

    Arguments: ``stem``: of the chapter's notebook; ``cell``: the id of the cell that trains it;
    ``model``: as that cell makes it. Gives the `History`, which becomes the model's. Raises
    ``FileNotFoundError`` where nothing was kept, ``ValueError`` for another network.
    """
    path = path_of(stem, cell)
    if not path.exists():
        raise FileNotFoundError(f"{path}: nothing is kept of this training: train it here")
    with np.load(path) as file:
        history = History(json.loads(str(file["history"])))
        count = sum(name.startswith("weight") for name in file.files)
        weights = [file[f"weight{k}"] * file.get(f"step{k}", np.float32(1)) for k in range(count)]
    try:
        model.set_weights(weights)
    except ValueError as error:
        raise ValueError(
            f"the network that was trained is another one ({error}): build it as the chapter does, "
            f"or train it here"
        ) from None
    for epoch in history.epoch:
        figures = {name: values[epoch] for name, values in history.items()}
        print(f"epoch {epoch + 1}/{len(history.epoch)}: {in_words(figures)}")
    model.history = history
    return history


def _rounded(number, weight):
    """The arrays that stand for a weight, by their names in the file."""
    if weight.ndim == 1:
        return {f"weight{number}": weight}
    step = np.float32(max(weight.std() / STEPS, abs(weight).max() / LARGEST)) or np.float32(1)
    return {f"weight{number}": np.rint(weight / step).astype(np.int8), f"step{number}": step}
