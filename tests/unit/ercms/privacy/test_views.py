"""The data protection officer's page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from ercms.core import clock
from ercms.core.actor import SYSTEM, Role
from ercms.privacy import erasure_service
from tests.conftest import Client, csrf_token
from tests.factories.cases import Cast, make_case
from workflows.readmission import CaseState


@pytest.fixture
def officer(client: Client, make_user: Callable[..., Any], sign_in: Callable[..., Any]) -> Client:
    sign_in(client, make_user(Role.DATA_PROTECTION_OFFICER))
    return client


def post(client: Client, path: str, **data: Any) -> Any:
    data["csrf_token"] = csrf_token(client.get("/privacy").text)
    return client.post(path, data=data)


def test_the_officer_changes_a_rule(officer: Client) -> None:
    assert "5 years" not in officer.get("/privacy").text
    assert post(officer, "/privacy/rules", outcome="refused", days="90", version="0").status_code == 302
    assert 'value="90"' in officer.get("/privacy").text
    assert post(officer, "/privacy/rules", outcome="refused", days="91", version="0").status_code == 409
    assert post(officer, "/privacy/rules", outcome="refused", days="1", version="1").status_code == 422


def test_the_officer_holds_and_lets_go(app: Flask, officer: Client) -> None:
    reference = make_case(Cast(), CaseState.REFUSED)
    assert post(officer, "/privacy/holds", reference="nothing", reason="A court.").status_code == 422
    assert post(officer, "/privacy/holds", reference=reference, reason="A court asked.").status_code == 302
    page = officer.get("/privacy").text
    assert "A court asked." in page
    place = page.split("/privacy/holds/")[1].split("/lift")[0]
    assert post(officer, f"/privacy/holds/{place}/lift").status_code == 302
    assert "A court asked." not in officer.get("/privacy").text
    assert post(officer, f"/privacy/holds/{place}/lift").status_code == 404


def test_what_is_due_is_listed_by_reference_and_the_report_is_handed_over(
    app: Flask, client: Client, make_user: Callable[..., Any], sign_in: Callable[..., Any]
) -> None:
    reference = make_case(Cast(), CaseState.REFUSED)
    with clock.fixed(clock.now() + timedelta(days=400)):
        sign_in(client, make_user(Role.DATA_PROTECTION_OFFICER))
        assert reference in client.get("/privacy").text
        erasure_service.run(actor=SYSTEM)
        page = client.get("/privacy").text
        assert reference not in page
        assert "Report 1" in page
        report = client.get("/privacy/reports/1.json")
        assert reference in report.text
        assert client.get("/privacy/reports/2.json").status_code == 404


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_nobody_else_opens_the_page(
    client: Client, make_user: Callable[..., Any], sign_in: Callable[..., Any], role: Role
) -> None:
    sign_in(client, make_user(role))
    assert client.get("/privacy").status_code == 403
