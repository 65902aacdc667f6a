"""Lists as files: what the list shows, without the persons, and on record."""

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import export_service
from ercms.core.actor import Role
from ercms.core.errors import PermissionRefused
from ercms.core.spreadsheets import TableFormat
from ercms.web.labels import label
from tests.conftest import Client, csrf_token, new_client
from tests.factories.accounts import make_user
from tests.factories.cases import Cast, make_case
from workflows.readmission import CaseState

SignIn = Callable[..., TestResponse]


def browser(app: Flask, sign_in: SignIn, role: Role, cast: Cast) -> Client:
    client = new_client(app)
    organisation = cast.authority if role is Role.CONSULAR_OFFICER else cast.service
    sign_in(client, make_user(role, organisation=organisation))
    return client


def export(client: FlaskClient, address: str, file_format: str) -> TestResponse:
    token = csrf_token(client.get("/account").text)
    return client.post(address, data={"format": file_format, "csrf_token": token})


def rows_of(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_case_worker_takes_out_the_queue_as_it_is_filtered_and_it_is_on_record(app: Flask, sign_in: SignIn) -> None:
    cast = Cast()
    wanted = make_case(cast, CaseState.UNDER_VERIFICATION)
    make_case(cast, CaseState.SUBMITTED)
    client = browser(app, sign_in, Role.CASE_WORKER, cast)

    answer = export(client, "/queue/export?state=under_verification", "csv")
    assert [row[0] for row in rows_of(answer)] == ["Reference", wanted]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="cases-')
    assert answer.headers["Cache-Control"] == "no-store"
    for word in ("Şıxəliyev", "Rəşad", "5ZK7QXA", "Gəncə"):
        assert word not in answer.data.decode("utf-8-sig")
    [entry] = audit.acts(actions=[AuditAction.EXPORT_MADE])
    assert entry.payload == {
        "export": "cases.queue",
        "format": "csv",
        "rows": 1,
        "filters": ["state=under_verification"],
    }


def test_an_authority_takes_out_its_own_cases_only_and_sees_no_proposal(app: Flask, sign_in: SignIn) -> None:
    cast, other = Cast(), Cast()
    proposed = make_case(cast, CaseState.DECISION_PROPOSED)
    make_case(other, CaseState.SUBMITTED)
    client = browser(app, sign_in, Role.CONSULAR_OFFICER, cast)

    content = export(client, "/requests/export", "xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet["A"]] == ["Reference", proposed]
    assert sheet["B2"].value == label(CaseState.UNDER_VERIFICATION)
    assert [row[0] for row in rows_of(export(client, "/queue/export", "csv"))] == ["Reference", proposed]


def test_a_list_that_is_too_long_is_refused_and_not_cut(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = Cast()
    for _ in range(2):
        make_case(cast, CaseState.SUBMITTED)
    client = browser(app, sign_in, Role.SUPERVISOR, cast)
    monkeypatch.setattr(export_service, "ROW_LIMIT", 1)

    answer = export(client, "/queue/export?due=overdue", "csv")
    assert rows_of(answer)[1:] == []
    answer = export(client, "/queue/export?state=submitted", "csv")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/queue?state=submitted")
    assert "Narrow the filter" in client.get("/queue").text
    assert len(audit.acts(actions=[AuditAction.EXPORT_MADE])) == 1


@pytest.mark.parametrize("role", [Role.ANALYST, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR, Role.VERIFIER])
def test_nobody_else_takes_a_list_out(app: Flask, role: Role) -> None:
    actor = accounts.get_actor(make_user(role).id)
    with pytest.raises(PermissionRefused):
        export_service.export_cases(actor=actor, list_name="queue", wanted={}, file_format=TableFormat.CSV)
