"""Write data/emoji/emoji.png, the pictures that `datasets.canvases` pastes, in a row.

    npm pack emoji-datasource-twitter@15.1.2
    python tools/make_emoji.py emoji-datasource-twitter-15.1.2.tgz

The archive's pictures are Twemoji's, of 64×64 pixels with an alpha channel; they stay as they are.
data/README.md has source and licence.
"""

import io
import sys
import tarfile
from pathlib import Path

from PIL import Image

from cnncourse.datasets.canvases import PICTURES, SHEET

FOLDER = Path(__file__).parent.parent / "data" / "emoji"
INSIDE = "package/img/twitter/64/{}.png"  # of the archive
SIDE = 64  # pixels

# the characters of Unicode whose pictures these are
CODES = {
    "apple": "1f34e",
    "banana": "1f34c",
    "car": "1f697",
    "cat": "1f431",
    "fish": "1f420",
    "rocket": "1f680",
    "tree": "1f333",
    "umbrella": "2614",
    "ball": "26bd",
    "butterfly": "1f98b",
    "crab": "1f980",
    "frog": "1f438",
    "grapes": "1f347",
    "house": "1f3e0",
    "sailboat": "26f5",
    "star": "2b50",
}


def main(archive):
    sheet = Image.new("RGBA", (SIDE * len(PICTURES), SIDE))
    with tarfile.open(archive) as files:
        for place, name in enumerate(PICTURES):
            content = files.extractfile(INSIDE.format(CODES[name])).read()
            picture = Image.open(io.BytesIO(content)).convert("RGBA")
            if picture.size != (SIDE, SIDE):
                raise SystemExit(f"{name}: expected {SIDE}×{SIDE} pixels, got {picture.size}")
            sheet.paste(picture, (SIDE * place, 0))
    FOLDER.mkdir(exist_ok=True)
    sheet.save(FOLDER / SHEET, optimize=True)
    print(f"{FOLDER / SHEET}: {(FOLDER / SHEET).stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
