"""Cut data/photos, a small folder of real photographs, out of scikit-learn's two sample images.

    python tools/make_photos.py

Squares are cut at random places in the regions below, and saved as they are, without resizing. No
region of the training part overlaps one of the validation part, so no pixel is in both. A file's
name says where it comes from: ``china-120-95-64.jpg`` begins 120 pixels from the left and 95 from
the top of china.jpg, and is 64 wide and high. data/README.md has sources and licence.
"""

import shutil
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_image

FOLDER = Path(__file__).parent.parent / "data" / "photos"
SIDES = 48, 96  # pixels, at least and at most
QUALITY = 90  # of the JPEG files

# part → class → (photograph, left, top, right, bottom), images cut there
REGIONS = {
    "train": {
        "building": [(("china", 75, 85, 225, 345), 100)],
        "plant": [
            (("china", 385, 300, 540, 427), 34),
            (("flower", 170, 90, 305, 355), 33),
            (("flower", 0, 30, 165, 427), 33),
        ],
    },
    "validation": {
        "building": [(("china", 230, 85, 345, 345), 50)],
        "plant": [
            (("china", 550, 140, 640, 427), 17),
            (("flower", 310, 90, 445, 355), 17),
            (("flower", 450, 0, 640, 350), 16),
        ],
    },
}


def cut(photograph, left, top, right, bottom, random):
    """A square somewhere in a region of a photograph, (height, width, 3), and its place."""
    side = int(random.integers(SIDES[0], min(SIDES[1], right - left, bottom - top) + 1))
    x = int(random.integers(left, right - side + 1))
    y = int(random.integers(top, bottom - side + 1))
    return photograph[y : y + side, x : x + side], (x, y, side)


def main():
    photographs = {name: load_sample_image(f"{name}.jpg") for name in ("china", "flower")}
    random = np.random.default_rng(seed=0)
    shutil.rmtree(FOLDER, ignore_errors=True)
    for part, classes in REGIONS.items():
        for class_name, regions in classes.items():
            folder = FOLDER / part / class_name
            folder.mkdir(parents=True)
            for (name, *region), count in regions:
                for _ in range(count):
                    pixels, place = cut(photographs[name], *region, random)
                    file = folder / f"{'-'.join(map(str, (name, *place)))}.jpg"
                    Image.fromarray(pixels).save(file, quality=QUALITY)


if __name__ == "__main__":
    main()
