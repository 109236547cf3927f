"""What pyproject.toml cannot say: the chapters and their data go into the package.

They lie beside it, where readers of the repository look for them. In a wheel they lie within it, in
``cnncourse/course/``: nothing else is installed with a package, wherever that goes. An editable
installation finds them in the clone. (``cnncourse/support/course.py`` knows both places.)
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

# by name, as downloads and what students keep may lie beside them
COURSE = (
    "data/README.md",
    "data/emoji/*",
    "data/fashion-mnist-quick/*",
    "data/mnist/*",
    "data/photos/**/*.jpg",
    "notebooks/*.ipynb",
    "notebooks/pictures/*",
    "notebooks/solutions/*.ipynb",
    "notebooks/trained/**/*.npz",
)


class BuildWithCourse(build_py):
    """Copy the course's files, too, and name them where the source distribution asks for them."""

    def run(self):
        super().run()
        if not self.editable_mode:
            # what an earlier build has left there may have another name by now
            shutil.rmtree(Path(self.build_lib, "cnncourse", "course"), ignore_errors=True)
            for source, target in self._course().items():
                self.mkpath(str(Path(target).parent))
                self.copy_file(source, target)

    def get_source_files(self):
        return super().get_source_files() + list(self._course())

    def get_outputs(self, include_bytecode=True):
        return super().get_outputs(include_bytecode) + list(self._course().values())

    def _course(self):
        """Where each of the files lies → where it goes."""
        files = (path for pattern in COURSE for path in sorted(Path().glob(pattern)))
        return {str(path): str(Path(self.build_lib, "cnncourse", "course", path)) for path in files}


setup(cmdclass={"build_py": BuildWithCourse})
