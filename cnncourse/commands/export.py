"""``python -m cnncourse export MODEL.npz --to c99``: a saved model as a file for something else.

``--to onnx`` is for other programs, ``--to html`` and ``--to wasm`` are for a browser.
"""

from pathlib import Path

from .. import datasets
from .. import export as exports
from ..model.sequential import Sequential

ENDINGS = {"c99": ".c", "onnx": ".onnx", "html": ".html", "wasm": ".wasm"}
CALIBRATION_IMAGES = 500


def add_arguments(parser):
    """The options of the command, for `argparse`."""
    parser.add_argument("model", type=Path, help="a model that model.save has written")
    parser.add_argument("--to", required=True, choices=ENDINGS, help="what to write")
    parser.add_argument("--output", type=Path, help="the file (default: beside the model)")
    parser.add_argument(
        "--dtype",
        choices=("float32", "int8"),
        help="for c99 and wasm: numbers to compute in (default: float32)",
    )
    parser.add_argument(
        "--calibration",
        metavar="DATASET",
        default="mnist",
        help="for int8, and for html: the data set that the model was trained on "
        "(default: %(default)s)",
    )


def run(options):
    """Write the file, print where it lies, and what C takes of a board. Gives the exit status."""
    if options.dtype and options.to not in ("c99", "wasm"):
        raise ValueError(
            f"--dtype is for c99 and wasm: {options.to} has its own numbers; leave the option out"
        )
    model = Sequential.load(options.model)
    path = options.output or options.model.with_suffix(ENDINGS[options.to])
    if options.to == "onnx":
        exports.to_onnx(model, path)
    elif options.to == "html":
        exports.to_html(model, path, _images(options))
    else:
        dtype = options.dtype or "float32"
        calibration = _images(options) if dtype == "int8" else None
        if options.to == "wasm":
            exports.to_wasm(model, path, dtype, calibration)
        else:
            print(exports.to_c(model, path, dtype, calibration))
    print(f"written to {path}")
    return 0


def _images(options):
    return datasets.load(options.calibration).train.images[:CALIBRATION_IMAGES]
