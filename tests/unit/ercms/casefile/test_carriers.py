"""What carries a proposal: chosen among the records of the case, shown to the second officer, told as far as may be."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ercms.accounts import service as accounts
from ercms.casefile import sheet
from ercms.casefile.carriers import carriers_of
from ercms.cases.service import get_case
from ercms.core import clock
from ercms.core.errors import InvalidInput, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service, firewall_service
from ercms.evidence import service as evidence
from ercms.evidence.enums import AsylumAnswer, FileRole
from ercms.interviews import service as interview_service
from ercms.interviews.enums import InterviewMode, InterviewOutcome
from ercms.letters import service as letters
from ercms.letters import typesetting
from ercms.letters.presenting import document_of
from ercms.letters.service import LetterKind
from ercms.verification import inquiry_service
from ercms.verification.enums import InquiryFinding, InquiryPurpose
from tests.conftest import new_client
from tests.factories.cases import Cast, act, make_case, make_draft, usual_act
from tests.factories.files import docx
from workflows.readmission import CaseTrigger
from workflows.terms import EvidencePurpose

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")
T = CaseTrigger
SAID, ANSWER = "He named the school in Gəncə.", "Citizenship ended in 2019, file 77."


def _item(cast: Cast, reference: str, code: str, *, is_internal: bool = False) -> str:
    values: dict[str, Any] = {"code": code, "purpose": EvidencePurpose.NATIONALITY}
    with unit_of_work():
        return evidence.add_item(
            actor=cast.worker if is_internal else cast.requester,
            reference=reference, expected_version=None, values=values,
        ).id  # fmt: skip


def _inquiry(cast: Cast, reference: str) -> str:
    row = {"purpose": InquiryPurpose.CITIZENSHIP, "agency_id": cast.agency.id, "named": ["identity.surname"]}
    with unit_of_work():
        (inquiry_id,) = inquiry_service.send(actor=cast.worker, reference=reference, values={"inquiries": [row]})
    with unit_of_work():
        values = {"finding": InquiryFinding.NOT_CONFIRMED, "answer": ANSWER}
        inquiry_service.answer(actor=cast.verifier, inquiry_id=inquiry_id, expected_version=None, values=values)
    return inquiry_id


def _interview(cast: Cast, reference: str) -> str:
    do = {"interview_id": "", "expected_version": None}
    start = clock.now() + timedelta(hours=1)
    with unit_of_work():
        values: dict[str, Any] = {"mission_id": cast.mission_office.id}
        do["interview_id"] = interview_service.ask(actor=cast.worker, reference=reference, values=values)
    with unit_of_work():
        values = {"mode": InterviewMode.IN_PERSON, "place": "Room 4", "zone": "Europe/Berlin", "minutes": 30}
        interview_service.offer(actor=cast.mission, **do, values={**values, "starts": [start]})  # type: ignore[arg-type]
    with unit_of_work():
        slot_id = (
            interview_service.queries.list_of_case(get_case(actor=cast.worker, reference=reference).id)[0].slots[0].id
        )
        interview_service.choose(actor=cast.requester, **do, values={"slot_id": slot_id, "is_contact_allowed": True})  # type: ignore[arg-type]
    with clock.fixed(start), unit_of_work():
        values = {"outcome": InterviewOutcome.NOT_CONFIRMED, "protocol": SAID, "language_observed": "Farsi"}
        interview_service.hold(actor=cast.mission, **do, values=values)  # type: ignore[arg-type]
    return str(do["interview_id"])


def _scene(cast: Cast) -> tuple[str, dict[str, str]]:
    """Return a case with evidence of both sides, one piece resting on a file set aside, an answer, an interview."""
    assert cast.mission.states == {cast.state}
    reference = make_draft(cast)
    found = {"passport": f"evidence:{_item(cast, reference, 'passport')}"}
    set_aside = _item(cast, reference, "birth_certificate")
    with unit_of_work():
        file = files_service.store_file(
            actor=cast.requester, reference=reference, expected_version=None, name="letter.docx",
            stream=BytesIO(docx()),
            values={"role": FileRole.EVIDENCE, "evidence_id": set_aside, "asylum": AsylumAnswer.NO},
        )  # fmt: skip
        file_id = file.id
    for trigger in (T.SUBMIT, T.ACKNOWLEDGE):
        actor, values = usual_act(cast, trigger)
        act(actor, reference, trigger, **values)
    found["set aside"] = f"evidence:{set_aside}"
    found["internal"] = f"evidence:{_item(cast, reference, 'identity_card', is_internal=True)}"
    found["inquiry"] = f"inquiry:{_inquiry(cast, reference)}"
    found["interview"] = f"interview:{_interview(cast, reference)}"
    with unit_of_work():
        firewall_service.set_aside(actor=cast.worker, file_id=file_id, words="It mentions a procedure.")
    return reference, found


def _propose(cast: Cast, reference: str, *rests_on: str, actor: Any = None) -> None:
    values = {"ground": "not_a_national", "reasons": "No register knows the person.", "rests_on": list(rests_on)}
    act(actor or cast.worker, reference, T.PROPOSE_REFUSAL, **values)


def test_the_second_officer_sees_what_carries_a_proposal_and_the_reply_tells_what_may_be_told(app: Flask) -> None:
    cast = Cast()
    reference, records = _scene(cast)
    case = get_case(actor=cast.worker, reference=reference)
    offered = {str(one.reference) for one in carriers_of(actor=cast.worker, case=case)}
    # What is set aside is there for its one officer alone.
    assert offered == set(records.values()) - {records["set aside"]}
    assert carriers_of(actor=cast.requester, case=case) == ()
    chosen = [records[name] for name in ("passport", "internal", "inquiry", "interview")]
    _propose(cast, reference, *chosen)
    with unit_of_work():
        opened = sheet.open_sheet(actor=cast.supervisor, reference=reference)
    assert {str(one) for one, carrier in opened.relied if carrier is not None} == set(chosen)
    act(cast.supervisor, reference, T.CONFIRM_REFUSAL)
    for reader, language in ((cast.requester, "az"), (cast.worker, "en")):
        with app.test_request_context(), unit_of_work():
            facts = letters.facts_of(actor=reader, reference=reference, kind=LetterKind.REPLY, language=language)
            document = document_of(facts, language=language)
        assert len(document["relied"]) == 2, document["relied"]
        said = str(document)
        assert ("Passport" if language == "en" else "Pasport") in said
        assert facts.interviewed_at[0].strftime("%d.%m.%Y") in document["relied"][1]
        for hidden in (cast.agency.name, SAID, ANSWER, "Identity card", "Birth certificate", "Farsi"):
            assert hidden not in said
        assert typesetting.render("letter.typ", document, made_at=facts.written_at).startswith(b"%PDF")
    # It stays with the decision.
    with unit_of_work():
        found = sheet.verification.for_case(actor=cast.worker, case=get_case(actor=cast.worker, reference=reference))
        outside = sheet.verification.for_case(actor=cast.requester, case=case)
    assert {str(one) for one in found.decisions[0].rests_on} == set(chosen)
    assert outside.decisions[0].rests_on == ()


def test_a_proposal_rests_on_nothing_that_is_not_of_its_case() -> None:
    cast = Cast()
    reference, other = make_case(cast), make_case(cast)
    foreign = f"evidence:{_item(cast, other, 'passport', is_internal=True)}"
    for wrong in (
        foreign,
        f"inquiry:{foreign[9:]}",
        "evidence:",
        "nothing",
        "duplicate:00000000000000000000000000000000",
    ):
        with pytest.raises(InvalidInput) as refusal:
            _propose(cast, reference, wrong)
        assert set(refusal.value.fields) == {"rests_on"}
    with pytest.raises(PermissionRefused):
        _propose(cast, other, foreign, actor=cast.requester)
    own = f"evidence:{_item(cast, reference, 'passport', is_internal=True)}"
    _propose(cast, reference, own, own)
    with unit_of_work():
        opened = sheet.open_sheet(actor=cast.supervisor, reference=reference)
    assert [str(one) for one, _ in opened.relied] == [own]


def test_what_is_marked_on_the_sheet_is_marked_in_the_form_and_read_by_whoever_confirms(
    app: Flask, client: FlaskClient, sign_in: Any
) -> None:
    cast = Cast()
    reference = make_case(cast)
    own = f"evidence:{_item(cast, reference, 'passport', is_internal=True)}"
    sign_in(client, accounts.get_user(cast.worker.user_id))
    page = client.get(f"/cases/{reference}/decision-sheet").text
    assert f'value="{own}"' in page
    at = f"/cases/{reference}/do/propose_refusal"
    form = client.get(at, query_string={"rests_on": [own, "evidence:<script>"]}).text
    assert re.search(rf'value="{own}" checked', form)
    assert "<script>" not in re.sub(r"<script [^>]*></script>", "", form)
    _propose(cast, reference, own)
    second = new_client(app)
    sign_in(second, accounts.get_user(cast.supervisor.user_id))
    page = second.get(f"/cases/{reference}/do/confirm_refusal").text
    assert "What the proposal rests on" in page
    assert "Evidence: " in page
