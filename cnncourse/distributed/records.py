"""The results of a study on disk: a file of JSON for each of its settings."""

import hashlib
import inspect
import json
from collections.abc import Iterable, Mapping

import numpy as np

from ..support import checks
from ..support.arguments import described
from ..support.files import replacing

DIGITS = 16  # of a digest, in a file's name


class Records:
    """Results of one function, by its settings, in a folder that is made if it is not there.

    ``candidates``: all settings that are wanted. Raises ``TypeError`` for what is no function, or
    for settings that it does not take.
    """

    def __init__(self, folder, function, candidates):
        if not callable(function):
            raise TypeError(f"function must be a function, got {described(function)}")
        if not isinstance(candidates, Iterable) or isinstance(candidates, (str, Mapping)):
            raise TypeError(
                "candidates must be a list of dicts, such as [{'seed': 0}, {'seed': 1}], got "
                f"{described(candidates)}"
            )
        self.name = getattr(function, "__qualname__", type(function).__name__)
        self.candidates = [_settings(each, function, self.name) for each in candidates]
        self.folder = checks.file_path(folder, "folder")
        self.folder.mkdir(parents=True, exist_ok=True)

    def missing(self):
        """The settings without a result, each once."""
        by_path = {self._path(settings): settings for settings in self.candidates}
        return [settings for path, settings in by_path.items() if not path.exists()]

    def keep(self, settings, result):
        """Write a result, so that its file is there whole or not at all."""
        record = {"function": self.name, "settings": settings, "result": result}
        text = json.dumps(record, default=_plain, indent=1)
        with replacing(self._path(settings)) as file:
            file.write(text.encode())

    def result(self, settings):
        """The result that is kept for these settings.

        Raises ``ValueError`` for a file that is none.
        """
        path = self._path(settings)
        try:
            return json.loads(path.read_text(encoding="utf-8"))["result"]
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(
                f"{path}: expected a result that distributed.study has kept, got something else "
                f"({error!r}); remove it, and it is computed again"
            ) from None

    def _path(self, settings):
        text = json.dumps([self.name, settings], default=_plain, sort_keys=True)
        return self.folder / f"{hashlib.sha256(text.encode()).hexdigest()[:DIGITS]}.json"


def _settings(settings, function, name):
    """One of the candidates, if the function takes it and JSON can hold it."""
    if not isinstance(settings, Mapping) or not all(isinstance(key, str) for key in settings):
        raise TypeError(
            "candidates must be dicts by the names of the function's arguments, got "
            f"{described(settings)}"
        )
    try:
        inspect.signature(function).bind(**settings)
    except ValueError:  # some that are written in C say nothing of their arguments
        pass
    except TypeError as error:
        raise TypeError(f"candidates: {name} does not take {settings}: {error}") from None
    return dict(settings)


def _plain(value):
    """What NumPy gives, as JSON can hold it."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    raise TypeError(
        f"settings and results must be what JSON can hold (numbers, texts, lists, dicts), got "
        f"{described(value)}"
    )
