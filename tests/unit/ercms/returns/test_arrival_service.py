"""What the border service sees: the lists of a fortnight, and one arrival with no more than it needs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import drafting
from ercms.cases import service as cases
from ercms.core import clock
from ercms.core.errors import NotFound, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.returns import arrival_service
from ercms.returns.arrival_service import ArrivalPage, Span
from ercms.returns.enums import TransferMeans
from ercms.vault.enums import Compartment
from tests.conftest import TODAY
from tests.factories.cases import Cast, act, make_case, make_draft
from workflows.readmission import CaseState, CaseTrigger, Procedure

T = CaseTrigger
PLANNED_IN = timedelta(days=14)


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with clock.fixed(TODAY):
        yield Cast(state="CH")


def _spans(cast: Cast) -> dict[Span, list[str]]:
    with unit_of_work():
        spans = arrival_service.list_transfers(actor=cast.border).spans
    return {span: [line.reference for line in lines] for span, lines in spans.items() if lines}


def _open(cast: Cast, reference: str) -> ArrivalPage:
    with unit_of_work():
        return arrival_service.open_arrival(actor=cast.border, reference=reference)


@pytest.mark.parametrize(
    ("days", "span"), [(7, Span.AHEAD), (13, Span.AHEAD), (14, Span.TODAY), (15, Span.OVERDUE), (21, Span.OVERDUE)]
)
def test_a_transfer_stands_in_the_part_of_its_day(cast: Cast, days: int, span: Span) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    with clock.fixed(TODAY + timedelta(days=days)):
        assert _spans(cast) == {span: [reference]}


@pytest.mark.parametrize("days", [6, 22])
def test_a_transfer_beyond_a_week_is_left_out(cast: Cast, days: int) -> None:
    make_case(cast, CaseState.TRANSFER_NOTIFIED)
    with clock.fixed(TODAY + timedelta(days=days)):
        assert _spans(cast) == {}


def test_the_list_goes_on_where_a_page_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival_service, "PAGE_SIZE", 2)
    announced = {make_case(cast, CaseState.TRANSFER_NOTIFIED) for _ in range(3)}
    with clock.fixed(TODAY + PLANNED_IN), unit_of_work():
        first = arrival_service.list_transfers(actor=cast.border)
        second = arrival_service.list_transfers(actor=cast.border, cursor=first.next_cursor)
    pages = [[line.reference for line in page.spans[Span.TODAY]] for page in (first, second)]
    assert [len(page) for page in pages] == [2, 1]
    assert {*pages[0], *pages[1]} == announced
    assert second.next_cursor is None


def test_what_arrived_stays_listed_for_a_week(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    with clock.fixed(TODAY + PLANNED_IN):
        act(cast.border, reference, T.CONFIRM_ARRIVAL, arrived_on=clock.today())
    with clock.fixed(TODAY + PLANNED_IN + timedelta(days=5)):
        assert _spans(cast) == {Span.PAST: [reference]}


def test_a_withdrawn_case_is_expected_no_longer(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    act(cast.requester, reference, T.WITHDRAW, reason="The person left on their own.")
    with clock.fixed(TODAY + PLANNED_IN):
        assert _spans(cast) == {}


def test_each_side_lists_the_transfers_of_its_own_cases_only(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    other = Cast(state="NO")
    with clock.fixed(TODAY + PLANNED_IN), unit_of_work():
        own = arrival_service.list_transfers(actor=cast.requester).spans
        foreign = arrival_service.list_transfers(actor=other.requester).spans
    assert [line.reference for line in own[Span.TODAY]] == [reference]
    assert not any(foreign.values())


def test_an_arrival_shows_person_document_and_journey(cast: Cast) -> None:
    page = _open(cast, make_case(cast, CaseState.TRANSFER_NOTIFIED))
    (traveller,) = page.travellers
    assert traveller.name == "Şıxəliyev, Rəşad Vüqar oğlu"
    assert traveller.documents == ("QS 0001234",)
    assert page.may_confirm
    assert page.may_fail


def test_care_is_shown_where_the_person_consented(cast: Cast) -> None:
    reference = make_draft(cast)
    _write_health(cast, reference, {"has_consent": True, "care_needed": "Insulin every evening"})
    _drive_to_transfer(cast, reference)
    assert _open(cast, reference).care == "Insulin every evening"


def test_opening_an_arrival_is_on_record_with_the_compartments(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    _open(cast, reference)
    case = cases.get_case(actor=cast.worker, reference=reference)
    (view,) = audit.views_of(record_type="person", record_id=case.principal_person_id)
    assert view.action is AuditAction.PERSON_VIEWED
    assert view.actor_id == cast.border.user_id
    assert view.compartments == ("health", "identity")


def test_an_arrival_is_for_the_border_only(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    with pytest.raises(PermissionRefused):
        arrival_service.open_arrival(actor=cast.requester, reference=reference)
    with pytest.raises(NotFound):
        arrival_service.open_arrival(actor=cast.partner, reference=reference)


def test_the_border_sees_a_case_no_longer_once_support_is_offered(cast: Cast) -> None:
    reference = make_case(cast, CaseState.REFERRAL_OFFERED)
    with pytest.raises(NotFound):
        arrival_service.open_arrival(actor=cast.border, reference=reference)


def _write_health(cast: Cast, reference: str, values: dict[str, object]) -> None:
    with unit_of_work():
        drafting.save_compartment(
            actor=cast.requester,
            reference=reference,
            expected_version=None,
            compartment=Compartment.HEALTH,
            values=values,
        )


def _drive_to_transfer(cast: Cast, reference: str) -> None:
    today = clock.today()
    document = {"number": "QS 5", "issued_on": today, "valid_until": today + timedelta(days=90)}
    notice = {"transfer_on": today + PLANNED_IN, "means": TransferMeans.LAND, "crossing_point": "Samur"}
    assert cast.mission
    act(cast.requester, reference, T.SUBMIT)
    act(cast.worker, reference, T.ACKNOWLEDGE)
    act(cast.worker, reference, T.PROPOSE_ACCEPTANCE, ground="own_national", reasons="The register confirms it.")
    act(cast.supervisor, reference, T.CONFIRM_ACCEPTANCE)
    act(cast.worker, reference, T.REQUEST_DOCUMENT)
    act(cast.mission, reference, T.ISSUE_DOCUMENT, **document)
    act(cast.requester, reference, T.NOTIFY_TRANSFER, **notice)


def test_who_returns_without_an_application_travels_on_an_own_document(cast: Cast) -> None:
    reference = make_draft(cast, procedure=Procedure.NONE)
    with unit_of_work():
        drafting.save_compartment(
            actor=cast.requester,
            reference=reference,
            expected_version=None,
            compartment=Compartment.DOCUMENTS,
            values={"document_number": "C01234567"},
        )
    valid_until = clock.today() + timedelta(days=400)
    act(cast.requester, reference, T.REGISTER_WITHOUT_APPLICATION, document_valid_until=valid_until)
    notice = {"transfer_on": clock.today(), "means": TransferMeans.SCHEDULED_FLIGHT, "crossing_point": "GYD"}
    act(cast.requester, reference, T.NOTIFY_TRANSFER, **notice)
    (traveller,) = _open(cast, reference).travellers
    assert traveller.documents == ("C01234567",)
    act(cast.border, reference, T.CONFIRM_ARRIVAL, arrived_on=clock.today())
    assert cases.get_case(actor=cast.worker, reference=reference).state is CaseState.TRANSFERRED
