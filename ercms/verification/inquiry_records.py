"""What the acts and the pages of inquiries share: finding one, its sealed texts, its audit entries."""

from collections.abc import Iterable, Mapping
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.vault import service as vault
from ercms.vault.service import SealedText
from ercms.verification import inquiry_fields, queries
from ercms.verification.models import Inquiry

QUESTION_LABEL = "inquiries.question"
ANSWER_LABEL = "inquiries.answer"
WITHDRAWAL_LABEL = "inquiries.withdrawal"


def get_inquiry(actor: Actor, inquiry_id: str, permission: Permission) -> Inquiry:
    """Return an inquiry once the policy allows the act.

    Raises:
        NotFound: there is no such inquiry, or it was put to somebody else.
        PermissionRefused: the actor may see it, but not do this.
    """
    inquiry = queries.find_inquiry(inquiry_id)
    if inquiry is None:
        raise NotFound
    policy.check(actor, permission, inquiry)
    return inquiry


def texts_of(rows: Iterable[Inquiry]) -> dict[tuple[str, str], str | None]:
    """Open the texts of several inquiries at once, by label and inquiry; None for one that cannot be read."""
    items = [
        SealedText(row.person_id, label, row.id, sealed)
        for row in rows
        for label, sealed in (
            (QUESTION_LABEL, row.question_sealed),
            (ANSWER_LABEL, row.answer_sealed),
            (WITHDRAWAL_LABEL, row.withdrawal_sealed),
        )
        if sealed is not None
    ]
    return {(item.label, item.record_id): text for item, text in zip(items, vault.open_texts(items), strict=True)}


def compartments_of(names: Iterable[str]) -> list[str]:
    """Return the compartments in which these fields lie."""
    return sorted({inquiry_fields.split(name)[0].value for name in names})


def seal(person_id: str, label: str, record_id: str, text: str) -> bytes:
    """Seal a text of an inquiry under the key of the person asked about."""
    return vault.seal_text(person_id=person_id, label=label, record_id=record_id, text=text)


def record(
    actor: Actor,
    inquiry: Inquiry,
    action: AuditAction,
    payload: Mapping[str, Any],
    compartments: Iterable[str] = (),
) -> None:
    """Put an act on an inquiry on record, in the chain of its case, under the person asked about."""
    audit.record(
        actor=actor,
        action=action,
        chain=audit.case_chain(inquiry.case_id),
        record_type="person",
        record_id=inquiry.person_id,
        payload={"inquiry_id": inquiry.id, "agency": inquiry.agency_id, **payload},
        compartments=compartments,
        purpose=inquiry.purpose.value,
    )
