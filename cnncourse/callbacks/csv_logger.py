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
        expected = f"{path}: expected a table with the columns {', '.join(self._columns)}, got "
        advice = "; take another filename, or append=False"
        try:
            with open(path, newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file, delimiter=self.separator))
            epochs = [int(row["epoch"]) for row in rows if "epoch" in row]
        except (UnicodeDecodeError, csv.Error, TypeError, ValueError):
            raise ValueError(f"{expected}something else, or a damaged file{advice}") from None
        if rows and sorted(map(str, rows[0])) != sorted(self._columns):
            raise ValueError(f"{expected}{', '.join(map(str, rows[0]))}{advice}")
        again = self.model.run.epoch  # epochs from here on are done (again)
        if again == 0:
            return rows
        return [row for row, epoch in zip(rows, epochs, strict=True) if epoch < again]

    def _write(self):
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self._columns, delimiter=self.separator, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows)
        with replacing(self.filename) as file:
            file.write(text.getvalue().encode())
