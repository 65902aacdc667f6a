"""Read the words of a PDF as a program that reads it aloud would: through each font's map back to Unicode."""

import re
from io import BytesIO
from typing import Any

import pikepdf

_CODES = re.compile(r"<([0-9A-Fa-f]+)>")


def words_of(pdf: bytes) -> str:
    """Return the text of all pages, blanks and line breaks made one space."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return " ".join(" ".join(_page_words(page) for page in document.pages).split())


def _page_words(page: pikepdf.Page) -> str:
    fonts: dict[str, dict[int, str]] = {
        name: _unicode_map(font.ToUnicode.read_bytes().decode("ascii"))
        for name, font in page.resources.get("/Font", {}).items()
    }
    words: list[str] = []
    known: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "Tf":
            known = fonts[str(instruction.operands[0])]
        elif operator in ("Tj", "TJ"):
            words.append(_decoded(instruction.operands[0], known))
        elif operator in ("Td", "Tm", "ET"):
            words.append(" ")
    return "".join(words)


def _decoded(operand: Any, known: dict[int, str]) -> str:
    parts = [operand] if isinstance(operand, pikepdf.String) else list(operand)
    raw = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
    return "".join(known.get(int.from_bytes(raw[i : i + 2]), "") for i in range(0, len(raw), 2))


def _unicode_map(cmap: str) -> dict[int, str]:
    known: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
        codes = _CODES.findall(block)
        known.update({int(a, 16): _text(b) for a, b in zip(codes[::2], codes[1::2], strict=True)})
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.S):
        for line in block.strip().splitlines():
            first, last, *targets = _CODES.findall(line)
            for offset, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                known[code] = _text(targets[offset]) if len(targets) > 1 else _shifted(targets[0], offset)
    return known


def _text(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be")


def _shifted(code: str, offset: int) -> str:
    return chr(ord(_text(code)) + offset)
