"""``python -m cnncourse export MODEL.npz --to c99``: a saved model as a file for something else."""

from pathlib import Path

from .. import datasets
from .. import export as exports
from ..model.sequential import Sequential

FORMATS = ("c99",)
CALIBRATION_IMAGES = 500


def add_arguments(parser):
    """The options of the command, for `argparse`."""
    parser.add_argument("model", type=Path, help="a model that model.save has written")
    parser.add_argument("--to", required=True, choices=FORMATS, help="what to write")
    parser.add_argument("--output", type=Path, help="the file (default: beside the model)")
    parser.add_argument(
        "--dtype", choices=("float32", "int8"), default="float32", help="numbers to compute in"
    )
    parser.add_argument(
        "--calibration",
        metavar="DATASET",
        default="mnist",
        help="for int8: the data set that the model was trained on (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(options):
    """Write the file, and print what it takes of a board."""
    model = Sequential.load(options.model)
    path = options.output or options.model.with_suffix(".c")
    calibration = None
    if options.dtype == "int8":
        calibration = datasets.load(options.calibration).train.images[:CALIBRATION_IMAGES]
    print(exports.to_c(model, path, options.dtype, calibration))
    print(f"written to {path}")
