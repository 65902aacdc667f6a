"""Uploads are judged by their content and written anew; hostile ones are refused with the reason."""

import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from ercms.core.errors import InvalidInput
from ercms.evidence import inspection
from ercms.evidence.inspection import inspect

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def picture(kind: str = "JPEG", size: tuple[int, int] = (32, 48), **options: object) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(target, kind, **options)
    return target.getvalue()


def pdf(pages: int = 1) -> pikepdf.Pdf:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    return made


def written(document: pikepdf.Pdf, **options: object) -> bytes:
    target = BytesIO()
    document.save(target, **options)
    return target.getvalue()


def docx(**more: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", b"<document/>")
        archive.writestr("docProps/core.xml", b"<coreProperties><creator>Leyla Qasimova</creator></coreProperties>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def reason(content: bytes, name: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        inspect(content=content, name=name)
    return str(refused.value.fields["file"][0])


@pytest.mark.parametrize(("kind", "name", "media_type"), [
    ("JPEG", "pass.jpg", "image/jpeg"), ("JPEG", "PASS.JPEG", "image/jpeg"), ("PNG", "scan.png", "image/png"),
])  # fmt: skip
def test_a_picture_is_encoded_anew(kind: str, name: str, media_type: str) -> None:
    clean = inspect(content=picture(kind), name=name)
    assert clean.media_type == media_type
    with Image.open(BytesIO(clean.content)) as opened:
        assert opened.size == (32, 48)


def test_what_a_camera_writes_into_a_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Kamera der Leyla Qasimova"
    clean = inspect(content=picture(exif=exif), name="photo.jpg")
    assert b"Qasimova" not in clean.content
    with Image.open(BytesIO(clean.content)) as opened:
        assert not dict(opened.getexif())


def test_a_picture_stands_upright_after_its_orientation_is_gone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    clean = inspect(content=picture(exif=exif), name="photo.jpg")
    with Image.open(BytesIO(clean.content)) as opened:
        assert opened.size == (48, 32)


def test_what_hangs_behind_a_picture_is_gone() -> None:
    clean = inspect(content=picture() + b"<script>alert(1)</script>", name="photo.jpg")
    assert b"script" not in clean.content


@pytest.mark.parametrize(("content", "name", "message"), [
    (b"", "pass.pdf", inspection.EMPTY),
    (b"x" * (inspection.SIZE_LIMIT + 1), "pass.pdf", inspection.TOO_LARGE),
    (b"MZ\x90\x00", "pass.exe", inspection.WRONG_KIND),
    (b"<svg onload='x'/>", "pass.svg", inspection.WRONG_KIND),
    (b"MZ\x90\x00", "pass.pdf", inspection.NOT_WHAT_IT_SAYS),
    (picture("PNG"), "pass.jpg", inspection.NOT_WHAT_IT_SAYS),
    (picture(), "pass.pdf", inspection.NOT_WHAT_IT_SAYS),
    (picture()[:200], "pass.jpg", inspection.DAMAGED),
    (picture("PNG")[:60], "pass.png", inspection.DAMAGED),
    (picture() + docx(), "pass.jpg", inspection.TWO_IN_ONE),
    (picture() + b"%PDF-1.7", "pass.jpg", inspection.TWO_IN_ONE),
    (b"%PDF-1.7\nnothing", "pass.pdf", inspection.DAMAGED),
    (b"PK\x03\x04 not an archive", "letter.docx", inspection.DAMAGED),
])  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_with_the_reason(content: bytes, name: str, message: str) -> None:
    assert reason(content, name) == message


@pytest.mark.parametrize("side", [7_000, 12_000, 30_000])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )
    assert reason(bomb, "pass.png") == inspection.TOO_MANY_PIXELS


def test_a_document_with_too_many_pages_is_refused() -> None:
    assert reason(written(pdf(inspection.PAGE_LIMIT + 1)), "file.pdf") == inspection.TOO_MANY_PAGES


def test_a_document_behind_a_password_is_refused() -> None:
    locked = written(pdf(), encryption=pikepdf.Encryption(user="secret", owner="secret"))
    assert reason(locked, "file.pdf") == inspection.LOCKED


def test_a_pdf_keeps_its_pages_and_loses_everything_that_acts() -> None:
    document = pdf(2)
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = script
    document.Root.AA = pikepdf.Dictionary(WC=script)
    document.attachments["program.exe"] = b"MZ"
    document.docinfo["/Author"] = "Leyla Qasimova"
    page = document.pages[0].obj
    page["/AA"] = pikepdf.Dictionary(O=script)
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script)
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[0, 0, 9, 9], AA=script)
    page["/Annots"] = pikepdf.Array([link, note])
    clean = inspect(content=written(document), name="file.pdf")
    with pikepdf.open(BytesIO(clean.content)) as opened:
        assert len(opened.pages) == 2
        assert set(opened.Root.keys()) <= {"/Type", "/Pages"}
        assert "/AA" not in opened.pages[0].obj
        assert [str(a.Subtype) for a in opened.pages[0].obj["/Annots"]] == ["/Square"]
        assert all("/AA" not in a for a in opened.pages[0].obj["/Annots"])
    for trace in (b"JavaScript", b"alert", b"MZ", b"Qasimova"):
        assert trace not in clean.content


def test_a_letter_keeps_its_text_and_loses_its_author() -> None:
    clean = inspect(content=docx(), name="letter.docx")
    assert clean.media_type == DOCX
    with zipfile.ZipFile(BytesIO(clean.content)) as archive:
        assert archive.read("word/document.xml") == b"<document/>"
        assert b"Qasimova" not in archive.read("docProps/core.xml")


@pytest.mark.parametrize("part", ["word__vbaProject.bin", "word__embeddings__oleObject1.bin", "word__activeX__a.xml"])
def test_a_letter_with_programs_in_it_is_refused(part: str) -> None:
    assert reason(docx(**{part: b"x"}), "letter.docx") == inspection.ACTIVE


def test_another_archive_is_no_letter() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("sheet.xml", b"")
    assert reason(target.getvalue(), "letter.docx") == inspection.NOT_WHAT_IT_SAYS


def test_a_letter_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_UNPACKED_LIMIT", 1000)
    assert reason(docx(word__media=b"\0" * 2000), "letter.docx") == inspection.DAMAGED
