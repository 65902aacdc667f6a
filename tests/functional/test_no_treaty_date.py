"""A request from a State without an agreement in force: what leaves the system in any form names no treaty date."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from ercms.cases.models import Case
from ercms.core import clock, outbox
from ercms.core.actor import Role
from ercms.extensions import db
from ercms.notifications import watch
from tests.conftest import Client, csrf_token, new_client
from tests.factories.accounts import make_user
from tests.factories.cases import Cast, act, make_case, usual_act
from tests.factories.programs import Program, make_key
from tests.functional.pdf_text import words_of
from workflows.readmission import CaseState
from workflows.readmission import CaseTrigger as T

SignIn = Callable[..., TestResponse]
WRITTEN = re.compile(r"\b(\d{2})\.(\d{2})\.(\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})")


def dates_in(text: str) -> set[date]:
    """Return every date that stands in a text, written for people or for machines."""
    return {
        date(int(y or iso_y), int(m or iso_m), int(d or iso_d))
        for d, m, y, iso_y, iso_m, iso_d in WRITTEN.findall(text)
    }


def announced_case(cast: Cast) -> tuple[str, set[date]]:
    """Return a case with an announced transfer, and the days on which something happened or was typed in."""
    today = clock.today()
    reference = make_case(cast, CaseState.UNDER_VERIFICATION)
    act(cast.worker, reference, T.PROPOSE_ACCEPTANCE, ground="nationality_confirmed", reasons="The register says so.")
    for trigger in (T.CONFIRM_ACCEPTANCE, T.REQUEST_DOCUMENT, T.ISSUE_DOCUMENT, T.NOTIFY_TRANSFER):
        actor, values = usual_act(cast, trigger)
        act(actor, reference, trigger, **values)
    return reference, {today, today + timedelta(days=14), today + timedelta(days=150)}


def test_no_list_file_interface_notice_or_sheet_names_a_treaty_date(
    app: Flask, sign_in: SignIn, fixed_clock: datetime
) -> None:
    # Every reader and every form at once: most of the seconds go into the acts of the one case.
    cast = Cast(state="RS")
    reference, known = announced_case(cast)
    waiting = make_case(cast, CaseState.UNDER_VERIFICATION)
    outbox.deliver_due()
    later = clock.now() + timedelta(days=200)
    with clock.fixed(later):
        # Long after every limit that any agreement has, nothing is warned of and nothing has passed.
        watch.warn_of_limits()
        watch.record_passed_limits()
        outbox.deliver_due()
        said = everything_said(app, sign_in, cast, (reference, waiting))
    for case in db.session.scalars(select(Case)):
        assert (case.agreement_id, case.reply_due_on, case.next_due_on, case.next_due_kind) == (None, None, None, None)
    for name, text in said.items():
        assert reference in text or waiting in text, name
        assert dates_in(text) <= known | {later.date()}, name
        assert not re.search(r"Art(icle|\.) \d", text), name


def everything_said(app: Flask, sign_in: SignIn, cast: Cast, references: tuple[str, str]) -> dict[str, str]:
    """Return the words of each list, file, document and answer that tells of the cases."""
    said: dict[str, str] = {}
    readers = ((Role.CASE_WORKER, cast.service, "queue"), (Role.CONSULAR_OFFICER, cast.authority, "requests"))
    for role, organisation, place in readers:
        client = new_client(app)
        sign_in(client, make_user(role, organisation=organisation))
        said[place] = words(client.get(f"/{place}"))
        token = csrf_token(client.get("/account").text)
        for file_format in ("csv", "xlsx"):
            answer = client.post(f"/{place}/export", data={"format": file_format, "csrf_token": token})
            said[f"{place}.{file_format}"] = cells(answer, file_format)
        for part in ("", "/dates", "/verification", "/clock-sheet"):
            said[f"{place}: case{part}"] = words(client.get(f"/cases/{references[0]}{part}"))
        for kind in ("acknowledgement", "reply"):
            said[f"{place}: {kind}"] = words_of(
                client.get(f"/cases/{references[0]}/letters/{kind}.pdf?language=en").data
            )
        said[f"{place}: clock sheet"] = words_of(client.get(f"/cases/{references[0]}/clock-sheet.pdf?language=en").data)
        said[f"{place}: notices"] = words(client.get("/notices")) + references[0]
    program = Program(new_client(app), make_key(cast.requester))
    for path in ("/cases", *(f"/cases/{one}{part}" for one in references for part in ("", "/dates"))):
        answer = program.get(path)
        assert answer.status_code == 200, path
        said[f"api {path}"] = answer.text + references[0]
        if path.endswith("/dates"):
            assert clocks_of(answer.json) == [], path
    said["sheet"] = access_sheet(app, sign_in, references[0])
    return said


def words(answer: TestResponse) -> str:
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<head>.*?</head>", "", answer.text))


def cells(answer: TestResponse, file_format: str) -> str:
    assert answer.status_code == 200
    if file_format == "csv":
        rows: list[Any] = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        assert sheet is not None
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = rows[0]
    for row in rows[1:]:
        assert not row[head.index("Next due")], row
        assert not row[head.index("What is due")], row
    return "\n".join(" ".join(str(cell) for cell in row) for row in rows)


def clocks_of(document: Any) -> list[Any]:
    found = document["clocks"] if isinstance(document, dict) and "clocks" in document else document
    assert isinstance(found, list), json.dumps(document)
    return found


def access_sheet(app: Flask, sign_in: SignIn, reference: str) -> str:
    client: Client = new_client(app)
    sign_in(client, make_user(Role.DATA_PROTECTION_OFFICER))
    token = csrf_token(client.get("/access-sheets").text)
    wanted = {"csrf_token": token, "reference": reference, "number": "1", "language": "en"}
    answer = client.post("/access-sheets", data=wanted)
    assert answer.status_code == 200
    return words_of(answer.data)
