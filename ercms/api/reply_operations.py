"""Operations on what the requested State answers: the receipt, the questions, the reply."""

from dataclasses import asdict
from typing import Any

from ercms.access.permissions import Permission
from ercms.api import schemas as documents_of
from ercms.api.authentication import api_actor, operation
from ercms.api.blueprints import reply_operations
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import submission_service as submission
from ercms.verification import service as verification


@reply_operations.route("/cases/<reference>/receipt", methods=["GET"])
@operation(Permission.CASE_PRINT)
@reply_operations.response(200, documents_of.ReceiptDocument)
def read_receipt(reference: str) -> dict[str, Any]:
    """Read the signed receipt of a submission; whoever holds the public key can check it."""
    with unit_of_work():
        return asdict(submission.receipt_of(actor=api_actor(), reference=reference))


@reply_operations.route("/cases/<reference>/replies", methods=["GET"])
@operation(Permission.DECISION_READ)
@reply_operations.response(200, documents_of.RepliesDocument)
def read_replies(reference: str) -> dict[str, Any]:
    """Read the requests for completion and the decisions of a case, as far as the caller may know them."""
    actor = api_actor()
    with unit_of_work():
        case = cases.get_case(actor=actor, reference=reference, permission=Permission.DECISION_READ)
        found = verification.for_case(actor=actor, case=case)
        viewing.record_view(actor=actor, case=case, payload={"page": "replies"})
        known_as = case.reference
    return {"reference": known_as, "completions": found.completions, "decisions": found.decisions}
