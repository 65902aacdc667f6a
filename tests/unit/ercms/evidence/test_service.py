"""Evidence and files through the real services on the migrated database."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import text

from config import Settings
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service, service
from ercms.evidence.enums import AsylumAnswer, FileRole
from ercms.evidence.service import CaseEvidence
from ercms.extensions import db
from tests.factories.cases import Cast, act, make_case, make_draft
from tests.factories.files import picture
from workflows.evidence import EvidenceReason, MissingEvidence
from workflows.readmission import CaseState, CaseTrigger
from workflows.terms import EvidencePurpose, ProofClass

NATIONALITY = EvidencePurpose.NATIONALITY


@pytest.fixture
def cast(app: object, fixed_clock: object) -> Cast:
    return Cast("CH")


def add(actor: Actor, reference: str, code: str = "passport", **values: object) -> str:
    with unit_of_work():
        given = {"code": code, "purpose": NATIONALITY, **values}
        return service.add_item(actor=actor, reference=reference, expected_version=None, values=given).id


def store(actor: Actor, reference: str, **values: object) -> str:
    with unit_of_work():
        return files_service.store_file(
            actor=actor, reference=reference, expected_version=None,
            values={"asylum": AsylumAnswer.NO, **values}, name="../Pass Əli.jpg",
            stream=BytesIO(picture()),
        ).id  # fmt: skip


def seen(actor: Actor, reference: str) -> CaseEvidence:
    return service.for_case(actor=actor, case=cases.get_case(actor=actor, reference=reference))


@pytest.mark.parametrize(
    ("code", "expires_on", "weight", "reason"),
    [
        ("passport", None, ProofClass.PROOF, EvidenceReason.LISTED),
        ("passport", date(2030, 1, 1), ProofClass.PROOF, EvidenceReason.LISTED),
        ("passport", date(2026, 5, 24), ProofClass.PROOF, EvidenceReason.EXPIRED_WITHIN_LIMIT),
        ("passport", date(2026, 5, 23), ProofClass.PRIMA_FACIE, EvidenceReason.EXPIRED_BEYOND_LIMIT),
        ("driving_licence", date(2001, 1, 1), ProofClass.PRIMA_FACIE, EvidenceReason.LISTED),
    ],
)
def test_evidence_is_classified_when_it_is_recorded(
    cast: Cast, code: str, expires_on: date | None, weight: ProofClass, reason: EvidenceReason
) -> None:
    reference = make_draft(cast)
    add(cast.requester, reference, code, expires_on=expires_on)
    item = seen(cast.requester, reference).items[0]
    assert (item.weight, item.weight_reason) == (weight, reason)
    assert item.details["expires_on"] == expires_on


def test_a_false_document_is_never_evidence(cast: Cast) -> None:
    reference = make_draft(cast)
    add(cast.requester, reference, is_false=True)
    assert seen(cast.requester, reference).items[0].weight is ProofClass.NEITHER


def test_what_is_missing_is_said_and_shrinks_as_evidence_comes(cast: Cast) -> None:
    reference = make_draft(cast)
    nothing, no_proof = MissingEvidence.NATIONALITY, MissingEvidence.NATIONALITY_PROOF
    assert seen(cast.requester, reference).missing == (nothing, no_proof)
    add(cast.requester, reference, "driving_licence")
    assert seen(cast.requester, reference).missing == (no_proof,)
    add(cast.requester, reference, "passport")
    assert seen(cast.requester, reference).missing == ()


def test_without_an_agreement_in_force_a_person_weighs_the_evidence(app: object) -> None:
    cast = Cast("MD")
    reference = make_draft(cast)
    add(cast.requester, reference)
    item = seen(cast.requester, reference).items[0]
    assert (item.weight, item.weight_reason) == (ProofClass.NEITHER, EvidenceReason.NO_LIST)


def test_a_kind_that_is_not_offered_and_a_stranger_are_refused_at_their_fields(cast: Cast) -> None:
    reference, other = make_draft(cast), make_draft(cast)
    stranger = cases.get_case(actor=cast.requester, reference=other).principal_person_id
    with pytest.raises(InvalidInput) as unknown:
        add(cast.requester, reference, "library_card")
    assert "code" in unknown.value.fields
    with pytest.raises(InvalidInput) as foreign:
        add(cast.requester, reference, person_id=stranger)
    assert "person_id" in foreign.value.fields


def test_what_was_sent_stays(cast: Cast) -> None:
    reference = make_draft(cast)
    item_id, file_id = add(cast.requester, reference), store(cast.requester, reference)
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    on_this = {"actor": cast.requester, "reference": reference, "expected_version": None}
    with pytest.raises(Conflict):
        service.remove_item(**on_this, evidence_id=item_id)
    with pytest.raises(Conflict):
        files_service.remove_file(**on_this, file_id=file_id)
    with pytest.raises(Conflict):
        add(cast.requester, reference)
    assert len(seen(cast.requester, reference).items) == 1


def test_evidence_leaves_a_draft_with_its_files(cast: Cast) -> None:
    reference = make_draft(cast)
    item_id = add(cast.requester, reference)
    file_id = store(cast.requester, reference, role=FileRole.EVIDENCE, evidence_id=item_id)
    with unit_of_work():
        service.remove_item(actor=cast.requester, reference=reference, expected_version=None, evidence_id=item_id)
    found = seen(cast.requester, reference)
    assert (found.items, found.loose_files) == ((), ())
    with pytest.raises(NotFound):
        files_service.read_file(actor=cast.requester, file_id=file_id)


def test_a_request_for_completion_opens_the_evidence_again(cast: Cast) -> None:
    reference = make_case(cast, CaseState.INCOMPLETE)
    add(cast.requester, reference)
    assert len(seen(cast.requester, reference).items) == 1


def test_a_check_that_finds_a_document_false_takes_its_weight(cast: Cast) -> None:
    reference = make_draft(cast)
    item_id = add(cast.requester, reference)
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    with unit_of_work():
        service.check_item(
            actor=cast.worker, reference=reference, expected_version=None, evidence_id=item_id,
            values={"is_false": True, "note": "The paper is not of the series."},
        )  # fmt: skip
    of_worker = seen(cast.worker, reference).items[0]
    assert of_worker.weight is ProofClass.NEITHER
    assert of_worker.check_note == "The paper is not of the series."
    assert of_worker.checked_by == accounts.get_user(cast.worker.user_id).display_name
    of_requester = seen(cast.requester, reference).items[0]
    assert (of_requester.check_note, of_requester.checked_by_id, of_requester.checked_by) == (None, None, "")


def test_the_requesting_side_may_not_check(cast: Cast) -> None:
    reference = make_draft(cast)
    item_id = add(cast.requester, reference)
    with pytest.raises(PermissionRefused):
        service.check_item(
            actor=cast.requester, reference=reference, expected_version=None, evidence_id=item_id, values={"note": "x"}
        )


def test_what_the_officers_of_the_requested_state_add_stays_with_them(cast: Cast) -> None:
    reference = make_case(cast, CaseState.UNDER_VERIFICATION)
    add(cast.worker, reference)
    file_id = store(cast.worker, reference)
    assert len(seen(cast.worker, reference).items) == 1
    of_requester = seen(cast.requester, reference)
    assert (of_requester.items, of_requester.loose_files, of_requester.photographs) == ((), (), ())
    assert of_requester.missing == (MissingEvidence.NATIONALITY, MissingEvidence.NATIONALITY_PROOF)
    assert of_requester.may_check is False
    with pytest.raises(NotFound):
        files_service.read_file(actor=cast.requester, file_id=file_id)


def test_a_file_is_read_back_audited_and_named_by_the_system(cast: Cast) -> None:
    reference = make_draft(cast)
    file_id = store(cast.requester, reference, role=FileRole.PHOTOGRAPH)
    with unit_of_work():
        opened = files_service.read_file(actor=cast.requester, file_id=file_id)
        content = b"".join(opened.chunks)
    assert content.startswith(b"\xff\xd8\xff")
    assert len(content) == opened.size
    assert opened.name.isascii()
    assert opened.name.endswith(".jpg")
    assert "Pass" not in opened.name
    photo = seen(cast.requester, reference).photographs[0]
    assert photo.name == "Pass Əli.jpg"
    case = cases.get_case(actor=cast.requester, reference=reference)
    assert AuditAction.FILE_READ in {line.action for line in audit.history(chain=f"case:{case.id}")}


def test_another_organisation_knows_of_no_file(cast: Cast) -> None:
    file_id = store(cast.requester, make_draft(cast))
    with pytest.raises(NotFound):
        files_service.read_file(actor=Cast("DE").requester, file_id=file_id)


def test_a_file_that_was_sent_is_replaced_and_the_former_one_stays(cast: Cast) -> None:
    reference = make_draft(cast)
    former = store(cast.requester, reference)
    for trigger, actor in ((CaseTrigger.SUBMIT, cast.requester), (CaseTrigger.ACKNOWLEDGE, cast.worker)):
        act(actor, reference, trigger)
    act(cast.worker, reference, CaseTrigger.REQUEST_COMPLETION, question="A better copy, please.")
    newer = store(cast.requester, reference, replaces_id=former)
    assert [file.id for file in seen(cast.requester, reference).loose_files] == [newer]
    assert files_service.read_file(actor=cast.requester, file_id=former).size > 0


def test_a_refused_file_leaves_nothing_behind(cast: Cast, settings: Settings) -> None:
    reference = make_draft(cast)
    before = cases.get_case(actor=cast.requester, reference=reference).version
    with pytest.raises(InvalidInput), unit_of_work():
        files_service.store_file(
            actor=cast.requester, reference=reference, expected_version=None,
            values={"role": FileRole.PHOTOGRAPH, "asylum": AsylumAnswer.NO},
            name="photo.jpg", stream=BytesIO(b"MZ"),
        )  # fmt: skip
    assert not [path for path in settings.files_path.rglob("*") if path.is_file()]
    assert cases.get_case(actor=cast.requester, reference=reference).version == before


def test_neither_the_database_nor_the_disk_holds_a_readable_value(cast: Cast, settings: Settings) -> None:
    reference = make_draft(cast)
    add(cast.requester, reference, number="C01234567", authority="Gəncə ŞPB", note="Found in the coat")
    store(cast.requester, reference)
    for table in ("evidence_items", "stored_files"):
        for row in db.session.execute(text(f"SELECT * FROM {table}")):  # noqa: S608 - two names of our own
            read = b"".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
            for value in ("C01234567", "Gəncə", "coat", "Pass"):
                assert value.encode() not in read
    for path in settings.files_path.rglob("*"):
        assert not path.is_file() or not path.read_bytes().startswith(b"\xff\xd8")
