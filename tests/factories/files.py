"""Files to be uploaded, drawn by code; the HEIC one was drawn and encoded once, since nothing here can encode one."""

import base64
import zipfile
from io import BytesIO

import pikepdf
from PIL import Image

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAAGgAAgAAAAACSgABAAAAAAAAAD4AAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq"
    "5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xh"
    "cAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAA"
    "ABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAArm1kYXQAAABkKAGvWPmiSe/D632m2ASC0nz7V9RTw3taT7+wRH1n6xKHQpyk9RCb"
    "4ooyu/u2G/dj9kRo6aOtr+knBghHgz20OlX2COsYxUKM8HZD85RezYtb8XeTBLCSByFn9ZJ+VQ/0j9HdgAAAAAZFeGlmAABNTQAq"
    "AAAACAABAQ8AAgAAABoAAAAaAAAAAEthbWVyYSBkZXIgTGV5bGEgUWFzaW1vdmEA"
)
"""64 by 48 pixels; its maker is noted as "Kamera der Leyla Qasimova"."""

CONTENT_TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def picture(kind: str = "JPEG", size: tuple[int, int] = (32, 48), **options: object) -> bytes:
    """Return a picture of one colour."""
    target = BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(target, kind, **options)
    return target.getvalue()


def pdf(pages: int = 1) -> pikepdf.Pdf:
    """Return a document of blank pages."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    return made


def written(document: pikepdf.Pdf, **options: object) -> bytes:
    """Return a document as it would be sent."""
    target = BytesIO()
    document.save(target, **options)
    return target.getvalue()


def letter(*paragraphs: str) -> bytes:
    """Return the body of a letter."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    return f'<w:document xmlns:w="{WORDS}"><w:body>{body}</w:body></w:document>'.encode()


def docx(**more: bytes) -> bytes:
    """Return a DOCX with further parts; two underscores in a name stand for a slash."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "word/document.xml": letter("Invented letter"),
        "docProps/core.xml": b"<coreProperties><creator>Leyla Qasimova</creator></coreProperties>",
        **{name.replace("__", "/"): content for name, content in more.items()},
    }
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()
