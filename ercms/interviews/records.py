"""What the acts and the pages of interviews share: finding one, its sealed words, its audit entries."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases.service import Case
from ercms.core.actor import Actor, OrganisationKind
from ercms.core.errors import NotFound
from ercms.interviews import queries
from ercms.interviews.models import Interview
from ercms.vault import service as vault
from ercms.vault.service import SealedText

REQUEST_LABEL = "interviews.request"
PLACE_LABEL = "interviews.place"
PROTOCOL_LABEL = "interviews.protocol"
REASON_LABEL = "interviews.reason"


def get_interview(actor: Actor, interview_id: str, permission: Permission) -> tuple[Interview, Case]:
    """Return an interview with its case once the policy allows the act.

    A mission has a part in its own interviews alone, even in a State where another one works too.

    Raises:
        NotFound: there is no such interview, or the actor may not know of it.
        PermissionRefused: the actor may see it, but not do this.
    """
    interview = queries.find_interview(interview_id)
    if interview is None:
        raise NotFound
    case = cases.get_case_of_record(case_id=interview.case_id)
    if not is_of_actor(actor, interview, case):
        raise NotFound
    policy.check(actor, permission, case)
    return interview, case


def is_of_actor(actor: Actor, interview: Interview, case: Case) -> bool:
    """Tell whether an interview is there for this actor, as far as missions go; the policy says the rest."""
    if actor.organisation_kind is not OrganisationKind.MISSION:
        return True
    return actor.organisation_id in (interview.mission_id, case.requesting_organisation_id)


def seal(interview_id: str, person_id: str, label: str, words: Mapping[str, Any]) -> bytes:
    """Seal words about an interview under the key of the person interviewed."""
    text = json.dumps(words, ensure_ascii=False, sort_keys=True)
    return vault.seal_text(person_id=person_id, label=label, record_id=interview_id, text=text)


def words_of(rows: Iterable[Interview], *labels: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Open the words of several interviews at once, by interview and label; one that cannot be read is left out."""
    columns = {
        REQUEST_LABEL: "request_sealed",
        PLACE_LABEL: "place_sealed",
        PROTOCOL_LABEL: "protocol_sealed",
        REASON_LABEL: "reason_sealed",
    }
    items = [
        SealedText(row.person_id, label, row.id, sealed)
        for row in rows
        for label in labels
        if (sealed := getattr(row, columns[label])) is not None
    ]
    opened = zip(items, vault.open_texts(items), strict=True)
    return {(item.record_id, item.label): json.loads(text) for item, text in opened if text is not None}


def record(actor: Actor, interview: Interview, action: AuditAction, payload: Mapping[str, Any] | None = None) -> None:
    """Put an act on an interview on record, in the chain of its case, under the person interviewed."""
    audit.record(
        actor=actor,
        action=action,
        chain=audit.case_chain(interview.case_id),
        record_type="person",
        record_id=interview.person_id,
        payload={"interview_id": interview.id, "mission": interview.mission_id, **(payload or {})},
        purpose="interview",
    )
