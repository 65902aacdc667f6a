"""The data protection officer reads the audit: who looked, page by page, and whether a chain is whole."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from ercms.accounts.service import UserSummary
from ercms.audit import reading_service, service
from ercms.audit.actions import AuditAction
from ercms.audit.verify import Flaw
from ercms.cases import lookup_service
from ercms.core.actor import Actor, Role
from ercms.core.errors import InvalidInput, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.conftest import csrf_token
from tests.factories.cases import IDENTITY, Cast, make_case
from tests.unit.ercms.audit.test_verify import tamper

MakeUser = Callable[..., UserSummary]
SignIn = Callable[..., TestResponse]


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast()


@pytest.fixture
def officer(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor(Role.DATA_PROTECTION_OFFICER)


def case_id_of(reference: str) -> str:
    found = lookup_service.find_case_id(reference=reference)
    assert found
    return found


def look(actor: Actor, case_id: str, *compartments: str) -> None:
    with unit_of_work():
        service.record(
            actor=actor,
            action=AuditAction.CASE_VIEWED,
            chain=service.case_chain(case_id),
            record_type="case",
            record_id=case_id,
            compartments=compartments,
        )


def test_pages_follow_one_another_without_a_gap_and_without_repeating(cast: Cast, officer: Actor) -> None:
    chain = service.case_chain(case_id_of(make_case(cast)))
    with unit_of_work():
        for number in range(reading_service.PAGE_SIZE * 2):
            service.record(
                actor=cast.worker,
                action=AuditAction.CASE_UPDATED,
                chain=chain,
                record_type="case",
                record_id=chain,
                payload={"count": number},
            )
    whole = [line.seq for line in service.history(chain=chain, newest_first=True)]
    seen: list[int] = []
    cursor: str | None = None
    while True:
        page = reading_service.list_acts(actor=officer, wanted={"cursor": cursor} if cursor else {}, chain=chain)
        # Each reading is recorded in the chain that was read, and so stands before what the cursor points at.
        seen += [line.seq for line in page.lines]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == whole


def test_a_case_says_who_looked_at_what_and_how_often(cast: Cast, officer: Actor) -> None:
    case_id = case_id_of(make_case(cast))
    look(cast.worker, case_id, "identity")
    look(cast.worker, case_id, "identity", "health")
    look(cast.supervisor, case_id, "contact")
    with unit_of_work():
        sheet = reading_service.case_sheet(actor=officer, case_id=case_id)
    seen = {viewer.actor_id: (viewer.count, viewer.compartments) for viewer in sheet.viewers}
    assert seen[cast.worker.user_id] == (2, ("health", "identity"))
    assert seen[cast.supervisor.user_id] == (1, ("contact",))


def test_reading_the_audit_of_a_case_is_on_record_in_that_case(cast: Cast, officer: Actor) -> None:
    case_id = case_id_of(make_case(cast))
    with unit_of_work():
        reading_service.case_sheet(actor=officer, case_id=case_id)
    last = service.history(chain=service.case_chain(case_id), newest_first=True, limit=1)[0]
    assert (last.action, last.actor_id) == (AuditAction.AUDIT_VIEWED, officer.user_id)


def test_a_whole_chain_is_found_whole_and_an_edited_entry_is_named(cast: Cast, officer: Actor) -> None:
    case_id = case_id_of(make_case(cast))
    with unit_of_work():
        assert reading_service.verify_case(actor=officer, case_id=case_id).is_sound
    tamper(f"UPDATE audit_entries SET role = 'analyst' WHERE chain = 'case:{case_id}' AND seq = 2")  # noqa: S608
    with unit_of_work():
        finding = reading_service.verify_case(actor=officer, case_id=case_id).finding
    assert finding is not None
    assert (finding.flaw, finding.seq) == (Flaw.EDITED, 2)


@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        ("DELETE FROM audit_entries WHERE chain = '{chain}' AND seq = 2", Flaw.MISSING),
        (
            "DELETE FROM audit_entries WHERE chain = '{chain}' AND seq = "
            "(SELECT last_seq FROM audit_chains WHERE chain = '{chain}')",
            Flaw.TAIL_CUT,
        ),
        ("UPDATE audit_chains SET last_seq = last_seq - 1 WHERE chain = '{chain}'", Flaw.TAIL_ADDED),
    ],
)
def test_a_missing_entry_or_end_of_a_chain_is_found(cast: Cast, officer: Actor, statement: str, flaw: Flaw) -> None:
    case_id = case_id_of(make_case(cast))
    tamper(statement.format(chain=f"case:{case_id}"))
    with unit_of_work():
        finding = reading_service.verify_case(actor=officer, case_id=case_id).finding
    assert finding is not None
    assert finding.flaw is flaw


def test_the_page_names_officers_and_cases_but_no_person_concerned(
    client: FlaskClient, cast: Cast, make_user: MakeUser, sign_in: SignIn
) -> None:
    reference = make_case(cast)
    look(cast.worker, case_id_of(reference), "identity")
    sign_in(client, make_user(Role.DATA_PROTECTION_OFFICER))
    for page in (client.get("/audit"), client.get(f"/audit/cases/{reference}")):
        assert page.status_code == 200
        assert reference in page.text
        assert "Case viewed" in page.text
        assert not any(value in page.text for value in IDENTITY.values())


def test_the_button_checks_the_chain(client: FlaskClient, cast: Cast, make_user: MakeUser, sign_in: SignIn) -> None:
    reference = make_case(cast)
    sign_in(client, make_user(Role.DATA_PROTECTION_OFFICER))
    token = csrf_token(client.get(f"/audit/cases/{reference}").text)
    address = f"/audit/cases/{reference}/verify"
    assert "Whole" in client.post(address, data={"csrf_token": token}, follow_redirects=True).text
    with unit_of_work():
        count = db.session.scalar(text("SELECT count(*) FROM audit_entries WHERE action = 'audit.verified'"))
    assert count == 1


def test_filters_narrow_and_nonsense_is_said(
    client: FlaskClient, cast: Cast, make_user: MakeUser, sign_in: SignIn
) -> None:
    reference = make_case(cast)
    sign_in(client, make_user(Role.DATA_PROTECTION_OFFICER))
    assert "No act on record fits" in client.get("/audit?reference=RA-2020-AAAAAAA-A").text
    assert "Request submitted" not in _rows(client.get("/audit?action=case.viewed").text)
    assert reference in client.get(f"/audit?reference={reference}").text
    assert client.get("/audit?from_on=yesterday").status_code == 422
    assert client.get("/audit?cursor=nonsense").status_code == 422
    assert client.get("/audit/cases/RA-2020-AAAAAAA-A").status_code == 404


def _rows(page: str) -> str:
    return page.partition("<tbody>")[2]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.DATA_PROTECTION_OFFICER, Role.SYSTEM)])
def test_nobody_else_reads_the_audit(app: Flask, make_actor: Callable[..., Actor], role: Role) -> None:
    with pytest.raises(PermissionRefused):
        reading_service.list_acts(actor=make_actor(role), wanted={})


def test_a_cursor_that_somebody_made_up_is_refused(officer: Actor) -> None:
    with pytest.raises(InvalidInput, match="bad_cursor"):
        reading_service.list_acts(actor=officer, wanted={"cursor": "bm9uc2Vuc2U"})
