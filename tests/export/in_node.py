"""JavaScript of a written page, run by Node.js, where that is installed."""

import json
import shutil
import subprocess

import pytest

from cnncourse.export.html import writer

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(not NODE, reason="Node.js is not installed")


def evaluate(expression, given, folder):
    """The value of a JavaScript ``expression``, in which ``given`` is what it is here.

    The page's functions are at hand, but for those that need a page. Both are what JSON can hold.
    """
    path = folder / "run.js"
    scripts = [(writer.HERE / name).read_text("utf-8") for name in ("network.js", "digit_image.js")]
    path.write_text(
        "\n".join(
            [
                *scripts,
                'const given = JSON.parse(require("fs").readFileSync(0, "utf-8"));',
                f"process.stdout.write(JSON.stringify({expression}));",
            ]
        ),
        encoding="utf-8",
    )
    done = subprocess.run(
        [NODE, path], input=json.dumps(given), capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
