"""After an erasure nothing of a person is left, and everything that proves what happened is."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import Settings
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit import verify
from ercms.audit.actions import AuditAction
from ercms.cases import drafting, lookup_service
from ercms.cases.enums import CaseOutcome
from ercms.core import clock
from ercms.core.actor import SYSTEM, Actor, Role
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.privacy import erasure_service, retention_service
from ercms.privacy.retention_service import DEFAULT_DAYS
from ercms.vault import files
from ercms.vault import service as vault
from ercms.vault.enums import Compartment
from tests.conftest import Client
from tests.factories.cases import Cast, act, make_case, make_draft
from workflows.readmission import CaseState, CaseTrigger

NAMES = {"surname": "Qızılgülzadə", "given_names": "Ayşəbikə", "birth_place": "Zərnəkənd", "fin": "7QW8XYZ"}
STREET = "Yasəmənsaray döngəsi 4711"
TABS = (
    "",
    "/persons",
    "/health",
    "/evidence",
    "/verification",
    "/travel",
    "/reintegration",
    "/messages",
    "/dates",
    "/history",
)


@pytest.fixture
def cast(app: Flask, fixed_clock: datetime) -> Cast:
    return Cast()


@pytest.fixture
def officer(make_actor: Callable[..., Actor], app: Flask) -> Actor:
    return make_actor(Role.DATA_PROTECTION_OFFICER)


def later(days: int) -> Any:
    return clock.fixed(clock.now() + timedelta(days=days))


def refused(cast: Cast) -> str:
    return make_case(cast, CaseState.REFUSED, identity=NAMES)


def person_of(reference: str) -> str:
    case_id = lookup_service.find_case_id(reference=reference) or ""
    return lookup_service.cases_of_records(case_ids=[case_id])[case_id].principal_person_id


def test_a_case_is_due_once_its_time_is_over_and_not_a_day_before(cast: Cast, officer: Actor) -> None:
    reference = refused(cast)
    days = DEFAULT_DAYS[CaseOutcome.REFUSED]
    with later(days - 1):
        assert erasure_service.preview(actor=officer) == []
        assert erasure_service.run(actor=SYSTEM) is None
    with later(days + 1):
        assert [due.case.reference for due in erasure_service.preview(actor=officer)] == [reference]


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (CaseState.DRAFT, CaseOutcome.NEVER_SENT),
        (CaseState.WITHDRAWN, CaseOutcome.WITHDRAWN),
        (CaseState.REFUSED, CaseOutcome.REFUSED),
        (CaseState.TRANSFERRED, CaseOutcome.RETURNED),
        (CaseState.UNDER_VERIFICATION, None),
        (CaseState.ACCEPTED, None),
        (CaseState.TRANSFER_NOTIFIED, None),
        (CaseState.REINTEGRATING, None),
    ],
)
def test_each_end_has_its_rule_and_what_goes_on_has_none(
    cast: Cast, officer: Actor, state: CaseState, outcome: CaseOutcome | None
) -> None:
    make_case(cast, state)
    with later(20 * 365):
        found = [due.case.outcome for due in erasure_service.preview(actor=officer)]
    assert found == ([] if outcome is None else [outcome])


def test_a_case_that_was_closed_keeps_the_rule_of_how_it_ended(cast: Cast, officer: Actor) -> None:
    references = {}
    for state, outcome in ((CaseState.REFUSED, CaseOutcome.REFUSED), (CaseState.WITHDRAWN, CaseOutcome.WITHDRAWN)):
        references[make_case(cast, state)] = outcome
    for reference in references:
        act(cast.worker, reference, CaseTrigger.CLOSE, reason="Nothing more is to be done.")
    with later(20 * 365):
        found = {due.case.reference: due.case.outcome for due in erasure_service.preview(actor=officer)}
    assert found == references


def test_nothing_of_the_person_is_left_and_everything_else_is(
    cast: Cast, officer: Actor, app: Flask, settings: Settings, database_kind: str
) -> None:
    reference = make_draft(cast, identity=NAMES)
    with unit_of_work():
        drafting.save_compartment(
            actor=cast.requester,
            reference=reference,
            expected_version=None,
            compartment=Compartment.CONTACT,
            values={"address_abroad": STREET},
        )
        person_id = person_of(reference)
        file_id = new_id()
        files.store(person_id=person_id, file_id=file_id, stream=BytesIO(STREET.encode() * 5000))
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    act(cast.requester, reference, CaseTrigger.WITHDRAW, reason=f"{NAMES['given_names']} left {STREET}.")
    key = wrapped_key(person_id)
    sealed = sealed_values(person_id)
    assert any(path.name == file_id for path in settings.files_path.rglob("*"))

    with later(DEFAULT_DAYS[CaseOutcome.WITHDRAWN] + 1):
        report = erasure_service.run(actor=SYSTEM)
    assert report is not None
    assert (report.cases, report.persons) == (1, 1)
    db.session.remove()

    words = [word.encode() for word in (*NAMES.values(), STREET)]
    words += [word.decode().encode("utf-16-le") for word in words]
    for path in everything_in(settings.instance_path):
        content = path.read_bytes()
        assert not [word for word in words if word in content], path
        if database_kind == "sqlite" and path.name.startswith("ercms.sqlite"):
            assert key not in content, path
            assert not [value for value in sealed if value in content], path
    assert not [path for path in settings.files_path.rglob("*") if path.is_file()]
    with pytest.raises(NotFound, match="person_erased"):
        vault.open(person_id=person_id, compartment=Compartment.IDENTITY)
    assert verify.verify().is_sound
    case_id = lookup_service.find_case_id(reference=reference)
    acts = [line.action for line in audit.history(chain=f"case:{case_id}")]
    assert acts[-1] is AuditAction.PERSON_ERASED
    assert AuditAction.CASE_SUBMITTED in acts or AuditAction.CASE_TRANSITION in acts


def everything_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def wrapped_key(person_id: str) -> bytes:
    statement = db.text("SELECT wrapped_key FROM persons WHERE id = :id")
    return bytes(db.session.execute(statement, {"id": person_id}).scalar_one())


def sealed_values(person_id: str) -> list[bytes]:
    """Return pieces of what was sealed for the person in the vault's own tables."""
    documents = db.text("SELECT sealed FROM person_compartments WHERE person_id = :id")
    tokens = db.text("SELECT sealed FROM person_tokens WHERE person_id = :id")
    rows = [row for query in (documents, tokens) for row in db.session.execute(query, {"id": person_id})]
    assert rows
    return [bytes(row[0])[5:40] for row in rows]


@pytest.mark.parametrize("state", [CaseState.REFUSED, CaseState.TRANSFERRED, CaseState.REFERRAL_DECLINED])
def test_the_case_page_still_opens_and_says_what_was_erased(
    cast: Cast, client: Client, sign_in: Callable[..., Any], state: CaseState
) -> None:
    reference = make_case(cast, state, identity=NAMES)
    with later(20 * 365):
        assert erasure_service.run(actor=SYSTEM) is not None
        sign_in(client, accounts.get_user(cast.worker.user_id))
        for tab in TABS:
            page = client.get(f"/cases/{reference}{tab}")
            assert page.status_code == 200, tab
            assert "Personal data erased" in page.text
            assert NAMES["surname"] not in page.text
        assert client.get("/requests").status_code == 200


def test_a_hold_keeps_the_data_until_it_is_lifted(cast: Cast, officer: Actor) -> None:
    reference = refused(cast)
    with unit_of_work():
        hold_id = retention_service.set_hold(actor=officer, reference=reference, reason="A court asked for the file.")
    with later(400):
        assert [due.is_held for due in erasure_service.preview(actor=officer)] == [True]
        assert erasure_service.run(actor=SYSTEM) is None
        with unit_of_work():
            retention_service.lift_hold(actor=officer, hold_id=hold_id)
        assert erasure_service.run(actor=SYSTEM) is not None
        assert retention_service.list_holds(actor=officer) == []


def test_a_hold_runs_out_by_itself(cast: Cast, officer: Actor) -> None:
    reference = refused(cast)
    until = clock.today() + timedelta(days=380)
    with unit_of_work():
        retention_service.set_hold(actor=officer, reference=reference, reason="Until the hearing.", until_on=until)
    with later(379):
        assert erasure_service.run(actor=SYSTEM) is None
    with later(382):
        assert erasure_service.run(actor=SYSTEM) is not None


def test_the_reason_of_a_hold_is_sealed_and_read_by_the_officer(cast: Cast, officer: Actor) -> None:
    reference = refused(cast)
    with unit_of_work():
        retention_service.set_hold(actor=officer, reference=reference, reason="Ayşəbikə has sued.")
    assert retention_service.list_holds(actor=officer)[0].reason == "Ayşəbikə has sued."
    assert "sued" not in str(db.session.execute(db.text("SELECT * FROM legal_holds")).all())


def test_a_hold_on_nothing_or_in_the_past_is_refused_at_its_field(cast: Cast, officer: Actor) -> None:
    reference = refused(cast)
    with unit_of_work(), pytest.raises(InvalidInput) as refusal:
        retention_service.set_hold(actor=officer, reference="RA-2026-NNNNNN-N", reason="None.")
    assert set(refusal.value.fields) == {"reference"}
    yesterday = clock.today() - timedelta(days=1)
    with unit_of_work(), pytest.raises(InvalidInput) as refusal:
        retention_service.set_hold(actor=officer, reference=reference, reason="Too late.", until_on=yesterday)
    assert set(refusal.value.fields) == {"until_on"}


def test_a_changed_rule_holds_from_the_next_run_and_is_on_record(cast: Cast, officer: Actor) -> None:
    refused(cast)
    with unit_of_work():
        retention_service.change_rule(actor=officer, outcome=CaseOutcome.REFUSED, days=60, version=0)
    with later(61):
        assert len(erasure_service.preview(actor=officer)) == 1
    line = audit.acts(actions=[AuditAction.RETENTION_CHANGED])[0]
    assert line.payload == {"rule": "refused", "from": DEFAULT_DAYS[CaseOutcome.REFUSED], "to": 60}
    with unit_of_work(), pytest.raises(Conflict, match="stale_version"):
        retention_service.change_rule(actor=officer, outcome=CaseOutcome.REFUSED, days=70, version=0)


def test_the_report_names_references_and_counts_and_its_signature_is_checked(cast: Cast, officer: Actor) -> None:
    reference = refused(cast)
    with later(400):
        made = erasure_service.run(actor=SYSTEM)
    assert made is not None
    report = erasure_service.get_report(actor=officer, number=1)
    assert report.is_genuine
    said = json.loads(report.statement)
    assert said["type"] == "ercms.erasure-report/1"
    assert [(one["reference"], one["outcome"], one["persons"]) for one in said["cases"]] == [(reference, "refused", 1)]
    assert NAMES["surname"] not in report.text
    forged = erasure_service.Report(1, report.made_at, 1, 1, report.statement + " ", report.key_id, report.signature)
    assert not forged.is_genuine


def test_an_erasure_whose_report_was_lost_is_named_by_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, officer: Actor
) -> None:
    reference = refused(cast)
    with later(400):
        with monkeypatch.context() as killed:
            killed.setattr(erasure_service, "_report", lambda actor: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                erasure_service.run(actor=SYSTEM)
        report = erasure_service.run(actor=SYSTEM)
        assert report is not None
        assert reference in report.statement
        assert erasure_service.run(actor=SYSTEM) is None


def test_nobody_else_erases_or_previews(cast: Cast) -> None:
    for actor in (cast.requester, cast.worker, cast.supervisor):
        with pytest.raises(PermissionRefused):
            erasure_service.preview(actor=actor)
        with pytest.raises(PermissionRefused):
            erasure_service.run(actor=actor)


def test_the_command_says_what_would_go_and_does_it_when_told(cast: Cast, app: Flask) -> None:
    reference = refused(cast)
    with later(400):
        runner = app.test_cli_runner()
        said = runner.invoke(args=["privacy", "erase", "--preview"])
        assert reference in said.output
        assert "1 cases would be erased" in said.output
        done = runner.invoke(args=["privacy", "erase", "--run"])
        assert "1 persons of 1 cases erased" in done.output
        assert "Nothing is due" in runner.invoke(args=["privacy", "erase", "--run"]).output
