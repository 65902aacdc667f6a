"""Travel documents through the real services, under the Swiss agreement and without any."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.cases import drafting
from ercms.cases import service as cases
from ercms.cases.enums import MemberRelation
from ercms.core import clock
from ercms.core.actor import SYSTEM, Actor, OrganisationKind
from ercms.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.travel_documents import listing_service, service
from ercms.travel_documents.service import DocumentForCase
from ercms.verification import grounds
from tests.conftest import TODAY
from tests.factories.accounts import make_organisation
from tests.factories.cases import Cast, act, make_case, make_draft
from workflows.readmission import CaseKind, CaseState, CaseTrigger
from workflows.travel_document import DocumentState

NUMBER = "QS 0001234"
T = CaseTrigger


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with clock.fixed(TODAY):
        yield Cast(state="CH")


def _documents(cast: Cast, reference: str, reader: Actor | None = None) -> tuple[DocumentForCase, ...]:
    actor = reader or cast.worker
    with unit_of_work():
        return service.for_case(actor=actor, case=cases.get_case(actor=actor, reference=reference))


def _issue(days: int, **more: object) -> dict[str, object]:
    today = clock.today()
    return {"number": NUMBER, "issued_on": today, "valid_until": today + timedelta(days=days), **more}


def test_the_mission_that_serves_the_state_is_asked(cast: Cast) -> None:
    make_organisation(OrganisationKind.MISSION, name="Another mission", states=["NO"])
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    (document,) = _documents(cast, reference)
    assert document.state is DocumentState.REQUESTED
    assert document.mission == cast.mission_office.name
    assert document.due_on is not None
    assert not document.is_overdue


def test_no_document_is_asked_for_where_nobody_issues_any(cast: Cast) -> None:
    reference = make_case(cast, CaseState.ACCEPTED)
    office = cast.mission_office
    with unit_of_work():
        accounts.change_organisation(
            actor=SYSTEM,
            organisation_id=office.id,
            version=office.version,
            name=office.name,
            states=office.states,
            is_active=False,
        )
    with pytest.raises(RuleRefused, match="no_mission_for_state"):
        act(cast.requester, reference, T.REQUEST_DOCUMENT)
    db.session.rollback()
    assert not _documents(cast, reference)


def test_a_document_that_is_not_issued_in_time_is_overdue(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    with clock.fixed(TODAY + timedelta(days=20)):
        (document,) = _documents(cast, reference)
        (line,) = listing_service.list_requested(actor=cast.mission).lines
    assert document.is_overdue
    assert line.is_overdue


def test_the_number_is_sealed_and_opened_for_whom_may_read_it(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_ISSUED)
    (document,) = _documents(cast, reference)
    assert document.number == NUMBER
    stored = db.session.connection().exec_driver_sql("SELECT * FROM travel_documents").mappings().all()
    assert NUMBER not in str([dict(row) for row in stored])
    assert NUMBER not in str([line.payload for line in audit.acts()])


def test_a_validity_shorter_than_the_agreement_demands_is_shown_and_blocks_nothing(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    act(cast.mission, reference, T.ISSUE_DOCUMENT, **_issue(30))
    (document,) = _documents(cast, reference)
    assert document.state is DocumentState.ISSUED
    assert document.shortfall_days == 60


def test_a_validity_as_long_as_the_agreement_demands_has_no_shortfall(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    act(cast.mission, reference, T.ISSUE_DOCUMENT, **_issue(90))
    assert _documents(cast, reference)[0].shortfall_days is None


def test_the_requesting_authority_does_not_issue(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    with pytest.raises(PermissionRefused):
        act(cast.requester, reference, T.ISSUE_DOCUMENT, **_issue(90))


def test_a_document_dated_in_the_future_is_refused_and_nothing_is_half_written(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    with pytest.raises(RuleRefused, match="issue_date_in_future"):
        act(
            cast.mission,
            reference,
            T.ISSUE_DOCUMENT,
            **_issue(90, issued_on=clock.today() + timedelta(days=1)),
        )
    db.session.rollback()
    assert cases.get_case(actor=cast.worker, reference=reference).state is CaseState.DOCUMENT_REQUESTED
    assert _documents(cast, reference)[0].number is None


def test_a_reissue_replaces_the_old_document(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_ISSUED)
    act(cast.mission, reference, T.REISSUE_DOCUMENT, reason="The certificate was lost.")
    states = {document.state for document in _documents(cast, reference)}
    assert states == {DocumentState.REQUESTED, DocumentState.REPLACED}


def test_a_reissue_of_a_document_that_ran_out_leaves_it_expired(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    act(cast.mission, reference, T.ISSUE_DOCUMENT, **_issue(10))
    with clock.fixed(TODAY + timedelta(days=20)):
        act(cast.mission, reference, T.REISSUE_DOCUMENT)
        states = {document.state for document in _documents(cast, reference)}
        assert states == {DocumentState.REQUESTED, DocumentState.EXPIRED}
        act(cast.mission, reference, T.ISSUE_DOCUMENT, **_issue(90))
    assert cases.get_case(actor=cast.worker, reference=reference).state is CaseState.DOCUMENT_ISSUED


def test_the_swiss_text_has_no_fallback_document_for_own_nationals(cast: Cast) -> None:
    reference = make_case(cast, CaseState.ACCEPTED)
    with (
        clock.fixed(TODAY + timedelta(days=30)),
        pytest.raises(RuleRefused, match="standard_document_not_allowed"),
    ):
        act(cast.requester, reference, T.RECORD_STANDARD_DOCUMENT, **_issue(90))


def test_the_requesting_state_documents_a_third_country_national(cast: Cast) -> None:
    reference = make_draft(cast, kind=CaseKind.THIRD_COUNTRY_NATIONAL)
    act(cast.requester, reference, T.SUBMIT)
    act(cast.worker, reference, T.ACKNOWLEDGE)
    case = cases.get_case(actor=cast.worker, reference=reference)
    ground = grounds.acceptance_options(actor=cast.worker, case=case)["ground"][0][0]
    act(cast.worker, reference, T.PROPOSE_ACCEPTANCE, ground=ground, reasons="The permit is in the register.")
    act(cast.supervisor, reference, T.CONFIRM_ACCEPTANCE)
    act(cast.requester, reference, T.RECORD_STANDARD_DOCUMENT, **_issue(60))
    (document,) = _documents(cast, reference)
    assert document.state is DocumentState.ISSUED
    assert document.kind_text == "Standard travel document of the requesting State"
    assert document.mission is None


def test_the_standard_document_calls_off_what_was_asked_of_the_mission(cast: Cast) -> None:
    german = Cast(state="DE")
    reference = make_case(german, CaseState.DOCUMENT_REQUESTED)
    with clock.fixed(TODAY + timedelta(days=30)):
        act(german.requester, reference, T.RECORD_STANDARD_DOCUMENT, **_issue(90))
        states = {document.state for document in _documents(german, reference)}
    assert states == {DocumentState.CANCELLED, DocumentState.ISSUED}


def test_each_family_member_gets_a_document_of_their_own(cast: Cast) -> None:
    assert cast.mission
    reference = _with_child(cast)
    assert len(_documents(cast, reference)) == 2
    act(cast.mission, reference, T.ISSUE_DOCUMENT, **_issue(90))
    with unit_of_work():
        (line,) = listing_service.list_requested(actor=cast.mission).lines
        assert not line.is_principal
        service.issue_member_document(actor=cast.mission, document_id=line.id, values=_issue(90, number="QS 777"))
    assert {document.number for document in _documents(cast, reference)} == {NUMBER, "QS 777"}
    assert listing_service.list_requested(actor=cast.mission).lines == ()


def test_the_document_of_the_principal_is_issued_with_the_case_only(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    (document,) = _documents(cast, reference)
    with pytest.raises(Conflict, match="document_of_principal"):
        service.issue_member_document(actor=cast.mission, document_id=document.id, values=_issue(90))


def _with_child(cast: Cast) -> str:
    reference = make_draft(cast)
    with unit_of_work():
        drafting.add_member(
            actor=cast.requester,
            reference=reference,
            expected_version=None,
            relation=MemberRelation.CHILD,
            identity={"surname": "Şıxəliyeva", "given_names": "Nuray"},
        )
    for who, trigger, values in (
        (cast.requester, T.SUBMIT, {}),
        (cast.worker, T.ACKNOWLEDGE, {}),
        (cast.worker, T.PROPOSE_ACCEPTANCE, {"ground": "own_national", "reasons": "The register confirms it."}),
        (cast.supervisor, T.CONFIRM_ACCEPTANCE, {}),
        (cast.worker, T.REQUEST_DOCUMENT, {}),
    ):
        act(who, reference, trigger, **values)
    return reference


def test_another_mission_sees_and_issues_nothing(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    (document,) = _documents(cast, reference)
    other = Cast(state="NO").mission
    assert listing_service.list_requested(actor=other).lines == ()
    with pytest.raises(NotFound):
        listing_service.get_requested(actor=other, document_id=document.id)
    with pytest.raises(NotFound):
        act(other, reference, T.ISSUE_DOCUMENT, **_issue(90))


def test_a_withdrawn_case_waits_for_no_document(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    act(cast.requester, reference, T.WITHDRAW, reason="The person left on their own.")
    assert listing_service.list_requested(actor=cast.mission).lines == ()


def test_an_unknown_document_is_not_used(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    with pytest.raises(InvalidInput, match="unknown_document"):
        act(cast.border, reference, T.CONFIRM_ARRIVAL, arrived_on=clock.today(), document_id="0" * 32)


def test_a_document_is_used_by_the_arrival(cast: Cast) -> None:
    reference = make_case(cast, CaseState.TRANSFERRED)
    assert [document.state for document in _documents(cast, reference)] == [DocumentState.USED]


def test_who_may_not_read_documents_is_shown_none(cast: Cast) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_ISSUED)
    case = cases.get_case(actor=cast.worker, reference=reference)
    assert service.for_case(actor=cast.partner, case=case) == ()


def test_the_list_goes_on_where_a_page_ended_and_what_is_due_first_comes_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_service, "PAGE_SIZE", 2)
    expected = []
    for day in (2, 0, 1):
        with clock.fixed(TODAY + timedelta(days=day)):
            expected.append((day, make_case(cast, CaseState.DOCUMENT_REQUESTED)))
    with clock.fixed(TODAY + timedelta(days=3)):
        first = listing_service.list_requested(actor=cast.mission)
        second = listing_service.list_requested(actor=cast.mission, cursor=first.next_cursor)
        with pytest.raises(InvalidInput, match="bad_cursor"):
            listing_service.list_requested(actor=cast.mission, cursor="WyJub3QtYS1kYXkiLCAiYWIiXQ")
    assert [line.reference for line in first.lines + second.lines] == [reference for _, reference in sorted(expected)]
    assert (len(first.lines), second.next_cursor) == (2, None)
