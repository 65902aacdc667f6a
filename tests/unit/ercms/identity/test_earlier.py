"""Before a request is sent: the authority's own refusal of the same person is shown to it, and nobody else's ever."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.cases import record_service
from ercms.cases.service import get_case
from ercms.core import outbox
from ercms.core.actor import OrganisationKind, Role
from ercms.core.errors import NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.identity import earlier_service
from tests.conftest import csrf_token, new_client
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import Cast, make_case, make_draft
from tests.unit.ercms.identity.test_service import ALIJEW, KAMIL, OTHER
from workflows.readmission import CaseState

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")


def _colleague_of_another_authority() -> Cast:
    cast = Cast()
    cast.authority = make_organisation(OrganisationKind.REQUESTING_AUTHORITY, states=[cast.state])
    cast.requester = accounts.get_actor(make_user(Role.CONSULAR_OFFICER, organisation=cast.authority).id)
    return cast


def _shown(cast: Cast, reference: str) -> list[str]:
    with unit_of_work():
        found = earlier_service.refused_before(actor=cast.requester, reference=reference)
        return [one.reference for one in found]


def test_only_the_authoritys_own_refusal_of_the_same_person_is_shown_to_it() -> None:
    cast, other = Cast(), _colleague_of_another_authority()
    refused = make_case(cast, CaseState.REFUSED, identity=KAMIL)
    make_case(cast, CaseState.ACCEPTED, identity=KAMIL)
    make_case(cast, CaseState.REFUSED, identity=OTHER)
    foreign = make_case(other, CaseState.REFUSED, identity=KAMIL)
    assert _shown(cast, make_draft(cast, identity=ALIJEW)) == [refused]
    assert _shown(other, make_draft(other, identity=ALIJEW)) == [foreign]
    with pytest.raises(NotFound):
        earlier_service.refused_before(actor=other.requester, reference=make_draft(cast, identity=ALIJEW))


def test_what_is_new_is_asked_sent_and_read_by_the_service(
    app: Any, client: FlaskClient, sign_in: Callable[..., TestResponse]
) -> None:
    cast = Cast()
    refused = make_case(cast, CaseState.REFUSED, identity=KAMIL)
    reference = make_draft(cast, identity=ALIJEW)
    sign_in(client, accounts.get_user(cast.requester.user_id))
    page = client.get(f"/requests/{reference}/check").text
    assert refused in page
    assert 'name="whats_new"' in page
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    form = {"csrf_token": csrf_token(page), "version": version, "whats_new": "A birth certificate from Gəncə."}
    assert client.post(f"/requests/{reference}/submit", data=form).status_code == 302
    assert "A birth certificate from Gəncə." in client.get(f"/requests/{reference}/received.json").text
    while outbox.deliver_due():
        continue
    case = get_case(actor=cast.worker, reference=reference)
    assert "A birth certificate from Gəncə." in [line.reason for line in record_service.history_of(case=case)]
    inside = new_client(app)
    sign_in(inside, accounts.get_user(cast.worker.user_id))
    page = inside.get(f"/cases/{reference}").text
    assert refused in page
    assert "A birth certificate from Gəncə." in page
    assert "If the request does not say" not in page
