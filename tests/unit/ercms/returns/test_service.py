"""Transfers through the real services, under the Swiss agreement, whose notice is three working days."""

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from flask import Flask

from ercms.audit import service as audit
from ercms.cases import drafting, sealing_service
from ercms.cases import service as cases
from ercms.core import clock
from ercms.core.errors import InvalidInput, NotFound, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.returns import service
from ercms.returns.enums import TransferFailure, TransferMeans
from ercms.returns.service import TransferForCase
from ercms.vault.enums import Compartment
from tests.conftest import TODAY
from tests.factories.cases import Cast, act, make_case, make_draft
from workflows.readmission import CaseState, CaseTrigger
from workflows.transfer import TransferState

T = CaseTrigger
ESCORTS = "Two officers, Meier and Keller"


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with clock.fixed(TODAY):
        yield Cast(state="CH")


def _transfers(cast: Cast, reference: str) -> tuple[TransferForCase, ...]:
    with unit_of_work():
        return service.for_case(actor=cast.worker, case=cases.get_case(actor=cast.worker, reference=reference))


def _announce(cast: Cast, reference: str, days: int, **more: object) -> None:
    act(
        cast.requester,
        reference,
        T.NOTIFY_TRANSFER,
        transfer_on=clock.today() + timedelta(days=days),
        means=TransferMeans.CHARTER_FLIGHT,
        crossing_point="GYD",
        **more,
    )


def test_a_notice_keeps_its_details_sealed(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_ISSUED)
    _announce(cast, reference, 10, escorts=ESCORTS, flight_number="J2 8052", has_medical_escort=True)
    (transfer,) = _transfers(cast, reference)
    assert transfer.state is TransferState.NOTIFIED
    assert transfer.attempt == 1
    assert transfer.details.escorts == ESCORTS
    assert transfer.details.has_medical_escort
    stored = db.session.connection().exec_driver_sql("SELECT * FROM transfers").mappings().all()
    assert "Meier" not in str([dict(row) for row in stored])
    assert "Meier" not in str([line.payload for line in audit.acts()])


def test_a_notice_long_enough_warns_of_nothing(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_ISSUED)
    _announce(cast, reference, 10)
    assert not _transfers(cast, reference)[0].is_notice_short


def test_a_notice_shorter_than_the_agreement_demands_warns_and_goes_through(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_ISSUED)
    _announce(cast, reference, 1)
    (transfer,) = _transfers(cast, reference)
    assert transfer.is_notice_short
    assert not transfer.is_notice_internal


def test_where_no_lead_time_is_known_the_internal_target_warns(cast: Cast) -> None:
    german = Cast(state="DE")
    reference = make_case(german, CaseState.DOCUMENT_ISSUED)
    _announce(german, reference, 1)
    (transfer,) = _transfers(german, reference)
    assert transfer.is_notice_short
    assert transfer.is_notice_internal


def test_a_transfer_in_the_past_is_refused(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_ISSUED)
    with pytest.raises(RuleRefused, match="transfer_date_past"):
        _announce(cast, reference, -1)


def test_a_failed_attempt_is_kept_and_the_next_one_is_numbered(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    act(cast.border, reference, T.RECORD_TRANSFER_FAILURE, failure=TransferFailure.MEDICAL, note="Unfit to fly.")
    _announce(cast, reference, 20)
    second, first = _transfers(cast, reference)
    assert (first.attempt, first.state, first.failure) == (1, TransferState.FAILED, TransferFailure.MEDICAL)
    assert first.note == "Unfit to fly."
    assert (second.attempt, second.state) == (2, TransferState.NOTIFIED)


def test_the_requesting_side_may_report_a_failure_too(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    act(cast.requester, reference, T.RECORD_TRANSFER_FAILURE, failure=TransferFailure.ABSCONDED, note="Not found.")
    assert cases.get_case(actor=cast.worker, reference=reference).state is CaseState.TRANSFER_FAILED


def test_a_transfer_called_off_leaves_the_document_in_hand(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    act(cast.requester, reference, T.CANCEL_TRANSFER, reason="The court stopped it.")
    assert _transfers(cast, reference)[0].state is TransferState.CANCELLED
    case = cases.get_case(actor=cast.worker, reference=reference)
    assert case.state is CaseState.DOCUMENT_ISSUED
    assert case.transfer_on is None


def test_the_arrival_is_dated_as_the_border_saw_it(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    with clock.fixed(TODAY + timedelta(days=14)):
        act(cast.border, reference, T.CONFIRM_ARRIVAL, arrived_on=clock.today(), arrived_at=time(9, 30))
        case = cases.get_case(actor=cast.worker, reference=reference)
        assert case.state is CaseState.TRANSFERRED
        assert case.transferred_at is not None
        assert case.transferred_at.isoformat() == "2026-12-08T05:30:00+00:00"
        assert _transfers(cast, reference)[0].state is TransferState.ARRIVED


def test_an_arrival_in_the_future_is_refused_at_its_field(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    with pytest.raises(InvalidInput) as refusal:
        act(cast.border, reference, T.CONFIRM_ARRIVAL, arrived_on=clock.today() + timedelta(days=1))
    assert list(refusal.value.fields) == ["arrived_on"]


def test_an_arrival_at_a_later_hour_of_today_is_refused_at_its_field(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    with pytest.raises(InvalidInput) as refusal:
        act(cast.border, reference, T.CONFIRM_ARRIVAL, arrived_on=clock.today(), arrived_at=time(23, 59))
    assert list(refusal.value.fields) == ["arrived_at"]


def test_an_arrival_before_the_notice_is_refused(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    with pytest.raises(InvalidInput, match="arrival_before_notice"):
        act(cast.border, reference, T.CONFIRM_ARRIVAL, arrived_on=clock.today() - timedelta(days=1))


def test_the_border_sees_nothing_before_a_transfer_is_announced(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_ISSUED)
    with pytest.raises(NotFound):
        act(cast.border, reference, T.CONFIRM_ARRIVAL, arrived_on=clock.today())


def test_who_may_not_read_transfers_is_shown_none(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    case = cases.get_case(actor=cast.worker, reference=reference)
    assert service.for_case(actor=cast.partner, case=case) == ()


def test_a_child_alone_is_not_announced_before_the_safeguards_are_complete(cast: Cast) -> None:
    reference = _child_alone(cast, {"minor_guardian": "A guardian"})
    with pytest.raises(RuleRefused, match="minor_safeguards_incomplete"):
        _announce(cast, reference, 10)
    db.session.rollback()
    assert _transfers(cast, reference) == ()


def test_a_child_alone_is_announced_once_they_are(cast: Cast) -> None:
    named = {
        "minor_guardian": "A guardian",
        "minor_determination": "A panel, 3 November 2026, return",
        "minor_receiving_adult": "An aunt",
    }
    reference = _child_alone(cast, named)
    _announce(cast, reference, 10)
    assert len(_transfers(cast, reference)) == 1


def _child_alone(cast: Cast, health: dict[str, str]) -> str:
    reference = make_draft(cast)
    with unit_of_work():
        head = {
            **drafting.head_of(case=cases.get_case(actor=cast.requester, reference=reference)),
            "is_minor_alone": True,
        }
        drafting.save_head(actor=cast.requester, reference=reference, expected_version=None, values=head)
        drafting.save_compartment(
            actor=cast.requester,
            reference=reference,
            expected_version=None,
            compartment=Compartment.HEALTH,
            values=health,
        )
    today = clock.today()
    document = {"number": "QS 5", "issued_on": today, "valid_until": today + timedelta(days=90)}
    # A child alone is a sealed case: whoever gets a part in it has to be named, by a supervisor who is there.
    readers = (cast.worker, cast.mission)
    assert cast.supervisor
    act(cast.requester, reference, T.SUBMIT)
    with unit_of_work():
        for one in readers:
            sealing_service.add_reader(
                actor=cast.supervisor, reference=reference, expected_version=None, user_id=one.user_id, reason="Needed"
            )
    act(cast.worker, reference, T.ACKNOWLEDGE)
    act(cast.worker, reference, T.PROPOSE_ACCEPTANCE, ground="own_national", reasons="The register confirms it.")
    act(cast.supervisor, reference, T.CONFIRM_ACCEPTANCE)
    act(cast.worker, reference, T.REQUEST_DOCUMENT)
    act(cast.mission, reference, T.ISSUE_DOCUMENT, **document)
    return reference
