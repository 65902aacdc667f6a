"""A whole journey with words that occur nowhere else, and then a search for them wherever they have no business.

Looked through are the raw bytes of the installation's folder (database, its journal, the files), every value of every
table, all logs, every address visited, every header and cookie, and the mails that went out.
"""

import base64
import json
import logging
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from itsdangerous import base64_decode
from sqlalchemy import MetaData, select

from config import Settings
from ercms.core import clock, outbox
from ercms.extensions import db
from ercms.notifications import watch
from tests import smtp
from tests.functional import journey
from tests.functional.journey import Office, Story, act
from tests.smtp import Mailbox

STORY = Story(
    surname="Zöhrəvarzadə",
    given_names="Qəmbərqulu",
    patronymic="Xudaşükür oğlu",
    birth_date="1931-09-07",
    birth_place="Yuxarıtəklə",
    fin="8QW7ZXV",
    passport="C09175532",
    own_reference="Kürbətzeichen 5571",
    residence="Dəmirağac döngəsi, Vəlvələkənd",
    phone="+994509917364",
    child_surname="Zöhrəvarqızı",
    child_given_names="Şəfəqnaz",
    parents="Mirzəbəndə and Tükəzbanu",
    care="Xərçəngdərmanı gündəlik",
    observations="Çamadanqırmızı",
    question="Doğumşəhadət göndərilsin",
    answer="Əlavəolundu bugün",
    inquiry="Reyestrsualı verilir",
    finding="Reyestrcavabı təsdiq",
    reasons="Birincisəbəb yazılı",
    sent_back="Yenidənbaxılsın xahiş",
    better_reasons="İkincisəbəb yazılı",
    note="Daxiliqeyd yalnız",
    message="Nəvaxtgözləyək soruşulur",
    reply="Buhəftəiçində deyilir",
    document="QS7719004",
    child_document="QS7719005",
    escorts="Müşayiətçi Grönwaldstein",
    failure="Təyyarəuçmadı havadan",
    arrival_note="Sağsalamatgəldi axşam",
    needs="Qaynaqçılıqistəyir əsasən",
    consent_note="Razılıqkağızı qovluqda",
    service="Qaynaqkursu onikihəftə",
    report="Hərgüngəlir vaxtında",
    final_report="Limandaişləyir artıq",
    file_name="zöhrəvar-şəkil.jpg",
)
WRONG_PASSWORD = "Gizlinsöz-9917"


class Journal(logging.Handler):
    """Everything that any logger was told, with its arguments and extras."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__!r}")
        if record.exc_info:
            self.lines.append(logging.Formatter().formatException(record.exc_info))


@pytest.fixture
def journal() -> Iterator[Journal]:
    """Hear all loggers, and what the database is told with its parameters."""
    root, engine, kept = logging.getLogger(), logging.getLogger("sqlalchemy.engine"), Journal()
    before = root.level, engine.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    engine.setLevel(logging.INFO)
    yield kept
    root.removeHandler(kept)
    root.setLevel(before[0])
    engine.setLevel(before[1])


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp.listening() as box:
        yield box


@pytest.fixture
def settings(settings: Settings, mailbox: Mailbox, journal: Journal) -> Settings:
    return replace(settings, smtp_host="127.0.0.1", smtp_port=mailbox.port, mail_from="ercms@migration.example.org")


def needles() -> dict[str, set[bytes]]:
    """Return, for each word of the story, all byte strings under which it could lie somewhere."""
    words = {word.strip(",") for one in fields(Story) for word in str(getattr(STORY, one.name)).split()}
    words |= {"07.09.1931", "19310907", "Zöhrəvarzadə, Qəmbərqulu", WRONG_PASSWORD}
    telling = {word for word in words if len(word) >= 6 and word not in ("gündəlik",)}
    return {word: set(_disguises(word)) for word in telling}


def _disguises(word: str) -> Iterator[bytes]:
    folded = unicodedata.normalize("NFKD", word.translate(str.maketrans("əƏıİ", "eEiI")))
    plain = "".join(character for character in folded if ord(character) < 128)
    for text in {cased for one in (word, plain) for cased in (one, one.lower(), one.upper())}:
        yield text.encode()
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        yield json.dumps(text).strip('"').encode()
        yield quote(text).encode()
        yield text.encode().hex().encode()
        yield from _in_base64(text.encode())


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """Yield what of the word stays the same wherever it begins within a text in base 64."""
    for shift in range(3):
        inside = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        kept = inside[(0, 2, 3)[shift] : len(inside) - 1]
        if len(kept) >= 6:
            yield kept
            yield kept.replace(b"+", b"-").replace(b"/", b"_")


NEEDLES = needles()


def found_in(content: bytes) -> list[str]:
    """Return the words that lie in some bytes in any disguise."""
    return sorted(word for word, forms in NEEDLES.items() if any(form in content for form in forms))


def found_in_lines(lines: Iterable[str]) -> list[str]:
    """Return the words that lie in some text, of which each part is looked at once however often it is said."""
    return found_in("\n".join({part for line in lines for part in line.split()}).encode())


def travel(office: Office) -> str:
    """Live the whole journey, with mistakes on the way, and look at every page that shows the person."""
    with office.day(0):
        reference = journey.begin(office)
        journey.enter(office)
        journey.send(office)
    with office.day(1):
        office.worker.open("/search").press("Search", nth=0, q=STORY.fin)
        assert reference in office.worker.text
        act(office.worker, reference, "Acknowledge receipt")
        act(office.worker, reference, "Ask for completion", question=STORY.question)
        act(office.officer, reference, "Send the completion", answer=STORY.answer)
        journey.ask_and_answer(office, reference)
        journey.talk(office, reference)
        for tab in ("persons", "health", "evidence", "verification", "messages", "dates", "history"):
            office.worker.open(f"/cases/{reference}/{tab}")
        ground = _ground(office, reference)
        office.worker.press("Propose acceptance", expect=422, reasons=STORY.reasons)
        act(office.worker, reference, "Propose acceptance", ground=ground, reasons=STORY.reasons)
        act(office.supervisor, reference, "Send the proposal back", reason=STORY.sent_back)
        act(office.worker, reference, "Propose acceptance", ground=ground, reasons=STORY.better_reasons)
        act(office.supervisor, reference, "Confirm acceptance", note=STORY.note)
        for kind in ("acknowledgement", "reply"):
            office.officer.open(f"/cases/{reference}/letters/{kind}.pdf?language=az")
        act(office.officer, reference, "Request the travel document")
        journey.issue_documents(office, reference)
        journey.announce(office, reference, clock.today() + timedelta(days=1))
    with office.day(2):
        office.border.open("/transfers").follow(reference)
        stale = office.border.form_with("Confirm the arrival").controls["version"].values[0]
        office.border.press("Record that the person did not arrive", failure="carrier", note=STORY.failure)
        journey.announce(office, reference, clock.today() + timedelta(days=1))
    with office.day(3):
        office.border.open("/transfers").follow(reference)
        office.border.press("Confirm the arrival", expect=409, version=stale, arrival_note=STORY.arrival_note)
        office.border.open("/transfers").follow(reference)
        office.border.press("Confirm the arrival", arrival_note=STORY.arrival_note)
        journey.refer(office, reference)
        journey.open_referral(office, reference)
        journey.reintegrate(office, reference)
        act(office.worker, reference, "Close the case")
        office.officer.open("/sign-in")
        watch.warn_of_limits()
    return reference


def _ground(office: Office, reference: str) -> str:
    office.worker.open(f"/cases/{reference}/do/propose_acceptance")
    return next(filter(None, office.worker.form_with("Propose acceptance").controls["ground"].offered))


def every_value() -> Iterator[tuple[str, bytes]]:
    """Yield every value of every table as bytes, with its table and column."""
    metadata = MetaData()
    metadata.reflect(db.engine)
    with db.engine.connect() as connection:
        for table in metadata.tables.values():
            for row in connection.execute(select(table)):
                for column, value in zip(table.columns, row, strict=True):
                    yield f"{table.name}.{column.name}", _as_bytes(value)


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False).encode()
    return str(value).encode()


def opened_cookie(line: str) -> bytes:
    """Return what a session cookie holds: it is signed, and anybody who has it can read it."""
    payload = line.partition("=")[2].partition(";")[0]
    is_packed = payload.startswith(".")
    raw = base64_decode(payload.lstrip(".").partition(".")[0].encode() or b"")
    return zlib.decompress(raw) if is_packed else raw


def test_the_search_finds_a_word_in_every_disguise() -> None:
    for hidden in (
        "Zöhrəvarzadə".encode(),
        b"x ZOHREVARZADE y",
        "Zöhrəvarzadə".encode("utf-16-le"),
        base64.b64encode("aa Zöhrəvarzadə bb".encode()),
        base64.b64encode("a Zöhrəvarzadə bb".encode()),
        json.dumps("Zöhrəvarzadə").encode(),
        quote("Zöhrəvarzadə").encode(),
    ):
        assert "Zöhrəvarzadə" in found_in(hidden)
    assert found_in(b"1931-09-07") == ["1931-09-07"]


@pytest.fixture
def office(app: Flask) -> Office:
    made = Office(app, "DE", STORY)
    made.open_doors()
    return made


def test_a_whole_journey_leaves_no_personal_word_outside_the_sealed_columns(
    office: Office, settings: Settings, journal: Journal, mailbox: Mailbox
) -> None:
    reference = travel(office)
    db.session.remove()
    with office.day(3):
        while outbox.deliver_due():
            continue

    people = (office.officer, office.worker, office.supervisor, office.mission, office.verifier, office.border)
    heard = [f"{name}: {value}" for browser in (*people, office.partner) for name, value in browser.heard]
    cookies = [value for name, value in _headers(heard) if name == "Set-Cookie" and value.startswith("ercms=")]
    assert cookies
    assert len(journal.lines) > 1000
    assert any("UPDATE cases" in line for line in journal.lines)
    assert len(mailbox.mails) > 5

    leaks: dict[str, list[str]] = {
        "an address": found_in_lines(office.visited),
        "a header": found_in_lines(heard),
        "a cookie": found_in(b"\n".join(opened_cookie(line) for line in cookies)),
        "the log": found_in_lines(journal.lines),
        "a mail as sent": found_in(b"\n".join(content for _, content in mailbox.envelopes)),
        "a mail as read": found_in("\n".join(f"{mail} {mail.get_content()}" for mail in mailbox.mails).encode()),
    }
    columns: dict[str, list[bytes]] = {}
    for where, value in every_value():
        columns.setdefault(where, []).append(value)
    leaks |= {where: found_in(b"\n".join(values)) for where, values in columns.items()}
    for path in settings.instance_path.rglob("*"):
        leaks[f"the name of {path}"] = found_in(str(path.relative_to(settings.instance_path)).encode())
        if path.is_file():
            leaks[f"the bytes of {path.name}"] = found_in(path.read_bytes())
            assert b"JFIF" not in path.read_bytes()
    assert {where: words for where, words in leaks.items() if words} == {}
    assert any("/files/" in str(path) for path in settings.instance_path.rglob("*"))
    assert reference in "\n".join(office.visited)


def _headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(": ")
        yield name, value
