"""How a request comes to be: the draft section by section, its evidence and files, and the inquiries that follow."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from ercms.cases import drafting
from ercms.cases import service as cases
from ercms.cases.enums import ApprehensionPlace
from ercms.cases.models import Case
from ercms.cases.schemas import RequestSection
from ercms.demonstration import papers
from ercms.demonstration.data import load
from ercms.demonstration.play import Play, read
from ercms.evidence import files_service, incoming_service
from ercms.evidence import service as evidence
from ercms.evidence.enums import FileRole
from ercms.evidence.schemas import AddEvidenceRequest, UploadRequest
from ercms.persons.sections import IdentitySection
from ercms.persons.service import SECTION_SCHEMAS
from ercms.vault.enums import Compartment
from ercms.verification import inquiry_fields, inquiry_service
from ercms.verification.enums import InquiryFinding, InquiryPurpose
from ercms.verification.schemas import InquiriesRequest, InquiryAnswer
from workflows.readmission import CaseKind, Procedure
from workflows.terms import EvidencePurpose, EvidenceRule, ProofClass

_PASSPORT_YEARS = 10
_WITH_FILES = 0.3
_FOREIGN = frozenset({CaseKind.THIRD_COUNTRY_NATIONAL, CaseKind.STATELESS})
_ASKED: Mapping[bool, tuple[InquiryPurpose, ...]] = {
    True: (InquiryPurpose.RESIDENCE_TITLE, InquiryPurpose.SECURITY),
    False: (InquiryPurpose.CITIZENSHIP, InquiryPurpose.CIVIL_STATUS, InquiryPurpose.SECURITY),
}


def draft(play: Play, begun_on: date) -> None:
    """Enter the request as its author would, and leave it a draft."""
    with play.moment(begun_on):
        case = drafting.create_case(actor=play.officer, values=read(RequestSection(), _head(play, begun_on)))
        play.reference, play.case_id = case.reference, case.id
        for compartment, raw in play.invented.compartments.items():
            drafting.save_compartment(
                actor=play.officer,
                reference=play.reference,
                expected_version=None,
                compartment=compartment,
                values=read(SECTION_SCHEMAS[compartment](), raw),
            )
        for member in play.invented.members:
            drafting.add_member(
                actor=play.officer,
                reference=play.reference,
                expected_version=None,
                relation=member.relation,
                identity=read(IdentitySection(), member.identity),
            )
        if play.invented.observations:
            drafting.save_observations(
                actor=play.officer, reference=play.reference, expected_version=None, text=play.invented.observations
            )
    with play.moment(begun_on):
        _add_evidence(play)


def _head(play: Play, begun_on: date) -> dict[str, Any]:
    head: dict[str, Any] = {
        "kind": play.slot.kind.value,
        "procedure": play.slot.story.procedure.value,
        "requesting_state": play.slot.requesting_state,
        "own_reference": f"{play.chance.randint(100, 999)}-{play.chance.randrange(10**5):05}/{begun_on.year % 100}",
    }
    if play.chance.random() < 0.12:
        head["interview_requested"] = "true"
    if play.invented.is_minor_alone:
        head["is_minor_alone"] = "true"
    if play.slot.story.procedure is Procedure.ACCELERATED:
        head |= {"apprehended_on": begun_on.isoformat(), "apprehended_where": ApprehensionPlace.BORDER_AREA.value}
    if play.slot.kind in _FOREIGN:
        head["presence_known_on"] = (begun_on - timedelta(weeks=play.chance.randint(2, 20))).isoformat()
    return head


def _add_evidence(play: Play) -> None:
    rules = evidence.kinds_for(agreement_id=evidence.agreement_id_of(case_of(play)))
    wanted = EvidencePurpose.NATIONALITY if play.slot.kind is CaseKind.OWN_NATIONAL else EvidencePurpose.ENTRY_AND_STAY
    fitting = [rule for rule in rules if rule.purpose is wanted]
    proofs = [rule for rule in fitting if rule.proof_class is ProofClass.PROOF]
    others = [rule for rule in fitting if rule.proof_class is not ProofClass.PROOF]
    chosen: list[EvidenceRule] = []
    if play.chance.random() < 0.55 and proofs:
        chosen.append(play.chance.choice(_usual(proofs)))
    chosen += play.chance.sample(others, min(len(others), play.chance.randint(0 if chosen else 1, 2)))
    for number, rule in enumerate(chosen):
        item = evidence.add_item(
            actor=play.officer,
            reference=play.reference,
            expected_version=None,
            values=read(AddEvidenceRequest(), _details(play, rule)),
        )
        if number == 0 and (play.chance.random() < _WITH_FILES or _tells(play, "translation", "new_version")):
            upload(play, papers.any_scan(play.chance), role=FileRole.EVIDENCE.value, evidence_id=item.id)
    if play.chance.random() < _WITH_FILES or _tells(play, "photographs_compared"):
        upload(play, papers.any_portrait(play.chance), role=FileRole.PHOTOGRAPH.value)


def _tells(play: Play, *names: str) -> bool:
    """Tell whether the story goes on to something that needs a file of the request."""
    return not set(names).isdisjoint(play.slot.story.path)


def _usual(proofs: Sequence[EvidenceRule]) -> list[EvidenceRule]:
    """Leave out the rare kinds: the first of the agreement's list and the cards are what people have."""
    return [rule for rule in proofs if rule is proofs[0] or "card" in rule.code] or list(proofs)


def _details(play: Play, rule: EvidenceRule) -> dict[str, Any]:
    raw: dict[str, Any] = {"code": rule.code, "purpose": rule.purpose.value}
    if rule.proof_class is not ProofClass.PROOF:
        return raw
    issued_on = play.on - timedelta(weeks=play.chance.randint(20, 54 * _PASSPORT_YEARS))
    number = play.invented.compartments.get(Compartment.DOCUMENTS, {}).get("document_number")
    raw |= {
        "number": number or f"{play.chance.randrange(10**7):07}",
        "issued_on": issued_on.isoformat(),
        "expires_on": (issued_on + timedelta(weeks=52 * _PASSPORT_YEARS)).isoformat(),
    }
    return raw


def upload(play: Play, file: tuple[str, bytes], **raw: str) -> None:
    """Put one of the drawn files to the case, as the requesting authority would."""
    name, content = file
    files_service.store_file(
        actor=play.officer,
        reference=play.reference,
        expected_version=None,
        values=read(UploadRequest(), {"asylum": "no", **raw}),
        name=name,
        stream=incoming_service.unseen(papers.cleaned(stream=BytesIO(content), name=name)),
    )


def case_of(play: Play) -> Case:
    """Return the case that is being played."""
    return cases.get_case_of_record(case_id=play.case_id)


def texts(key: str) -> list[str]:
    """Return the texts of one kind, in their order."""
    found: list[str] = load("texts")[key]
    return found


def send_inquiries(play: Play) -> None:
    """Ask the agencies what their registers know, each with the fields that its purpose names."""
    if play.slot.kind is CaseKind.TRANSIT:
        return
    purposes = [one for one in _ASKED[play.slot.kind in _FOREIGN] if one in play.world.agencies]
    rows = []
    for purpose in purposes:
        row: dict[str, Any] = {
            "asked": "true",
            "purpose": purpose.value,
            "agency_id": play.world.agencies[purpose].id,
            "named": sorted(inquiry_fields.FIELDS[purpose].default),
        }
        if play.chance.random() < 0.2:
            row["question"] = play.text("question_to_agency")
        rows.append(row)
    values = read(InquiriesRequest(), {"inquiries": rows})
    play.name(play.case_worker)
    sent = inquiry_service.send(actor=play.case_worker, reference=play.reference, values=values)
    for inquiry_id, purpose in zip(sent, purposes, strict=True):
        play.open_inquiries.append((inquiry_id, play.chance.choice(play.world.agencies[purpose].officers)))


def answer_most(play: Play) -> None:
    """Let the agencies answer all but the last inquiry, which takes longest."""
    _answer(play, len(play.open_inquiries) - 1)


def answer_all(play: Play) -> None:
    """Let the agencies answer whatever is still open."""
    _answer(play, len(play.open_inquiries))


def _answer(play: Play, amount: int) -> None:
    is_refused = "propose_refusal" in play.slot.story.path
    for _ in range(max(0, amount)):
        inquiry_id, officer = play.open_inquiries.pop(0)
        finding = InquiryFinding.NO_RECORD if is_refused else InquiryFinding.CONFIRMED
        raw = {"version": 1, "finding": finding.value, "answer": play.text("not_found" if is_refused else "found")}
        values = read(InquiryAnswer(), raw)
        play.name(officer)
        inquiry_service.answer(actor=officer, inquiry_id=inquiry_id, expected_version=None, values=values)
