"""``python -m cnncourse doctor``: check whether the course runs on this machine. ``export``: write
a saved model as C, as ONNX or as a web page."""

import argparse

from .commands import doctor, export


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m cnncourse", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    check = commands.add_parser("doctor", help="check whether the course runs on this machine")
    check.set_defaults(run=lambda options: doctor.report())
    write = commands.add_parser("export", help="write a saved model as C, ONNX or a web page")
    export.add_arguments(write)
    options = parser.parse_args(arguments)
    options.run(options)


if __name__ == "__main__":
    main()
