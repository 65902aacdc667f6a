"""Messages between SMS and the requesting side."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from ercms.audit import service as audit
from ercms.cases.service import get_case
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import NotFound, PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.messages import service
from ercms.messages.service import MessageView
from tests.factories.cases import Cast, make_case
from workflows.readmission import CaseState

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")

BODY = "Nigar will be accompanied by her aunt."


def _send(actor: Actor, reference: str, body: str = BODY) -> str:
    with unit_of_work():
        return service.send(actor=actor, reference=reference, values={"body": body})


def _read(actor: Actor, reference: str) -> tuple[MessageView, ...]:
    with unit_of_work():
        return service.for_case(actor=actor, case=get_case(actor=actor, reference=reference))


def _unread(actor: Actor, reference: str) -> int:
    case = get_case(actor=actor, reference=reference)
    return service.unread_counts(actor=actor, case_ids=[case.id]).get(case.id, 0)


def test_each_side_reads_what_the_other_wrote_and_knows_its_own_authors_only() -> None:
    cast = Cast()
    reference = make_case(cast)
    _send(cast.requester, reference)
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        _send(cast.worker, reference, "Thank you.")
    theirs, ours = _read(cast.worker, reference)
    assert (theirs.body, theirs.organisation, theirs.author) == (BODY, cast.authority.name, None)
    assert (ours.body, ours.is_own) == ("Thank you.", True)
    assert ours.author


def test_a_message_is_new_until_the_organisation_has_read_it_once() -> None:
    cast = Cast()
    reference = make_case(cast)
    _send(cast.requester, reference)
    assert _unread(cast.worker, reference) == 1
    assert _unread(cast.requester, reference) == 0
    assert _read(cast.supervisor, reference)[0].is_new
    assert _unread(cast.worker, reference) == 0
    assert not _read(cast.worker, reference)[0].is_new
    assert _read(cast.requester, reference)[0].read_at is not None


def test_the_mission_of_the_state_takes_part() -> None:
    cast = Cast()
    reference = make_case(cast)
    _send(cast.mission, reference)
    assert _read(cast.requester, reference)[0].organisation == cast.mission_office.name


def test_whoever_has_no_part_in_the_case_reads_and_writes_nothing() -> None:
    cast, stranger = Cast(), Cast(state="CH")
    reference = make_case(cast)
    with pytest.raises(NotFound):
        _send(stranger.requester, reference)
    case = get_case(actor=cast.worker, reference=reference)
    _send(cast.worker, reference)
    for actor in (stranger.requester, cast.verifier, cast.border, cast.partner):
        assert service.for_case(actor=actor, case=case) == ()
        assert service.unread_counts(actor=stranger.verifier, case_ids=[case.id]) == {}
        with pytest.raises((NotFound, PermissionRefused)):
            _send(actor, reference)


def test_a_draft_takes_no_message_because_nobody_would_see_it() -> None:
    cast = Cast()
    reference = make_case(cast, CaseState.DRAFT)
    with pytest.raises(RuleRefused) as refusal:
        _send(cast.requester, reference)
    assert refusal.value.code == "case_not_sent"


def test_the_text_lies_sealed_and_stays_out_of_audit_and_outbox() -> None:
    cast = Cast()
    reference = make_case(cast)
    _send(cast.requester, reference)
    assert b"Nigar" not in bytes(db.session.execute(text("SELECT body_sealed FROM messages")).scalar_one())
    case = get_case(actor=cast.worker, reference=reference)
    assert "Nigar" not in str(audit.history(chain=f"case:{case.id}"))
    assert "Nigar" not in str(db.session.execute(text("SELECT payload FROM outbox")).all())


def test_a_message_of_an_erased_person_is_shown_as_unreadable() -> None:
    cast = Cast()
    reference = make_case(cast)
    _send(cast.requester, reference)
    with unit_of_work():
        db.session.execute(text("UPDATE persons SET wrapped_key = NULL, erased_at = created_at"))
    assert _read(cast.worker, reference)[0].body is None
