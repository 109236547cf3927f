"""``python -m cnncourse``, or ``cnncourse``: the commands.

Old Pythons read this file, to be told that they are too old: see ``checkup``.
"""

import argparse
import sys
from importlib import import_module

from .checkup import python
from .checkup.diagnosis import TO_DO

PURPOSE = "Take the course home, look after it, and teach from it."
COMMANDS = {
    "start": "make a folder with the chapters to work in, or bring one up to date",
    "doctor": "check whether the course runs on this machine",
    "data": "say which data sets are here, get the others",
    "grade": "run students' notebooks, and write their marks as CSV",
    "export": "write a saved model as C, ONNX, WebAssembly or a web page",
    "slides": "write chapters as slides, each one file for a browser",
}


def main(arguments=None):
    """Run a command, and give its exit status.

    0: all is well; 1: it is not, and a line says why; 2: the command is called in a wrong way; 130:
    Ctrl-C has stopped it.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="python -m cnncourse", description=PURPOSE)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    try:
        for name, purpose in COMMANDS.items():
            command = commands.add_parser(name, help=purpose)
            if arguments[:1] == [name]:
                _prepare(command, name)
        options = parser.parse_args(arguments)
        return options.run(options)
    except KeyboardInterrupt:
        return 130  # as shells have it
    except ImportError as error:
        why = f"{error}. python -m cnncourse doctor says what to install."
    except (OSError, ValueError) as error:
        why = error
    print(f"cnncourse {arguments[0]}: {why}", file=sys.stderr)
    return 1


def _prepare(parser, name):
    """Give the parser of a command its options; the files of the others are not even imported."""
    this = python.examine()
    if name != "doctor" and this.verdict == TO_DO:
        parser.exit(1, f"Python {this.text}: {this.advice}.\n")
    module = import_module(f".commands.{name}", __package__)
    parser.description = module.__doc__
    module.add_arguments(parser)
    parser.set_defaults(run=module.run)


if __name__ == "__main__":
    sys.exit(main())
