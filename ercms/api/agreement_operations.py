"""Operations on the agreements: what each version says, with source and confidence."""

from typing import Any

from ercms.access.permissions import Permission
from ercms.agreements import descriptions, text_service
from ercms.agreements import service as agreements
from ercms.api import schemas as documents_of
from ercms.api.authentication import operation
from ercms.api.blueprints import agreement_operations
from ercms.core import clock


@agreement_operations.route("/agreements", methods=["GET"])
@operation(Permission.AGREEMENT_READ)
@agreement_operations.response(200, documents_of.AgreementListDocument)
def list_agreements() -> dict[str, Any]:
    """List every version of every agreement with where it stands today."""
    today = clock.today()
    return {
        "agreements": [
            {
                "id": agreement.id,
                "title": agreement.title,
                "version": agreement.version,
                "status": agreement.status_on(today).value,
                "in_force": agreement.is_in_force(today),
                "states": [party.state for party in agreement.partners if party.is_bound],
                "counts_from": agreement.since,
                "protocols": [
                    {"id": one.id, "state": one.partners[0].state, "terms": sorted(one.overridden)}
                    for one in agreements.protocols_of(agreement)
                ],
            }
            for agreement in agreements.list_agreements()
        ]
    }


@agreement_operations.route("/agreements/<agreement_id>", methods=["GET"])
@operation(Permission.AGREEMENT_READ)
@agreement_operations.response(200, documents_of.AgreementDocument)
def read_agreement(agreement_id: str) -> dict[str, Any]:
    """Read one version whole: its terms, lists and evidence, each with its source and its confidence."""
    return descriptions.describe_agreement(agreements.get_agreement(agreement_id))


@agreement_operations.route("/agreements/<agreement_id>/file", methods=["GET"])
@operation(Permission.AGREEMENT_READ)
@agreement_operations.response(200, documents_of.AgreementFileDocument)
def read_agreement_file(agreement_id: str) -> dict[str, Any]:
    """Read the file of one version, or of the protocol laid over it, as it was filed or imported (TOML)."""
    return {"id": agreement_id, "text": text_service.text_of(agreement_id=agreement_id)}
