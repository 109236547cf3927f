"""One image file: what its header says of it, and its pixels.

Pillow decodes. Around it stand the things that go wrong with real photographs: cameras that were
turned, grey, printed (CMYK) and indexed (palette) colours, transparency, damaged files, and
small files that would unpack to gigabytes.
"""

import warnings
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from ..support import arguments, checks

ENDINGS = (".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff")
FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF")  # none that another program would decode
MODES = {"rgb": "RGB", "grayscale": "L"}
ROTATED = (5, 6, 7, 8)  # EXIF orientations that swap height and width


def read_image(path, target_size=None, color="rgb"):
    """The pixels of an image file, as you would see them in a viewer.

    Arguments: ``path``: a file in one of the formats JPEG, PNG, BMP, GIF (its first picture), WebP
    and TIFF; ``target_size``: (height, width) to resize to, whatever the image's proportions;
    ``None`` leaves its size; ``color``: ``"rgb"`` or ``"grayscale"``.

    Returns (height, width, 3), or with ``"grayscale"`` (height, width, 1): uint8, from 0 to 255.

    A camera's orientation is obeyed, transparent parts are laid on white, 16 bits a pixel become 8.
    Resizing averages over all the pixels that go into a new one. Raises ``ValueError`` that names
    the file and says what is wrong with it, whatever it is; ``TypeError`` or ``ValueError`` for
    another ``path``, ``target_size`` or ``color``.

    Example::

        pixels = datasets.read_image("holidays/cat.jpg", (150, 150))  # (150, 150, 3)
        model.predict(pixels[None] / 255)
    """
    path = checks.file_path(path, "path")
    if target_size is not None:
        target_size = checks.size(target_size, "target_size")
    color = arguments.one_of(color, "color", tuple(MODES))
    with _named(path):
        content = Path(path).read_bytes()
        _require_some(len(content))
        image = Image.open(BytesIO(content), formats=FORMATS)
        _require_moderate(image)
        if target_size is not None:
            # a JPEG can be decoded at a half, a quarter or an eighth of its size, much faster
            side = max(target_size)
            image.draft(None, (side, side))
        ImageOps.exif_transpose(image, in_place=True)
        image = _in_mode(image, MODES[color])
        if target_size is not None and image.size != target_size[::-1]:
            image = image.resize(target_size[::-1], Image.Resampling.BILINEAR)
        pixels = np.asarray(image)  # (height, width, 3) or (height, width)
        return pixels.reshape(*pixels.shape[:2], -1)  # (height, width, channels)


def read_size(path):
    """Height and width of the image in a file, from its header: no pixel is decoded.

    They are those of the image as it is seen, after the camera's orientation. Raises ``ValueError``
    as `read_image` does. A damage that only decoding can find is not found.
    """
    with _named(path), warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        if not Path(path).is_file():
            raise ValueError("it is no regular file")
        _require_some(Path(path).stat().st_size)
        with Image.open(path, formats=FORMATS) as image:
            _require_moderate(image)
            width, height = image.size
            rotated = image.getexif().get(ExifTags.Base.Orientation) in ROTATED
        return (width, height) if rotated else (height, width)


@contextmanager
def _named(path):
    """Turn whatever goes wrong into a ``ValueError`` that names the file."""
    try:
        yield
    except UnidentifiedImageError:
        raise ValueError(f"{path}: its content is no image in a format read here") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValueError(f"{path}: {_too_large()}") from None
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from None
    except Exception as error:  # damaged files make Pillow's many readers raise all kinds
        raise ValueError(f"{path}: {error or type(error).__name__}") from None


def _require_some(size):
    if size == 0:
        raise ValueError("it is empty, 0 bytes")


def _require_moderate(image):
    """Refuse what would unpack to more than Pillow's limit, before a byte of it is unpacked."""
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and image.width * image.height > limit:
        raise ValueError(_too_large())


def _too_large():
    return (
        f"it has more pixels than the {Image.MAX_IMAGE_PIXELS:,} that Pillow takes for safe; "
        "if you trust it, raise PIL.Image.MAX_IMAGE_PIXELS"
    )


def _in_mode(image, mode):
    """The image in ``mode``, ``"RGB"`` or ``"L"`` (grey), on white where it is transparent."""
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    elif image.mode in ("I", "F"):
        raise ValueError("its pixels are 32-bit values, and nothing says which one is white")
    elif image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    if image.mode != mode:
        image = image.convert("RGB").convert(mode)  # not every mode can become grey at once
    return image
