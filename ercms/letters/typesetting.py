"""Set a letter: plain values in, an archivable and accessible PDF out (PDF/A-2a, ISO 19005-2; PDF/UA-1, ISO 14289-1).

Values stay values: they reach the template as JSON and are never read as markup.
"""

import json
import logging
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
import typst

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "letters"
UNKNOWN_CHARACTER = "\u2022"

_log = logging.getLogger(__name__)


def render(template: str, document: dict[str, Any], *, made_at: datetime) -> bytes:
    """Return the PDF of a document; a character that no font has is shown as a dot, and said so in the log."""
    try:
        return _compile(template, document, made_at)
    except typst.TypstError as error:
        if "font" not in str(error):
            raise
        _log.warning("a letter has characters that no font can show: %s", template)
        return _compile(template, _shown(document), made_at)


def _compile(template: str, document: dict[str, Any], made_at: datetime) -> bytes:
    pdf: bytes = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[_font_path()],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(made_at.timestamp()),
    )
    return pdf


@cache
def _font_path() -> str:
    return str(files(fontpkg_noto_sans) / "files")


def _shown(value: Any) -> Any:
    """Replace what lies outside Latin, Greek, Cyrillic and common signs, which is what the font has."""
    if isinstance(value, str):
        return "".join(c if ord(c) < 0x0530 or 0x1E00 <= ord(c) < 0x2200 else UNKNOWN_CHARACTER for c in value)
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    return value
