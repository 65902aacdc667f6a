"""An agency's program lists, opens and answers inquiries, with files, once."""

from io import BytesIO
from typing import Any

from ercms.cases.service import get_case
from ercms.core.unit_of_work import unit_of_work
from ercms.verification import inquiry_reading, inquiry_service, service
from ercms.verification.enums import AnswerChannel, InquiryPurpose
from tests.factories.cases import IDENTITY, Cast, make_case
from tests.functional.journey import picture
from tests.unit.ercms.api.conftest import ProgramOf

ANSWER = {"finding": "confirmed", "answer": "Entry 77 of the register."}


def _ask(cast: Cast) -> tuple[str, str]:
    reference = make_case(cast)
    asked = {"purpose": InquiryPurpose.CITIZENSHIP, "named": ["identity.surname"]}
    row = {**asked, "agency_id": cast.verifier.organisation_id}
    with unit_of_work():
        (inquiry_id,) = inquiry_service.send(actor=cast.worker, reference=reference, values={"inquiries": [row]})
    return reference, inquiry_id


def test_a_program_of_the_agency_reads_gives_a_file_and_answers_once(cast: Cast, program_of: ProgramOf) -> None:
    reference, inquiry_id = _ask(cast)
    agency = program_of(cast.verifier)
    listed = agency.get("/inquiries")
    assert [line["id"] for line in listed.json["waiting"]] == [inquiry_id]
    assert IDENTITY["surname"] not in listed.text
    read = agency.get(f"/inquiries/{inquiry_id}")
    assert read.json["fields"] == [{"name": "identity.surname", "value": IDENTITY["surname"]}]
    version = read.json["version"]
    assert read.headers["ETag"] == f'"{version}"'
    given = agency.post(
        f"/inquiries/{inquiry_id}/files", version, data={"file": (BytesIO(picture().read()), "extract.jpg")}
    )
    assert given.status_code == 201, given.text
    bad = agency.post(
        f"/inquiries/{inquiry_id}/files", version, data={"file": (BytesIO(b"MZ\x90\x00 a program"), "x.jpg")}
    )
    assert bad.status_code == 422
    assert agency.post(f"/inquiries/{inquiry_id}/answer", json=ANSWER).status_code == 428
    assert agency.post(f"/inquiries/{inquiry_id}/answer", version + 1, json=ANSWER).status_code in (409, 412)
    first = agency.post(f"/inquiries/{inquiry_id}/answer", version, once="one", json=ANSWER)
    again = agency.post(f"/inquiries/{inquiry_id}/answer", version, once="one", json=ANSWER)
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (200, 200, "true")
    assert first.json == again.json == {"state": "answered", "id": inquiry_id}
    assert agency.post(f"/inquiries/{inquiry_id}/answer", version, json=ANSWER).status_code in (409, 412)
    case = get_case(actor=cast.worker, reference=reference)
    (shown,) = service.for_case(actor=cast.worker, case=case).inquiries
    assert (shown.answer, shown.answered_by, len(shown.files)) == (ANSWER["answer"], AnswerChannel.INTERFACE, 1)


def test_another_s_program_learns_nothing(cast: Cast, program_of: ProgramOf) -> None:
    _, inquiry_id = _ask(cast)
    stranger = program_of(cast.requester)
    calls: list[Any] = [
        stranger.get("/inquiries"),
        stranger.get(f"/inquiries/{inquiry_id}"),
        stranger.post(f"/inquiries/{inquiry_id}/answer", 1, json=ANSWER),
    ]
    assert {call.status_code for call in calls} <= {403, 404}
    assert inquiry_reading.list_for(actor=cast.verifier)[1] == ()
