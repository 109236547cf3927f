"""What a work folder was given: by it, a file that a person has changed is known."""

import json
from hashlib import sha256

from ..support.files import remove_abandoned, replacing

NAME = ".cnncourse.json"
LEFT = f"**/.*.{'[0-9a-f]' * 32}.part"  # by a process that was killed while it wrote


def checksum(content):
    """What a file's content is known by."""
    return sha256(content).hexdigest()


class Record:
    """Which versions each file was given in, whenever that was, and at which places."""

    def __init__(self, folder):
        self.path = folder / NAME
        try:
            self.given = _read(self.path)
        except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
            self.given = {}  # new, or damaged: then every file counts as a person's own

    def knows(self, name, content):
        """Whether the file was ever given with this content, so that nobody has changed it."""
        return any(checksum(content) in versions for versions in self._places(name).values())

    def gave(self, name, place, content):
        """Whether it was given with this content at this very place."""
        return checksum(content) in self._places(name).get(place, ())

    def _places(self, name):
        return self.given.get(name, {})

    def add(self, deliveries):
        """Write down what will be given, before it is: (name, place, content) of each file.

        A process that is killed between the two leaves a file that is missing, or known.
        """
        for name, place, content in deliveries:
            versions = self.given.setdefault(name, {}).setdefault(place, [])
            if checksum(content) not in versions:
                versions.append(checksum(content))
        with replacing(self.path) as file:
            file.write(json.dumps(self.given, indent=1, sort_keys=True).encode())
        remove_abandoned(self.path, LEFT)


def _read(path):
    """The checksums of the versions, by the place where they were given, by the file's name."""
    given = json.loads(path.read_bytes())
    return {
        name: {place: list(versions) for place, versions in places.items()}
        for name, places in given.items()
    }
