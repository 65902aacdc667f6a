"""Acts on record: chained, in the transaction of the act, and nothing personal among them."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ercms.audit import canonical, service, verify
from ercms.audit.actions import VIEWS, AuditAction
from ercms.core import clock
from ercms.core.actor import SYSTEM, Actor, Role
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db

OFFICER = Actor(
    user_id="u1",
    role=Role.CASE_WORKER,
    organisation_id="o1",
    organisation_kind=None,
    address="192.0.2.7",
    request_id="req-1",
)


def record(chain: str = "case:c1", action: AuditAction = AuditAction.CASE_VIEWED, **options: object) -> None:
    values: dict[str, object] = {"record_type": "case", "record_id": "c1", "actor": OFFICER, **options}
    service.record(action=action, chain=chain, **values)  # type: ignore[arg-type]


def test_an_act_stands_on_record_with_who_when_where_and_why(app: Flask, fixed_clock: datetime) -> None:
    with unit_of_work():
        record(
            action=AuditAction.PERSON_VIEWED,
            record_type="person",
            record_id="p1",
            compartments=["identity", "documents"],
            purpose="break_glass",
            payload={"case_id": "c1", "reference": "RA-2026-7K3M9Q-T"},
        )

    [line] = service.history(chain="case:c1")
    assert line == service.AuditLine(
        chain="case:c1",
        seq=1,
        at=fixed_clock,
        actor_id="u1",
        organisation_id="o1",
        role="case_worker",
        channel="web",
        address="192.0.2.7",
        request_id="req-1",
        action=AuditAction.PERSON_VIEWED,
        record_type="person",
        record_id="p1",
        compartments=("documents", "identity"),
        purpose="break_glass",
        result="done",
        payload={"case_id": "c1", "reference": "RA-2026-7K3M9Q-T"},
    )


def test_each_entry_names_the_hash_before_it(app: Flask) -> None:
    with unit_of_work():
        record()
        record()
    with unit_of_work():
        record()
        record(chain="case:c2")

    rows = db.session.execute(text("SELECT seq, prev_hash, hash FROM audit_entries WHERE chain = 'case:c1'")).all()
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.prev_hash for row in rows] == [canonical.START, rows[0].hash, rows[1].hash]
    assert service.history(chain="case:c2")[0].seq == 1


def fail_after_recording() -> None:
    with unit_of_work():
        record()
        raise RuntimeError


def test_an_act_that_is_rolled_back_leaves_no_entry_and_no_gap(app: Flask) -> None:
    with unit_of_work():
        record()
    with pytest.raises(RuntimeError):
        fail_after_recording()
    with unit_of_work():
        record()

    assert [line.seq for line in service.history(chain="case:c1")] == [1, 2]
    assert verify.verify().is_sound


@pytest.mark.parametrize(
    "payload",
    [
        {"surname": "Aliyev"},
        {"page": "x" * 201},
        {"page": {"nested": 1}},
        {"page": 1.5},
        {"page": [{"nested": 1}]},
        {"page": object()},
    ],
)
def test_a_payload_beyond_the_list_of_its_action_is_refused(app: Flask, payload: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"audit payload|may not carry"):
        record(payload=payload)


def test_codes_dates_instants_tokens_and_lists_may_be_in_a_payload(app: Flask) -> None:
    with unit_of_work():
        record(
            action=AuditAction.CASE_SEARCHED,
            payload={
                "kinds": {"fin", "birth_date"},
                "tokens": [b"\x01\xff"],
                "total": 3,
                "code": date(2026, 11, 24),
                "status": datetime(2026, 11, 24, 12, tzinfo=UTC),
                "has_text": True,
                "reference": None,
            },
        )

    assert service.history(chain="case:c1")[0].payload == {
        "kinds": ["birth_date", "fin"],
        "tokens": ["01ff"],
        "total": 3,
        "code": "2026-11-24",
        "status": "2026-11-24T12:00:00.000000Z",
        "has_text": True,
        "reference": None,
    }


@pytest.mark.parametrize("chain", ["", "case:", "case", "person:p1", "case:c1 ", "systems", "case:c1\n"])
def test_a_chain_that_is_none_is_refused(app: Flask, chain: str) -> None:
    with pytest.raises(ValueError, match="chain"):
        record(chain=chain)


def test_a_purpose_in_words_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="code"):
        record(purpose="I know his sister")


def test_every_action_is_named_resource_and_past_tense_and_every_view_is_an_action() -> None:
    for action in AuditAction:
        resource, _, act = action.value.partition(".")
        assert resource.replace("_", "").isalpha()
        assert act.replace("_", "").isalpha()
        assert "reference" in action.payload_keys
    assert set(AuditAction) >= VIEWS


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor_id = 'u2'",
        "DELETE FROM audit_entries",
        "DELETE FROM audit_chains",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_what_is_on_record(app: Flask, statement: str) -> None:
    with unit_of_work():
        record()

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert len(service.history(chain="case:c1")) == 1


def test_two_writers_of_one_chain_never_fork_it(app: Flask) -> None:
    def write() -> None:
        with app.app_context():
            for _ in range(10):
                with unit_of_work():
                    record()
            db.session.remove()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [line.seq for line in service.history(chain="case:c1")] == list(range(1, 41))
    assert verify.verify().is_sound


def test_the_views_of_a_person_are_found_across_cases_and_changes_are_not_among_them(app: Flask) -> None:
    about = {"record_type": "person", "record_id": "p1"}
    with unit_of_work():
        record(chain="case:c1", action=AuditAction.PERSON_VIEWED, **about)
        record(chain="case:c2", action=AuditAction.PERSON_VIEWED, **about)
        record(chain="case:c1", action=AuditAction.PERSON_UPDATED, **about)
        record(chain="case:c1", action=AuditAction.PERSON_VIEWED, record_type="person", record_id="p2")

    lines = service.views_of(record_type="person", record_id="p1")
    assert [(line.chain, line.action) for line in lines] == [
        ("case:c1", AuditAction.PERSON_VIEWED),
        ("case:c2", AuditAction.PERSON_VIEWED),
    ]


def test_acts_are_listed_by_actor_action_and_time_newest_first(app: Flask, fixed_clock: datetime) -> None:
    for hours, actor in ((0, OFFICER), (1, OFFICER), (2, SYSTEM)):
        with clock.fixed(fixed_clock + timedelta(hours=hours)), unit_of_work():
            record(actor=actor)
    with clock.fixed(fixed_clock + timedelta(hours=3)), unit_of_work():
        record(action=AuditAction.SIGN_IN_FAILED, chain="system", actor=SYSTEM)

    assert [line.at.hour for line in service.acts()] == [11, 10, 9, 8]
    assert [line.at.hour for line in service.acts(actor_id="u1")] == [9, 8]
    assert [line.at.hour for line in service.acts(actions=[AuditAction.SIGN_IN_FAILED])] == [11]
    since, until = fixed_clock + timedelta(hours=1), fixed_clock + timedelta(hours=3)
    assert [line.at.hour for line in service.acts(since=since, until=until)] == [10, 9]
    assert service.count_acts(since=since, until=until) == 2
    assert [line.at.hour for line in service.acts(limit=1, offset=1)] == [10]
    assert [line.seq for line in service.history(chain="case:c1", limit=1, newest_first=True)] == [3]


def test_chains_are_named_after_what_they_are_about() -> None:
    assert service.case_chain("c1") == "case:c1"
    assert service.organisation_chain("o1") == "org:o1"
    assert service.organisation_chain(None) == "system"
