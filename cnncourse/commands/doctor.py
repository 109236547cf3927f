"""``python -m cnncourse doctor``: will the course run on this machine, and how? A line for each
thing looked at: ok, warning or to do; with what to do. The exit status is 1 where something has to
be done before the course can run, and 0 otherwise."""

import json

from ..checkup import examine
from ..checkup.diagnosis import TO_DO, VERDICTS, worst

WIDTH = max(map(len, VERDICTS))


def add_arguments(parser):
    """The options of the command, for `argparse`."""
    parser.add_argument("--json", action="store_true", help="print all of it as JSON")


def run(options):
    """Print what was found. Gives the exit status."""
    found = examine()
    verdict = worst(one.verdict for one in found.values())
    if options.json:
        details = {name: one._asdict() for name, one in found.items()}
        print(json.dumps({"verdict": verdict, "found": details}, indent=2))
    else:
        _print(found)
    return int(verdict == TO_DO)


def report():
    """Print what was found, a line each, as chapter 00 does."""
    _print(examine())


def _print(found):
    names = max(map(len, found))
    for name, one in found.items():
        print(f"{one.verdict:<{WIDTH}}  {name:<{names}}  {one.text}")
        if one.advice:
            print(f"{'':<{WIDTH}}  {'':<{names}}  → {one.advice}")
