"""A Swiss request by programs, from the draft to the closed case, and a request without an agreement."""

import io
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ercms.agreements.service import agreement_id_for
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.casefile.actions import DECISIONS
from ercms.cases.service import get_case
from ercms.core import clock
from tests.factories.cases import IDENTITY, Cast, act, make_case
from tests.factories.programs import Program
from tests.unit.ercms.api.conftest import ProgramOf
from workflows.readmission import CaseState, CaseTrigger

HEAD = {"kind": "own_national", "procedure": "normal", "requesting_state": "CH", "own_reference": "N 123 456"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def begin(program: Program, **more: Any) -> tuple[str, int]:
    """Begin a draft and return its reference and version."""
    answer = program.post("/cases", json={**HEAD, "sections": {"identity": IDENTITY}, **more})
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return answer.json["reference"], answer.json["version"]


def take(program: Program, reference: str, trigger: str, **values: Any) -> dict[str, Any]:
    """Take an action on the version that stands, and return the answer."""
    version = get_case_version(program, reference)
    answer = program.post(f"/cases/{reference}/actions/{trigger}", version, json=values)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return dict(answer.json)


def get_case_version(program: Program, reference: str) -> int:
    answer = program.get(f"/cases/{reference}")
    assert answer.status_code == 200, answer.text
    return int(answer.headers["ETag"].strip('"'))


def test_a_swiss_case_runs_by_programs_to_its_closure_but_for_the_decision(cast: Cast, program_of: ProgramOf) -> None:
    requester, worker = program_of(cast.requester), program_of(cast.worker)
    reference, version = begin(requester, members=[{"relation": "child", "given_names": "Aylin"}])
    written = requester.put(f"/cases/{reference}/sections/contact", version, json={"district": "Gəncə"})
    assert written.status_code == 200
    evidence = {"code": "passport", "purpose": "nationality", "number": "C01234567"}
    added = requester.post(f"/cases/{reference}/evidence", written.json["version"], json=evidence)
    assert added.status_code == 201, added.text
    stored = requester.post(
        f"/cases/{reference}/files",
        added.json["version"],
        data={
            "role": "evidence",
            "evidence_id": added.json["id"],
            "asylum": "no",
            "file": (io.BytesIO(PNG), "pass.png"),
        },
    )
    assert stored.status_code == 201, stored.text
    assert take(requester, reference, "submit")["state"] == "submitted"
    assert take(worker, reference, "acknowledge")["state"] == "under_verification"
    _check_swiss_dates(requester, reference)
    take(worker, reference, "request_completion", question="Please send the birth certificate.")
    take(requester, reference, "complete", answer="It is in the file.")
    take(worker, reference, "propose_acceptance", ground="own_national", reasons="The register confirms it.")
    act(cast.supervisor, reference, CaseTrigger.CONFIRM_ACCEPTANCE)
    _check_reply(requester, reference)
    _bring_home(cast, program_of, reference)
    found = worker.get(f"/cases/{reference}").json
    assert found["state"] == "closed"


def _check_swiss_dates(program: Program, reference: str) -> None:
    dates = program.get(f"/cases/{reference}/dates").json
    assert dates["treaty"] is True
    assert dates["agreement"] == agreement_id_for(state="CH", on=clock.today())
    reply = next(one for one in dates["clocks"] if one["kind"] == "reply")
    assert (reply["term"]["value"], reply["term"]["unit"]) == (25, "calendar_days")
    assert reply["due_on"] == (clock.today() + timedelta(days=25)).isoformat()
    assert reply["arithmetic"]
    assert dates["silence"]["value"] == "none"


def _check_reply(program: Program, reference: str) -> None:
    receipt = program.get(f"/cases/{reference}/receipt").json
    assert f"reference: {reference}" in receipt["statement"]
    public_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(receipt["public_key"]))
    public_key.verify(bytes.fromhex(receipt["signature"]), receipt["statement"].encode())
    replies = program.get(f"/cases/{reference}/replies").json
    assert [one["question"] for one in replies["completions"]] == ["Please send the birth certificate."]
    assert [(one["outcome"], one["proposal"]) for one in replies["decisions"]] == [("confirmed", "acceptance")]


def _bring_home(cast: Cast, program_of: ProgramOf, reference: str) -> None:
    requester, worker, mission = program_of(cast.requester), program_of(cast.worker), program_of(cast.mission)
    today = clock.today()
    take(requester, reference, "request_document")
    take(
        mission,
        reference,
        "issue_document",
        number="QS 0001234",
        issued_on=today.isoformat(),
        valid_until=(today + timedelta(days=150)).isoformat(),
    )
    take(
        requester,
        reference,
        "notify_transfer",
        transfer_on=today.isoformat(),
        means="scheduled_flight",
        crossing_point="Heydar Aliyev International Airport",
    )
    take(program_of(cast.border), reference, "confirm_arrival", arrived_on=today.isoformat())
    take(worker, reference, "offer_referral", areas=["accommodation"])
    take(worker, reference, "decline_referral")
    take(worker, reference, "close")


def test_no_key_takes_a_decision_that_the_page_asks_a_fresh_proof_for(cast: Cast, program_of: ProgramOf) -> None:
    program, reference = program_of(cast.supervisor), make_case(cast, CaseState.DECISION_PROPOSED)
    case = get_case(actor=cast.supervisor, reference=reference)
    offered = program.get(f"/cases/{reference}/actions").json["actions"]
    told = {one["trigger"]: one["refusal_code"] for one in offered}
    assert (told["confirm_acceptance"], told["send_back"]) == ("fresh_proof_needed", None)
    for trigger in DECISIONS:
        answers = [
            program.post(f"/cases/{one}/actions/{trigger.value}", case.version, json={})
            for one in (reference, "RA-2026-0000000-0")
        ]
        for answer in answers:
            assert (answer.status_code, answer.json["type"]) == (403, "urn:ercms:problem:fresh_proof_needed")
            assert "No key takes it" in answer.json["detail"]
    assert get_case(actor=cast.supervisor, reference=reference).state is CaseState.DECISION_PROPOSED
    refusals = audit.history(chain=audit.organisation_chain(cast.supervisor.organisation_id))
    assert sum(line.action is AuditAction.REQUEST_REFUSED for line in refusals) == 2 * len(DECISIONS)
    # Whose role could not decide on the page either learns no more than before.
    outside = program_of(cast.requester).post(f"/cases/{reference}/actions/confirm_acceptance", 1, json={})
    assert outside.json["code"] == "permission_refused"


def test_a_request_without_an_agreement_in_force_has_no_treaty_date(cast: Cast, program_of: ProgramOf) -> None:
    other = Cast("GE")
    assert other.mission.states == {"GE"}
    program = program_of(other.requester)
    reference, _ = begin(program, requesting_state="GE")
    take(program, reference, "submit")
    dates = program.get(f"/cases/{reference}/dates").json
    assert (dates["treaty"], dates["agreement"], dates["silence"]) == (False, None, None)
    assert [one for one in dates["clocks"] if not one["is_internal"]] == []


def test_sections_are_opened_only_when_asked_for_and_the_opening_is_on_record(cast: Cast, requester: Program) -> None:
    reference, _ = begin(requester, members=[{"relation": "spouse", "given_names": "Leyla"}])
    without = requester.get(f"/cases/{reference}")
    assert "Leyla" not in without.text
    assert IDENTITY["fin"] not in without.text
    case_id = get_case(actor=cast.requester, reference=reference).id
    opened = requester.get(f"/cases/{reference}?include=identity,contact").json
    assert [one["sections"]["identity"]["given_names"] for one in opened["members"]] == ["Rəşad", "Leyla"]
    assert opened["members"][0]["sections"]["contact"] == {}
    views = [line for line in audit.history(chain=f"case:{case_id}") if line.action is AuditAction.CASE_VIEWED]
    assert [line.compartments for line in views] == [(), ("contact", "identity")]
    assert {line.channel for line in views} == {"api"}


def test_open_actions_name_what_to_send_and_what_stands_against_them(cast: Cast, requester: Program) -> None:
    answer = requester.post("/cases", json=HEAD)
    reference = answer.json["reference"]
    actions = {one["trigger"]: one for one in requester.get(f"/cases/{reference}/actions").json["actions"]}
    assert {"submit", "withdraw"} <= set(actions)
    assert "acknowledge" not in actions
    assert actions["submit"]["refusal_code"] == "name_missing"
    assert actions["withdraw"]["schema"]["required"] == ["reason"]
    assert actions["withdraw"]["href"] == f"/api/v1/cases/{reference}/actions/withdraw"
    refused = requester.post(f"/cases/{reference}/actions/submit", answer.json["version"], json={})
    assert (refused.status_code, refused.json["code"]) == (422, "name_missing")


def test_messages_are_written_and_read_by_both_sides(cast: Cast, program_of: ProgramOf) -> None:
    requester, worker = program_of(cast.requester), program_of(cast.worker)
    reference, _ = begin(requester)
    early = requester.post(f"/cases/{reference}/messages", json={"body": "Salam"})
    assert (early.status_code, early.json["code"]) == (422, "case_not_sent")
    take(requester, reference, "submit")
    assert requester.post(f"/cases/{reference}/messages", json={"body": "Is anything missing?"}).status_code == 201
    found = worker.get(f"/cases/{reference}/messages").json["messages"]
    assert [(one["body"], one["is_new"], one["author"]) for one in found] == [("Is anything missing?", True, None)]


def test_agreements_can_be_read_with_source_and_confidence(requester: Program) -> None:
    listed = requester.get("/agreements").json["agreements"]
    swiss = next(one for one in listed if one["states"] == ["CH"])
    whole = requester.get(f"/agreements/{swiss['id']}").json
    silence = next(term for term in whole["terms"] if term["name"] == "reply.silence")
    assert silence["value"] == "none"
    assert silence["source"]["instrument"]
    assert requester.get("/agreements/nowhere@1999").status_code == 404


def test_the_list_of_cases_goes_on_at_its_cursor(cast: Cast, requester: Program, monkeypatch: Any) -> None:
    monkeypatch.setattr("ercms.cases.worklist.PAGE_SIZE", 2)
    made = {begin(requester)[0] for _ in range(3)}
    first = requester.get("/cases?state=draft").json
    assert first["total"] == 3
    second = requester.get(f"/cases?state=draft&cursor={first['next_cursor']}").json
    assert second["next_cursor"] is None
    assert {one["reference"] for one in first["cases"] + second["cases"]} == made
    assert requester.get("/cases?state=closed").json["cases"] == []
