"""A few small files that stand for scans: drawn once, and put to cases through the real upload."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from random import Random

import pikepdf
from PIL import Image, ImageDraw

from ercms.inspection import service as inspection
from ercms.inspection.kinds import SIZE_LIMIT
from ercms.inspection.service import Made, Readable

_PAGE = (420, 300)
_COLOURS = ((196, 214, 229), (222, 213, 196), (205, 222, 205), (226, 205, 210))


@cache
def portrait(number: int) -> bytes:
    """Return a JPEG with the outline of nobody."""
    picture = Image.new("RGB", (210, 270), _COLOURS[number % len(_COLOURS)])
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 45, 150, 155), fill=(120, 110, 105))
    draw.pieslice((20, 165, 190, 380), 180, 360, fill=(70, 80, 100))
    draw.text((52, 250), "INVENTED PERSON", fill=(20, 20, 20))
    target = BytesIO()
    picture.save(target, "JPEG", quality=80)
    return target.getvalue()


@cache
def scan(number: int) -> bytes:
    """Return a PDF of one page that says what it is."""
    lines = ("BT /F1 18 Tf 40 250 Td (Invented document) Tj", "0 -40 Td /F1 11 Tf (Demonstration only.) Tj")
    more = (f"0 -24 Td (Specimen {number + 1}. It shows nothing about anybody.) Tj ET",)
    target = BytesIO()
    with pikepdf.new() as document:
        font = document.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        page = document.add_blank_page(page_size=_PAGE)
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.obj.Contents = document.make_stream("\n".join(lines + more).encode("ascii"))
        document.save(target, deterministic_id=True)
    return target.getvalue()


def cleaned(*, stream: Readable, name: str) -> Made:
    """Open one of these files as an upload is opened: each of the few once, and not for every case anew."""
    made, content = _cleaned(stream.read(SIZE_LIMIT), name)
    return replace(made, content=BytesIO(content))


@cache
def _cleaned(content: bytes, name: str) -> tuple[Made, bytes]:
    made = inspection.clean(stream=BytesIO(content), name=name)
    return made, b"".join(made.chunks())


def any_scan(chance: Random) -> tuple[str, bytes]:
    """Return the name and content of a scan."""
    number = chance.randrange(3)
    return f"scan-{number + 1}.pdf", scan(number)


def any_portrait(chance: Random) -> tuple[str, bytes]:
    """Return the name and content of a photograph."""
    number = chance.randrange(len(_COLOURS))
    return f"photograph-{number + 1}.jpg", portrait(number)
