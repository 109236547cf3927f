"""Image files: colours and orientations that come out right, and all that may be wrong with one."""

import io
import os
import struct
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnncourse import Sequential, datasets, layers
from cnncourse.datasets import read_image
from cnncourse.datasets.image_file import read_size

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def quarters(width=80, height=48):
    """Red and green above, blue and white below: no two of its eight orientations are alike."""
    pixels = np.empty((height, width, 3), np.uint8)
    rows, columns = slice(height // 2), slice(width // 2)
    pixels[:], pixels[rows], pixels[rows, columns] = WHITE, GREEN, RED
    pixels[height // 2 :, columns] = BLUE
    return Image.fromarray(pixels)


def corners(pixels):
    """The colours in the middles of the four quarters, row by row."""
    height, width = pixels.shape[:2]
    return [
        pixels[y, x].astype(int)
        for y in (height // 4, 3 * height // 4)
        for x in (width // 4, 3 * width // 4)
    ]


def close(pixels, expected, tolerance=40):
    found = corners(pixels)
    return all(
        abs(a - np.array(b)).max() <= tolerance for a, b in zip(found, expected, strict=True)
    )


# Colours and orientations


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_cameras_orientation_is_obeyed(tmp_path, orientation):
    upright = quarters()
    stored = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    image = upright if stored is None else upright.transpose(stored)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "lying.jpg"
    image.save(path, quality=95, exif=exif)
    assert read_size(path) == (48, 80)
    assert read_image(path).shape == (48, 80, 3)
    for target in (None, (48, 80), (10, 16), (150, 150)):
        assert close(read_image(path, target), (RED, GREEN, BLUE, WHITE)), target


@pytest.mark.parametrize("ending", [".jpg", ".png", ".bmp", ".webp", ".tif", ".gif"])
def test_formats(tmp_path, ending):
    path = tmp_path / f"image{ending}"
    quarters().save(path, **({"lossless": True} if ending == ".webp" else {}))
    assert close(read_image(path, (24, 40)), (RED, GREEN, BLUE, WHITE))


def test_greyscale(tmp_path):
    path = tmp_path / "grey.jpg"
    Image.fromarray(np.full((20, 20), 90, np.uint8)).save(path)
    pixels = read_image(path)
    assert pixels.shape == (20, 20, 3)
    assert (abs(pixels.astype(int) - 90) <= 2).all()
    assert read_image(path, color="grayscale").shape == (20, 20, 1)


@pytest.mark.parametrize("ending", [".jpg", ".tif"])
def test_cmyk(tmp_path, ending):
    path = tmp_path / f"printed{ending}"
    quarters().convert("CMYK").save(path)
    assert Image.open(path).mode == "CMYK"
    assert close(read_image(path), (RED, GREEN, BLUE, WHITE))
    luma = [[76], [150], [29], [255]]
    assert close(read_image(path, color="grayscale"), luma)


def test_palette_and_transparency(tmp_path):
    path = tmp_path / "indexed.png"
    indexed = quarters().quantize(4)
    indexed.save(path)
    assert Image.open(path).mode == "P"
    assert close(read_image(path), (RED, GREEN, BLUE, WHITE))
    indexed.save(path, transparency=indexed.getpixel((0, 0)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert close(read_image(path), (WHITE, GREEN, BLUE, WHITE))
    alpha = quarters().convert("RGBA")
    alpha.putalpha(
        Image.fromarray(
            np.repeat([[0], [255]], [24, 24], axis=0).astype(np.uint8).repeat(80, axis=1)
        )
    )
    alpha.save(path)
    assert close(read_image(path), (WHITE, WHITE, BLUE, WHITE))


def test_sixteen_bits_and_one(tmp_path):
    deep = np.array([[0, 65535], [32768, 16384]], np.uint16).repeat(8, 0).repeat(8, 1)
    for ending in (".png", ".tif"):
        Image.fromarray(deep).save(tmp_path / f"deep{ending}")
        assert close(read_image(tmp_path / f"deep{ending}"), ([0], [255], [128], [64]), 1)
    Image.fromarray(deep > 20000).save(tmp_path / "bits.png")
    assert close(read_image(tmp_path / "bits.png"), ([0], [255], [255], [0]), 0)


def test_resizing_averages(tmp_path):
    path = tmp_path / "board.png"
    board = np.indices((300, 300)).sum(axis=0) % 2 * 255
    Image.fromarray(board.astype(np.uint8)).save(path)
    assert abs(read_image(path, (30, 30)).astype(int) - 127).max() <= 2


def test_a_large_jpeg_is_decoded_small(tmp_path):
    path = tmp_path / "large.jpg"
    quarters(1600, 960).save(path, quality=90)
    small = np.asarray(Image.open(path).resize((150, 150), Image.Resampling.BOX)).astype(int)
    assert abs(read_image(path, (150, 150)) - small).mean() < 2


# Faults: what each file holds, and what is said of it (None: it is an image, and is read)


def jpeg(image=None, **options):
    file = io.BytesIO()
    (image or quarters()).save(file, "JPEG", **options)
    return file.getvalue()


def noise(side=64):
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8))


def bomb():
    """A PNG of 30,000×30,000 pixels, all black: 900 megapixels in about 100 kB."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + 30_000 // 8)) for _ in range(30_000))
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    packed = chunk(b"IDAT", rows + packer.flush())
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + packed + chunk(b"IEND", b"")


FAULTS = {
    "truncated.jpg": (lambda: jpeg(noise())[:-900], "image file is truncated"),
    "cut in its header.jpg": (lambda: jpeg()[:100], None),
    "text.jpg": (lambda: b"this is no picture\n" * 50, "its content is no image"),
    "nothing.jpg": (lambda: b"", "it is empty, 0 bytes"),
    "bomb.png": (bomb, "more pixels than the 89,478,485"),
    "junk.png": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "no image|broken"),
    "program.eps": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", ""),
    "program.jpg": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no image"),
}
FAULTS["cut in its header.jpg"] = (FAULTS["cut in its header.jpg"][0], "image|truncated|header")
PASSED_OVER = ("program.eps",)
FINE = {
    "one pixel.jpg": lambda: jpeg(Image.new("RGB", (1, 1), RED)),
    "日本 の庭 – été.jpg": jpeg,
    "SHOUTED.JPG": jpeg,
    "deeper/and deeper/jardín.jpeg": jpeg,
    "wrongly.png": jpeg,  # what counts is the content
}


@pytest.fixture
def folder(tmp_path):
    """Two classes of fine images, to which a test adds others."""
    path = tmp_path / "schöne bilder"
    for name in ("cat", "dog"):
        (path / name).mkdir(parents=True)
        for k in range(4):
            (path / name / f"{k}.jpg").write_bytes(jpeg())
    return path


def add(folder, name, content):
    file = folder / "dog" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def trained(data):
    """The history of two epochs on a folder, and evaluation and prediction after it."""
    model = Sequential(
        [layers.Flatten(), layers.Dense(1, activation="sigmoid")], data.image_shape, seed=0
    )
    model.compile("sgd", "binary_crossentropy")
    history = model.fit(data, epochs=2, validation_data=data, verbose=False)
    assert all(np.isfinite(history[name]).all() for name in ("loss", "val_loss"))
    assert len(history["loss"]) == 2
    assert np.isfinite(model.evaluate(data)).all()
    assert model.predict(data).shape == (len(data.files), 1)


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in PASSED_OVER])
def test_a_faulty_file_is_skipped_by_name(folder, name, capsys):
    make, reason = FAULTS[name]
    file = add(folder, name, make())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = datasets.image_folder(folder, (16, 16), batch_size=3)
        trained(data)
        with pytest.raises(ValueError, match=reason):
            read_image(file)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2, lines
    assert lines[0].startswith(f"skipped dog/{name}: ")
    assert str(folder) not in lines[0]
    assert lines[1] == "skipped 1 of 9 files in all, 8 are left"
    assert len(data.files) == 8 and len(data) == 3


@pytest.mark.parametrize("name", FINE)
def test_an_unusual_file_is_read(folder, name, capsys):
    add(folder, name, FINE[name]())
    data = datasets.image_folder(folder, (16, 16), batch_size=3, shuffle=False)
    assert f"dog/{name}" in data.files
    trained(data)
    assert capsys.readouterr().out == ""


def test_one_pixel_fills_its_image(folder):
    file = add(folder, "one pixel.jpg", FINE["one pixel.jpg"]())
    pixels = read_image(file, (150, 150))
    assert pixels.shape == (150, 150, 3)
    assert abs(pixels.astype(int) - RED).max() <= 2


def test_other_files_are_passed_over(folder, capsys):
    for name in ("notes.txt", "._0.jpg", ".hidden/x.jpg", "Thumbs.db", "program.eps"):
        add(folder, name, b"no image")
    (folder / ".ipynb_checkpoints").mkdir()
    data = datasets.image_folder(folder)
    assert data.class_names == ("cat", "dog") and len(data.files) == 8
    assert "passed over: 1 .db, 1 .eps, 1 .txt; read are .jpg" in capsys.readouterr().out


def test_a_bomb_below_pillows_error_is_refused_too(folder, monkeypatch):
    file = add(folder, "large.png", b"")
    quarters().save(file)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 80 * 48 - 1)  # Pillow only warns up to twice it
    with pytest.raises(ValueError, match="if you trust it, raise PIL.Image.MAX_IMAGE_PIXELS"):
        read_size(file)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    assert read_size(file) == (48, 80)
    assert read_image(file).shape == (48, 80, 3)


def forbid(monkeypatch, forbidden):
    """Let opening the file fail as without permission, which no file refuses to root."""
    usual = io.open

    def guarded(file, *arguments, **options):
        if isinstance(file, (str, Path)) and Path(file) == forbidden:
            raise PermissionError(13, "Permission denied", str(file))
        return usual(file, *arguments, **options)

    monkeypatch.setattr("builtins.open", guarded)
    monkeypatch.setattr("io.open", guarded)


@pytest.mark.parametrize("from_the_start", [True, False])
def test_a_file_without_permission(folder, monkeypatch, capsys, from_the_start):
    file = folder / "dog" / "3.jpg"
    if from_the_start:
        forbid(monkeypatch, file)
    data = datasets.image_folder(folder, (16, 16), batch_size=3)
    if not from_the_start:
        forbid(monkeypatch, file)
    trained(data)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "skipped dog/3.jpg: Permission denied",
        "skipped 1 of 8 files in all, 7 are left",
    ]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_real_permissions(folder, capsys):
    (folder / "dog" / "3.jpg").chmod(0)
    trained(datasets.image_folder(folder, (16, 16)))
    assert "skipped dog/3.jpg: Permission denied" in capsys.readouterr().out
    (folder / "dog").chmod(0)
    with pytest.raises(PermissionError, match="dog: expected a folder that can be read"):
        datasets.image_folder(folder)
    (folder / "dog").chmod(0o755)


def test_a_folder_without_permission(folder, monkeypatch):
    usual = os.scandir

    def guarded(path):
        if Path(path).name == "dog":
            raise PermissionError(13, "Permission denied", str(path))
        return usual(path)

    monkeypatch.setattr(os, "scandir", guarded)
    with pytest.raises(PermissionError, match="dog: expected a folder that can be read"):
        datasets.image_folder(folder)


def test_a_file_that_vanishes(folder, capsys):
    data = datasets.image_folder(folder, (16, 16), batch_size=3)
    (folder / "cat" / "1.jpg").unlink()
    trained(data)
    assert "skipped cat/1.jpg: No such file or directory" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_what_is_no_regular_file(folder, capsys):
    os.mkfifo(folder / "cat" / "pipe.jpg")  # opening it would wait for ever
    (folder / "cat" / "gone.jpg").symlink_to(folder / "nowhere.jpg")
    trained(datasets.image_folder(folder, (16, 16)))
    out = capsys.readouterr().out
    assert "skipped cat/pipe.jpg: it is no regular file" in out
    assert "skipped cat/gone.jpg: it is no regular file" in out
    assert "skipped 2 of 10 files in all" in out


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text_is_still_one_line(folder, capsys):
    (Path(os.fsdecode(os.fsencode(folder) + b"/dog/\xff\n.jpg"))).write_bytes(b"no image")
    trained(datasets.image_folder(folder, (16, 16)))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == r"skipped dog/\udcff\n.jpg: its content is no image in a format read here"
    assert len(lines) == 2


def test_the_count_grows(folder, capsys):
    add(folder, "nothing.jpg", b"")
    add(folder, "truncated.jpg", jpeg(noise())[:-900])
    trained(datasets.image_folder(folder, (16, 16), batch_size=3))
    counts = [line for line in capsys.readouterr().out.splitlines() if "in all" in line]
    assert counts == [
        "skipped 1 of 10 files in all, 9 are left",
        "skipped 2 of 10 files in all, 8 are left",
    ]


def test_all_are_damaged(folder, capsys):
    for file in folder.rglob("*.jpg"):
        file.write_bytes(jpeg(noise())[:-900])
    data = datasets.image_folder(folder, (16, 16), batch_size=3)
    with pytest.raises(ValueError, match="none of the images in it could be read"):
        list(data)
    assert capsys.readouterr().out.count("skipped") == 9


# Folders that cannot be trained on: a clear error before training


def test_an_empty_class(folder):
    (folder / "bird").mkdir()
    with pytest.raises(ValueError, match="the class 'bird' has no image that can be read"):
        datasets.image_folder(folder, class_mode="sparse")
    (folder / "bird" / "0.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match="the class 'bird' has no image that can be read"):
        datasets.image_folder(folder, class_mode="sparse")


def test_one_class_only(folder):
    with pytest.raises(ValueError, match=r"at least two classes, got 0 \[\] and 4 images beside"):
        datasets.image_folder(folder / "cat")
    for file in (folder / "dog").iterdir():
        file.unlink()
    (folder / "dog").rmdir()
    with pytest.raises(ValueError, match=r"at least two classes, got 1 \['cat'\] and 0 images"):
        datasets.image_folder(folder)


def test_no_folder(folder):
    with pytest.raises(FileNotFoundError, match="one sub-folder for each class; No such file"):
        datasets.image_folder(folder / "nowhere")
    with pytest.raises(NotADirectoryError, match="Not a directory"):
        datasets.image_folder(folder / "cat" / "0.jpg")
