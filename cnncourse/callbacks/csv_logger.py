"""The figures of each epoch in a table."""

import csv
import io
from pathlib import Path

from ..support import arguments
from ..support.files import replacing
from .callback import Callback


class CSVLogger(Callback):
    """Writes the figures of each epoch to a table that spreadsheets and pandas read.

    Parameters
    ----------
    filename : str or pathlib.Path
    separator : str
        What stands between two columns.
    append : bool
        Whether rows of an earlier training stay. Of one that is resumed, those stay that are not
        done again.

    After each epoch the whole table is written anew and takes the old one's place, so that it is
    whole at every moment. Columns are ``epoch``, from 0, and the figures in alphabetical order.
    """

    def __init__(self, filename, separator=",", append=False):
        if not isinstance(filename, (str, Path)):
            raise TypeError(f"filename must be a path, got {filename!r}")
        if not isinstance(separator, str) or len(separator) != 1:
            raise ValueError(f"separator must be one character, got {separator!r}")
        self.filename = filename
        self.separator = separator
        self.append = arguments.flag(append, "append")

    def on_train_begin(self, logs=None):
        self._columns = ["epoch", *sorted(self.params["metrics"])]
        self._rows = self._earlier_rows() if self.append else []
        self._write()  # what cannot be written is better known now

    def on_epoch_end(self, epoch, logs=None):
        self._rows.append({"epoch": epoch} | logs)
        self._write()

    def _earlier_rows(self):
        path = Path(self.filename)
        if not path.exists():
            return []
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter=self.separator))
        if rows and sorted(rows[0]) != sorted(self._columns):
            raise ValueError(
                f"{path}: expected a table with the columns {', '.join(self._columns)}, got "
                f"{', '.join(map(str, rows[0]))}; take another filename, or append=False"
            )
        again = self.model.run.epoch  # epochs from here on are done (again)
        return rows if again == 0 else [row for row in rows if int(row["epoch"]) < again]

    def _write(self):
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self._columns, delimiter=self.separator, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows)
        with replacing(self.filename) as file:
            file.write(text.getvalue().encode())
