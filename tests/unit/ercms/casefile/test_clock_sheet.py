"""The clock sheet: every date with its arithmetic, what was computed before and why it gave way, and no person."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient

from ercms.accounts import service as accounts
from ercms.agreements import calendar_service
from ercms.agreements.change_enums import DayKind
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.casefile import clock_sheet
from ercms.cases.clock_reasons import ChangeReason, reasons_of
from ercms.cases.service import Case, get_case
from ercms.core import outbox
from ercms.core.errors import NotFound
from ercms.core.unit_of_work import unit_of_work
from tests.factories.cases import IDENTITY, Cast, make_case
from tests.functional.pdf_text import words_of

AGENCIES = "agency_inquiries"
WRITTEN: dict[str, Any] = {
    "term": {"value": 15},
    "start_term": None,
    "stands_in_for": None,
    "has_legal_effect": False,
    "event": "receipt",
    "start_on": "2026-03-18",
    "calendar_version": None,
    "ended_on": None,
    "arithmetic": [{"code": "start", "on": "2026-03-18"}],
}
STOPPED = [*WRITTEN["arithmetic"], {"code": "stopped", "on": "2026-03-20", "to_on": "2026-03-21", "count": 2}]
EXTENDED = [*WRITTEN["arithmetic"], {"code": "extended", "on": "2026-03-20", "count": 5}]


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({"term": {"value": 20}}, (ChangeReason.TERM,)),
        ({"start_on": "2026-03-19", "event": "acknowledgement"}, (ChangeReason.START,)),
        ({"arithmetic": STOPPED}, (ChangeReason.STOP,)),
        ({"arithmetic": EXTENDED}, (ChangeReason.EXTENSION,)),
        ({"calendar_version": "AZ/2"}, (ChangeReason.CALENDAR,)),
        ({"ended_on": "2026-03-30", "arithmetic": STOPPED}, (ChangeReason.STOP, ChangeReason.ENDED)),
        ({}, (ChangeReason.CASE_WENT_ON,)),
    ],
)
def test_a_date_gives_way_for_what_differs_in_its_arithmetic(
    change: dict[str, Any], reasons: tuple[ChangeReason, ...]
) -> None:
    assert reasons_of(WRITTEN, {**WRITTEN, **change}) == reasons
    assert reasons_of(WRITTEN, None) == (ChangeReason.NOT_COUNTED_ANY_MORE,)


def _made_a_holiday(cast: Cast, day: date) -> None:
    with unit_of_work():
        values = {"day": day, "kind": DayKind.HOLIDAY, "name": "A day of the test", "source": "None"}
        calendar_service.decide_day(actor=cast.administrator, calendar="AZ", values=values)
    outbox.deliver_due()


@pytest.mark.usefixtures("fixed_clock", "app")
def test_the_sheet_tells_what_was_computed_before_and_why_and_names_nobody(client: FlaskClient, sign_in: Any) -> None:
    cast = Cast()
    reference = make_case(cast)
    with unit_of_work():
        before = clock_sheet.open_sheet(actor=cast.worker, reference=reference)
    (agencies,) = (entry for entry in before.entries if entry.kind == AGENCIES)
    assert agencies.line is not None
    assert agencies.line.due_on is not None
    _made_a_holiday(cast, agencies.line.due_on)
    sign_in(client, accounts.get_user(cast.worker.user_id))
    page = client.get(f"/cases/{reference}/clock-sheet")
    assert page.status_code == 200
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
    for words in (reference, "is the day of the event", "The calendar of working days changed", "Article 11"):
        assert words in shown
    assert agencies.line.due_on.strftime("%d.%m.%Y") in shown
    assert IDENTITY["surname"] not in page.text
    with unit_of_work():
        case = get_case(actor=cast.worker, reference=reference)
        lines = audit.history(chain=f"case:{case.id}")
    assert [line.payload["page"] for line in lines if line.payload.get("page") == "clock_sheet"] == ["clock_sheet"] * 2
    _check_files(client, case, agencies.line.due_on)


# What each language says of a step, of what was computed before and why, and of a date that has no treaty behind it.
WORDS = {
    "az": ("hadisənin baş verdiyi gündür", "İş günləri təqvimi dəyişib", "Maddə 11"),
    "en": ("is the day of the event", "The calendar of working days changed", "Article 11"),
    "ru": ("день события", "Изменился календарь рабочих дней", "Статья 11"),
}


def _check_files(client: FlaskClient, case: Case, former: date) -> None:
    reference = case.reference
    page = client.get(f"/cases/{reference}/clock-sheet").text
    for language, said in WORDS.items():
        path = f"/cases/{reference}/clock-sheet.pdf?language={language}"
        assert path in page
        answer = client.get(path)
        assert answer.headers["Content-Type"] == "application/pdf"
        words = words_of(answer.data)
        for expected in (reference, former.strftime("%d.%m.%Y"), *said):
            assert expected in words, (language, expected)
        assert IDENTITY["surname"] not in words
        with pikepdf.open(BytesIO(answer.data)) as opened:
            assert str(opened.Root.Lang) == language
            assert b"pdfaid:part" in opened.Root.Metadata.read_bytes()
    assert client.get(f"/cases/{reference}/clock-sheet.pdf?language=xx").status_code == 404
    with unit_of_work():
        lines = audit.history(chain=f"case:{case.id}")
    taken = [line.payload for line in lines if line.action is AuditAction.CASE_EXPORTED]
    assert taken == [{"page": "clock_sheet", "format": "pdf", "language": code} for code in WORDS]


@pytest.mark.usefixtures("fixed_clock", "app")
def test_the_other_side_sees_its_dates_and_not_those_of_the_house(fixed_clock: Any) -> None:
    cast = Cast()
    reference = make_case(cast)
    with unit_of_work():
        kinds = {e.kind for e in clock_sheet.open_sheet(actor=cast.requester, reference=reference).entries}
    assert "reply" in kinds
    assert AGENCIES not in kinds
    with pytest.raises(NotFound), unit_of_work():
        clock_sheet.open_sheet(actor=Cast(state="CH").requester, reference=reference)
