"""Who received the data of a person, as the audit of the case has it."""

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction

PASSED_ON = {
    AuditAction.INQUIRY_SENT: "agency",
    AuditAction.INTERVIEW_REQUESTED: "mission",
    AuditAction.REFERRAL_SENT: "partner",
}
"""The acts by which data go to an organisation outside the two authorities, with the fact that names it."""


def receivers_of(*, case_id: str, person_id: str) -> list[str]:
    """Return the organisations to which data of this person went, each once.

    An act that does not name its person counts for every person of the case: who may have received something is told.
    """
    lines = audit.history(chain=audit.case_chain(case_id))
    found = {
        str(line.payload.get(PASSED_ON[line.action], ""))
        for line in lines
        if line.action in PASSED_ON and (line.record_type != "person" or line.record_id == person_id)
    }
    return sorted(found - {""})
