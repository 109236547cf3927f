"""Where in its photograph each image of the folder was cut."""

from matplotlib.patches import Rectangle

from ...plots.figure import COLOURS
from ...plots.photographs import Photographs

PARTS = {"train": (COLOURS[5], "-"), "validation": (COLOURS[1], "--")}  # seen on a photograph


def where_from(photographs, files):
    """Photographs, with a frame where each image was cut.

    ``photographs``: name → (height, width, 3), bytes; ``files``: "train" and "validation" → names
    such as "china-120-95-64.jpg": cut from the photograph "china", 120 pixels from the left and 95
    from the top, 64 wide and high. Paths may stand before the names.

    >>> where_from({"a": [[[0, 0, 0]] * 90] * 90}, {"train": ["a-0-0-9.jpg"],
    ...            "validation": ["a-20-9-9.jpg", "x/a-0-9-9.jpg"]}).alt
    'Where the images were cut. From a: 1 to train on, 2 to validate with'
    """
    cuts = {part: [_cut(name) for name in files[part]] for part in PARTS}
    counts = {
        photograph: [sum(cut[0] == photograph for cut in cuts[part]) for part in PARTS]
        for photograph in photographs
    }
    alt = "Where the images were cut" + "".join(
        f". From {photograph}: {train} to train on, {validation} to validate with"
        for photograph, (train, validation) in counts.items()
    )
    figure = Photographs(alt, 4.8 * len(photographs), 3.6)
    axes = figure.subplots(1, len(photographs), squeeze=False)[0]
    for ax, (photograph, pixels) in zip(axes, photographs.items(), strict=True):
        ax.imshow(pixels)
        ax.axis("off")
        for part, (colour, style) in PARTS.items():
            for name, left, top, side in cuts[part]:
                if name == photograph:
                    ax.add_patch(
                        Rectangle((left, top), side, side, fill=False, ec=colour, ls=style, lw=1)
                    )
    handles = [
        Rectangle((0, 0), 1, 1, fill=False, ec=colour, ls=style, lw=2)
        for colour, style in PARTS.values()
    ]
    figure.legend(handles, PARTS, loc="outside lower center", ncols=2)
    return figure


def _cut(name):
    """(photograph, left, top, side) of a file's name."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    photograph, *numbers = stem.split("-")
    return photograph, *map(int, numbers)
