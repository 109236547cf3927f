"""``python -m cnncourse grade FOLDER``: run students' notebooks, and write their marks as CSV.

FOLDER holds a folder for each student, or files such as ann-01-convolution.ipynb. Each notebook is
run on the first images of its data sets, and the check of each exercise is asked anew, with cases
that nobody has seen. What runs is students' code: grade where it can do no harm.
"""

import os
import random
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Event

from ..support.progress import progress
from ..support.text import table
from ..work_folder.course_files import course_files
from ..work_folder.delivery import deliver

SEEDS = 2**31


def add_arguments(parser):
    """The options of the command, for `argparse`."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="with the notebooks")
    parser.add_argument("--output", type=Path, help="the file (default: marks.csv in FOLDER)")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count(), help="notebooks at once (default: %(default)s)"
    )
    parser.add_argument(
        "--seconds", type=int, default=300, help="that a cell may take (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, help="of the checks' cases, to repeat a run (default: a new one)"
    )


def run(options):
    """Grade, write the marks, and print a table of them. Gives the exit status.

    It is 0 where every notebook could be graded.
    """
    if not (find_spec("nbclient") and find_spec("ipykernel")):
        raise ValueError(
            'grade needs nbclient and ipykernel, which come with JupyterLab: pip install "cnncourse'
            '[lab]"'
        )
    from ..grading import marking, marks, submissions

    if not options.folder.is_dir():
        raise NotADirectoryError(f"{options.folder} is no folder: name the one with the notebooks")
    found = submissions.submissions(options.folder)
    if not found:
        raise ValueError(f"there is no notebook in {options.folder}")
    seed = random.randrange(SEEDS) if options.seed is None else options.seed
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
        places = _places(Path(folder), len(found))
        stop = Event()
        mark = partial(marking.mark, seed=seed, seconds=options.seconds, stop=stop)
        try:
            graded = progress(pool.map(mark, found, places), desc="notebooks", total=len(found))
            all_marks = sum(graded, [])
        except KeyboardInterrupt:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    output = options.output or options.folder / "marks.csv"
    marks.write(all_marks, output)
    _report(all_marks)
    print(f"written to {output}; --seed {seed} draws the same cases again")
    return int(any(submission.fault for submission in found))


def _places(folder, count):
    """A folder to run each notebook in, from which ``../data`` leads to the photographs."""
    files = course_files(solutions=False).items()
    deliver(folder, {name: content for name, content in files if name.startswith("data/")})
    places = [folder / f"{number}" for number in range(count)]
    for place in places:
        place.mkdir()
    return places


def _report(all_marks):
    right, asked, faults = defaultdict(int), defaultdict(int), {}
    for one in all_marks:
        if not one.chapter:
            faults[one.file] = one.text
        elif one.mark != "":
            right[one.student, one.chapter] += one.mark
            asked[one.student, one.chapter] += 1
    rows = [[*key, f"{right[key]} of {asked[key]}"] for key in asked]
    print(table(["student", "chapter", "right"], rows))
    for file, fault in faults.items():
        print(f"not graded: {file}: {fault}")
