"""``python -m cnncourse doctor``: check whether the course runs on this machine."""

import argparse

from .commands import doctor


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m cnncourse", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    check = commands.add_parser("doctor", help="check whether the course runs on this machine")
    check.set_defaults(run=doctor.report)
    parser.parse_args(arguments).run()


if __name__ == "__main__":
    main()
