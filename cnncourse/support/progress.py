"""One progress bar for loops, notebooks and tests.

While it runs, the bar shows rate and time left; when it closes, it leaves one line without any
times (`fit` leaves an epoch's seconds), so that a notebook which is run again stores the same text.
It writes to standard output, because JupyterLab paints standard error red, and it needs no widgets.
"""

import sys
from collections.abc import Iterable

from tqdm import tqdm  # not tqdm.auto: its widget is stored in the notebook as a bar stuck at 0 %

from .arguments import described, flag, optional_text
from .checks import whole_number


class progress(tqdm):
    """A text bar over an iterable, or over ``total`` steps that the caller counts.

    Arguments are those of `tqdm <https://tqdm.github.io>`_; ``desc`` is the text before the bar,
    ``closing`` the format of what stays. Raises ``TypeError`` for what cannot be gone through.

    >>> sum(progress([1, 2, 3], "adding", disable=True))  # silently, in a test
    6
    """

    WIDTH = 96  # characters of every line the bar writes: more would wrap in JupyterLab

    CLOSING = "{n_fmt}/{total_fmt} |{bar:10}|{postfix}"  # the last line's format, in tqdm's words

    def __init__(self, iterable=None, desc=None, closing=CLOSING, **options):
        if iterable is not None and not _can_be_gone_through(iterable):
            raise TypeError(f"iterable must be a list or the like, got {described(iterable)}")
        optional_text(desc, "desc")
        if options.get("total") is not None:
            options["total"] = whole_number(options["total"], "total", least=0)
        if options.get("disable") is not None:
            flag(options["disable"], "disable")
        self.closing = closing
        super().__init__(iterable, desc, **{"file": sys.stdout, "ncols": self.WIDTH, **options})

    def __iter__(self):
        if self.iterable is None:
            raise TypeError("iterable is missing: this bar has only a total, call update() instead")
        return super().__iter__()

    def close(self):
        """Leave the last line as ``closing`` says: ``reading: 3/3 |####|, loss 0.1``."""
        if not self.disable:
            self.bar_format = ("{desc}: " if self.desc else "") + self.closing
        super().close()

    @staticmethod
    def format_meter(*args, **kwargs):
        """The line as tqdm formats it, padded: equally long lines overwrite each other wholly."""
        return tqdm.format_meter(*args, **kwargs).ljust(progress.WIDTH)

    def say(self, text):
        """Write a line of its own above the bar; ``print`` inside the loop would tear the bar."""
        self.write(str(text).ljust(self.WIDTH), file=self.fp)


def _can_be_gone_through(iterable):
    """Whether ``for`` goes through it; an array without axes says so, and cannot."""
    return isinstance(iterable, Iterable) and getattr(iterable, "ndim", 1) != 0
