"""A page of a stored PDF as a picture."""

from io import BytesIO

import pypdfium2 as pdfium
from PIL import Image

from ercms.inspection.kinds import PNG, Refusal, Refused, Result

# Loaded now, since nothing can be loaded after the doors are closed.
Image.preinit()
_MOST_PIXELS = 9_000_000


def draw(content: bytes, *, media_type: str, page: int, width: int, turn: int) -> Result:
    """Return one page, counted from 1, as a PNG of about a width in pixels, turned clockwise.

    Raises:
        Refused: it cannot be drawn, or there is no such page.
    """
    try:
        document = pdfium.PdfDocument(content)
        pages = len(document)
        if not 1 <= page <= pages:
            raise Refused(Refusal.DAMAGED)
        opened = document[page - 1]
        scale = _scale(opened.get_width(), opened.get_height(), width)
        picture = opened.render(scale=scale, rotation=turn, may_draw_forms=False).to_pil()
    except (pdfium.PdfiumError, ValueError, RuntimeError, OSError, OverflowError) as error:
        raise Refused(Refusal.DAMAGED) from error
    target = BytesIO()
    picture.convert("RGB").save(target, "PNG", compress_level=3)
    return Result(PNG, pages, target.getvalue())


def _scale(page_width: float, page_height: float, width: int) -> float:
    """Return the scale for a width, and less where the picture would hold too many pixels."""
    if page_width <= 0 or page_height <= 0:
        raise Refused(Refusal.DAMAGED)
    scale = width / page_width
    pixels = page_width * page_height * scale * scale
    return scale if pixels <= _MOST_PIXELS else scale * float((_MOST_PIXELS / pixels) ** 0.5)
