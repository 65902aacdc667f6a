"""Pictures: decoded and encoded again, so that metadata and whatever hangs behind the picture are gone."""

import struct
import warnings
from io import BytesIO
from typing import Any

import pi_heif
from PIL import (
    Image,
    ImageFile,
    ImageOps,
    MpoImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
)

from ercms.inspection.kinds import (
    HEIC,
    JPEG,
    KEPT_PIXELS,
    PIXEL_LIMITS,
    PNG,
    PROGRESSIVE_PIXELS,
    Refusal,
    Refused,
    Result,
)
from ercms.inspection.kinds import refuse_second_file as _refuse_second_file

_QUALITY = 90
_FORMATS = {JPEG: "JPEG", PNG: "PNG", HEIC: "HEIF"}

# Pillow loads its parts when it first needs them; here all of them have to be there before the doors close.
Image.preinit()
# Decoded on one thread: each further one costs address space, and the process is measured by that.
pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
Image.MAX_IMAGE_PIXELS = max(PIXEL_LIMITS.values())


def clean(content: bytes, *, media_type: str) -> Result:
    """Return the upright pixels of a picture and nothing else; HEIC becomes JPEG.

    Raises:
        Refused: too many pixels, damaged, or a second file inside.
    """
    _refuse_second_file(content, media_type)
    picture = _open(content, media_type)
    kept = PNG if media_type == PNG else JPEG
    plain = _plain(picture, kept)
    target = BytesIO()
    options: dict[str, Any] = {"quality": _QUALITY} if kept == JPEG else {"compress_level": 4}
    plain.save(target, _FORMATS[kept], **options)
    return Result(kept, 1, target.getvalue())


def draw(content: bytes, *, media_type: str, width: int, turn: int) -> Result:
    """Return a stored picture as a PNG of a width in pixels, turned clockwise by a multiple of 90 degrees.

    Raises:
        Refused: it cannot be opened.
    """
    opened = _open(content, media_type, wanted=(width, width))
    opened.thumbnail((width, width * 4), reducing_gap=2.0)
    shown = opened if opened.mode in {"RGB", "RGBA", "L", "LA"} else opened.convert("RGBA")
    if turn:
        shown = shown.rotate(-turn, expand=True)
    shown.info = {}
    target = BytesIO()
    shown.save(target, "PNG", compress_level=3)
    return Result(PNG, 1, target.getvalue())


def _open(content: bytes, media_type: str, *, wanted: tuple[int, int] | None = None) -> ImageFile.ImageFile:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(BytesIO(content), formats=(_FORMATS[media_type],))
        is_progressive = bool(opened.info.get("progressive"))
        limit = PROGRESSIVE_PIXELS if is_progressive else PIXEL_LIMITS[media_type]
        if opened.width * opened.height > limit:
            raise Refused(Refusal.TOO_MANY_PIXELS)
        if wanted is not None:
            opened.draft(None, wanted)
        elif media_type == JPEG:
            _halve(opened)
        opened.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Refusal.TOO_MANY_PIXELS) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error) as error:
        raise Refused(Refusal.DAMAGED) from error
    return opened


def _halve(opened: ImageFile.ImageFile) -> None:
    """Let a JPEG be decoded at a half or a quarter of its size, until it is small enough to be kept."""
    divisor = 1
    while opened.width * opened.height > KEPT_PIXELS * divisor * divisor:
        divisor *= 2
    if divisor > 1:
        opened.draft(None, (opened.width // divisor, opened.height // divisor))


def _plain(picture: ImageFile.ImageFile, kept: str) -> Image.Image:
    """Return the upright pixels and nothing else of a picture."""
    upright: Image.Image = picture
    ImageOps.exif_transpose(upright, in_place=True)
    wanted, other = ({"RGB", "L"}, "RGB") if kept == JPEG else ({"RGB", "RGBA", "L", "LA"}, "RGBA")
    plain = upright if upright.mode in wanted else upright.convert(other)
    plain.info = {}
    return plain
