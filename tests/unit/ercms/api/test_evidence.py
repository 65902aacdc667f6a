"""Evidence by programs: its class, what it presumes, what is still missing, and the check of an item."""

import pytest

from ercms.accounts import service as accounts
from ercms.agreements.service import agreement_id_for
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases.service import get_case
from ercms.core import clock
from tests.factories.cases import Cast
from tests.factories.programs import Program
from tests.unit.ercms.api.conftest import ProgramOf
from tests.unit.ercms.api.test_flow import begin, take

CHECK = {"is_rebutted": True, "rebuttal": "Letter 14 of the register.", "note": "Asked the register."}


def _add(program: Program, reference: str, code: str, purpose: str) -> str:
    version = program.get(f"/cases/{reference}/evidence").json["version"]
    added = program.post(f"/cases/{reference}/evidence", version, json={"code": code, "purpose": purpose})
    assert added.status_code == 201, added.text
    return str(added.json["id"])


@pytest.mark.parametrize(
    ("kind", "purpose", "code"),
    [
        ("own_national", "nationality", "driving_licence"),
        ("third_country_national", "entry_and_stay", "named_ticket"),
    ],
)
def test_what_is_missing_is_said_for_what_the_request_has_to_show(
    requester: Program, kind: str, purpose: str, code: str
) -> None:
    reference, _ = begin(requester, kind=kind)
    before = requester.get(f"/cases/{reference}/evidence").json
    assert (before["agreement"], before["is_listed"]) == (agreement_id_for(state="CH", on=clock.today()), True)
    assert [(one["purpose"], one["code"]) for one in before["missing"]] == [
        (purpose, purpose),
        (purpose, f"{purpose}_proof"),
    ]
    _add(requester, reference, code, purpose)
    after = requester.get(f"/cases/{reference}/evidence").json
    assert [one["code"] for one in after["missing"]] == [f"{purpose}_proof"]
    (item,) = after["items"]
    assert (item["weight"], item["presumption"]) == ("prima_facie", "presumed_unless_rebutted")


def test_without_a_list_of_evidence_nothing_is_called_missing(program_of: ProgramOf) -> None:
    cast = Cast("GE")
    assert cast.mission.states == {"GE"}
    program = program_of(cast.requester)
    reference, _ = begin(program, requesting_state="GE")
    found = program.get(f"/cases/{reference}/evidence").json
    assert (found["agreement"], found["is_listed"], found["missing"]) == (None, False, [])


def test_an_officer_s_program_checks_an_item_once_and_the_other_side_learns_only_its_class(
    cast: Cast, program_of: ProgramOf
) -> None:
    requester, worker = program_of(cast.requester), program_of(cast.worker)
    reference, _ = begin(requester)
    item_id = _add(requester, reference, "driving_licence", "nationality")
    take(requester, reference, "submit")
    path, version = f"/cases/{reference}/evidence/{item_id}/check", worker.get(f"/cases/{reference}").json["version"]
    assert requester.post(path, version, json=CHECK).status_code == 403
    unfounded = worker.post(path, version, json={"is_rebutted": True, "note": "Asked."})
    assert (unfounded.status_code, list(unfounded.json["errors"])) == (422, ["rebuttal"])
    assert worker.post(path, version + 1, json=CHECK).status_code == 412
    elsewhere = worker.post(f"/cases/{reference}/evidence/{'0' * 32}/check", version, json=CHECK)
    assert elsewhere.status_code == 404
    first, again = (worker.post(path, version, once="check-1", json=CHECK) for _ in range(2))
    assert (first.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert first.json == again.json
    of_worker, of_requester = (one.get(f"/cases/{reference}/evidence").json for one in (worker, requester))
    (item,) = of_worker["items"]
    assert (item["weight"], item["weight_reason"], item["presumption"]) == ("neither", "rebutted", "nothing")
    assert (item["rebuttal"], item["check_note"]) == (CHECK["rebuttal"], CHECK["note"])
    assert item["checked_by"] == accounts.get_user(cast.worker.user_id).display_name
    assert [one["code"] for one in of_worker["missing"]] == ["nationality", "nationality_proof"]
    (shown,) = of_requester["items"]
    assert (shown["weight"], shown["rebuttal"], shown["check_note"], shown["checked_by"], shown["checked_at"]) == (
        "neither", None, None, "", None,
    )  # fmt: skip
    case = get_case(actor=cast.worker, reference=reference)
    lines = [line for line in audit.history(chain=f"case:{case.id}") if line.action is AuditAction.EVIDENCE_ASSESSED]
    assert [(line.actor_id, line.channel) for line in lines] == [(cast.worker.user_id, "api")]
