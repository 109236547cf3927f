"""What turns a folder's files into images; it can be sent to other processes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import image_file


@dataclass(frozen=True)
class ImageReader:
    """Reads the files of a folder, all in one size and colour; see `ImageFolder`'s arguments."""

    folder: Path
    target_size: tuple[int, int]
    color: str
    rescale: float

    def read(self, file):
        """The pixels of a file, a path from the folder on: (height, width, channels) uint8.

        Raises ``ValueError`` for one that cannot be used.
        """
        return image_file.read_image(self.folder / file, self.target_size, self.color)

    def scaled(self, pixels):
        """A batch (images, height, width, channels) float32 of the ``pixels`` of some files."""
        return np.multiply(np.stack(pixels), self.rescale, dtype=np.float32)
