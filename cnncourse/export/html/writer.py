"""`to_html`: the page's parts, put into one file."""

import re
from pathlib import Path

from ... import datasets
from ...demos.live_view import text as text_of_demos
from ...inference import network
from ...quantization import QuantizedModel, quantize
from ...support import checks
from ...support.files import replacing
from .packed import packed

HERE = Path(__file__).parent
IMAGE = (28, 28, 1)
CALIBRATION_IMAGES = 200
# in the order in which they are read: what the demos share, then what only the page has
SCRIPTS = ("network.js", "digit_image.js", "page.js")


def to_html(model, path, calibration=None):
    """Write a trained ``model`` to ``path``: a page to draw digits on, which runs the network.

    The file needs nothing else, neither a network nor Python: who opens it in a browser draws, and
    sees the probabilities and every layer's maps. It computes in whole numbers of 8 bits, the same
    as `quantization.QuantizedModel`.

    Parameters
    ----------
    model : Sequential or QuantizedModel
        A trained model for images of 28×28×1 with a value for each class, of the course's layers;
        or what `quantization.quantize` made of it.
    path : text or pathlib.Path
        The file to write.
    calibration : array (images, 28, 28, 1)
        A few hundred of the images that the model was trained on; see `quantization.quantize`.
        Left out, digits of MNIST. Not for a `QuantizedModel`, which has seen them.

    Raises ``TypeError`` and ``ValueError`` for what cannot be exported, and then writes no file;
    ``OSError`` where none can be written.

    >>> import tempfile
    >>> import numpy as np
    >>> from cnncourse import export, networks
    >>> path, images = Path(tempfile.mkdtemp()) / "digits.html", np.ones((2, 28, 28, 1))
    >>> export.to_html(networks.explained(), path, calibration=images)
    >>> path.read_text(encoding="utf-8").splitlines()[0]
    '<!doctype html>'
    """
    path = checks.file_path(path, "path")
    page = _page(_quantized(model, calibration))
    with replacing(path) as file:
        file.write(page.encode("utf-8"))


def _quantized(model, calibration):
    if isinstance(model, QuantizedModel):
        if calibration is not None:
            raise ValueError("calibration: a QuantizedModel has its scales; leave it out")
        _require_digits(model.network)
        return model
    _require_digits(network.of_model(model))
    if calibration is None:
        calibration = datasets.load("mnist", fallback="digits").train.images[:CALIBRATION_IMAGES]
    return quantize(model, calibration)


def _require_digits(found):
    if found.input_shape != IMAGE or len(found.output_shape) != 1:
        raise ValueError(
            f"model: expected one that takes images {IMAGE}, to draw on, and gives a row of "
            f"values, got one that takes {found.input_shape} and gives {found.output_shape}"
        )


def _page(model):
    demos = text_of_demos("common.js"), text_of_demos("draw_digit.js")
    sizes = model.sizes()
    parts = {
        "STYLE": text_of_demos("demos.css") + _text("page.css"),
        "SCRIPT": "\n".join([*demos, *map(_text, SCRIPTS)]),
        "NETWORK": packed(model),
        "LAYERS": str(len(model.steps)),
        "WEIGHTS": f"{sizes['weights']:,}",
        "MULTIPLY_ADDS": f"{sizes['multiply_adds']:,}",
    }
    return re.sub("@([A-Z_]+)@", lambda found: parts[found[1]], _text("page.html"))


def _text(name):
    return (HERE / name).read_text(encoding="utf-8")
