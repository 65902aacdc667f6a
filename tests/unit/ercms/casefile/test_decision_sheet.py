"""The decision sheet: everything on one page, for the Service alone, with what changed since the proposal."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.casefile import sheet
from ercms.cases.service import get_case
from ercms.core import clock
from ercms.core.errors import PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import service as evidence
from ercms.verification import inquiry_service
from ercms.verification.enums import InquiryFinding, InquiryPurpose
from tests.factories.cases import IDENTITY, Cast, act, make_case
from workflows.readmission import CaseTrigger
from workflows.terms import EvidencePurpose

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")


def _scene(cast: Cast) -> tuple[str, str]:
    reference = make_case(cast)
    row = {"purpose": InquiryPurpose.CITIZENSHIP, "agency_id": cast.agency.id, "named": ["identity.surname"]}
    with unit_of_work():
        (inquiry_id,) = inquiry_service.send(actor=cast.worker, reference=reference, values={"inquiries": [row]})
        values: dict[str, Any] = {"code": "passport", "purpose": EvidencePurpose.NATIONALITY}
        evidence.add_item(actor=cast.worker, reference=reference, expected_version=None, values=values)
    return reference, inquiry_id


def _open(cast: Cast, reference: str) -> sheet.DecisionSheet:
    with unit_of_work():
        return sheet.open_sheet(actor=cast.supervisor, reference=reference)


def test_what_was_answered_or_added_since_the_proposal_is_marked() -> None:
    cast = Cast()
    reference, inquiry_id = _scene(cast)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        ground = {"ground": "own_national", "reasons": "The register confirms nationality."}
        act(cast.worker, reference, CaseTrigger.PROPOSE_ACCEPTANCE, **ground)
    before = _open(cast, reference)
    assert (before.proposal is not None, before.changed) == (True, frozenset())
    with clock.fixed(clock.now() + timedelta(hours=2)), unit_of_work():
        values = {"finding": InquiryFinding.NOT_CONFIRMED, "answer": "Citizenship ended in 2019."}
        inquiry_service.answer(actor=cast.verifier, inquiry_id=inquiry_id, expected_version=None, values=values)
    assert _open(cast, reference).changed == {inquiry_id}


def test_the_sheet_shows_all_to_the_service_on_record_and_nothing_to_others(client: FlaskClient, sign_in: Any) -> None:
    cast = Cast()
    reference, _ = _scene(cast)
    with pytest.raises(PermissionRefused), unit_of_work():
        sheet.open_sheet(actor=cast.requester, reference=reference)
    sign_in(client, accounts.get_user(cast.supervisor.user_id))
    page = client.get(f"/cases/{reference}/decision-sheet").text
    for shown in (IDENTITY["surname"], cast.agency.name, "Citizenship", "Passport", "Reply to the application"):
        assert shown in page, shown
    case = get_case(actor=cast.worker, reference=reference)
    assert "decision.sheet_opened" in [line.action.value for line in audit.history(chain=audit.case_chain(case.id))]
