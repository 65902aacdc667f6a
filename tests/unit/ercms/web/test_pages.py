"""The frame of every page: headers, languages, theme, refusals, and what a failed form keeps."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

import pytest
from flask import Flask

from config import Settings
from ercms.accounts.service import UserSummary
from ercms.app import create_app
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core.actor import Role
from ercms.extensions import db
from ercms.web.route_guards import RouteUnguarded, check_routes, permission_of
from tests.conftest import Client, csrf_token, new_client

MakeUser = Callable[..., UserSummary]
SignIn = Callable[..., object]


def test_every_route_declares_a_permission_or_that_it_is_public(app: Flask) -> None:
    check_routes(app)
    open_routes = {rule.endpoint for rule in app.url_map.iter_rules() if permission_of(app, rule.endpoint) is None}
    assert {"static", "web.home", "web.healthz", "accounts.sign_in_page"} <= open_routes
    assert not {name for name in open_routes if name.startswith(("admin.", "casework.", "casefile."))}


def test_an_application_with_an_undeclared_route_does_not_start(app: Flask) -> None:
    app.view_functions["web.home"] = lambda: "open to everybody"
    with pytest.raises(RouteUnguarded, match="/"):
        check_routes(app)


def test_a_page_forbids_what_it_does_not_need(client: Client) -> None:
    headers = client.get("/sign-in").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_over_https_cookies_are_bound_to_the_host(settings: Settings) -> None:
    app = create_app(replace(settings, base_url="https://ercms.example.org"))
    with app.app_context():
        answer = app.test_client().get("/sign-in", base_url="https://ercms.example.org")
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-ercms=")
        assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
        assert "Strict-Transport-Security" in answer.headers
        db.session.remove()
        db.engine.dispose()


def test_a_static_file_is_kept_by_browsers_and_open_to_no_other_site(client: Client) -> None:
    answer = client.get("/static/ercms.css")
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.get("/static/bootstrap/bootstrap.min.css").status_code == 200


@pytest.mark.parametrize(("language", "word"), [("az", "Daxil ol"), ("en", "Sign in"), ("ru", "Войти")])
def test_a_page_speaks_the_language_that_was_chosen(client: Client, language: str, word: str) -> None:
    token = csrf_token(client.get("/sign-in").text)
    answer = client.post("/language", data={"language": language, "next": "/sign-in", "csrf_token": token})
    assert answer.location == "/sign-in"
    page = client.get("/sign-in")
    assert word in page.text
    assert f'<html lang="{language}"' in page.text


def test_the_chosen_language_is_kept_for_the_user(
    app: Flask, client: Client, make_user: MakeUser, sign_in: SignIn
) -> None:
    user, elsewhere = make_user(), new_client(app)
    sign_in(client, user)
    token = csrf_token(client.get("/account").text)
    client.post("/language", data={"language": "az", "csrf_token": token})
    sign_in(elsewhere, user)
    assert '<html lang="az"' in elsewhere.get("/account").text


@pytest.mark.parametrize(("asked", "shown"), [("ru-RU,ru;q=0.9", "ru"), ("az", "az"), ("fr,de;q=0.8", "en")])
def test_without_a_choice_the_browser_decides(client: Client, asked: str, shown: str) -> None:
    assert f'<html lang="{shown}"' in client.get("/sign-in", headers={"Accept-Language": asked}).text


@pytest.mark.parametrize(("theme", "mark"), [("dark", 'data-bs-theme="dark"'), ("auto", '<html lang="en">')])
def test_a_theme_is_kept_in_a_cookie(client: Client, theme: str, mark: str) -> None:
    token = csrf_token(client.get("/sign-in").text)
    client.post("/theme", data={"theme": theme, "csrf_token": token})
    assert mark in client.get("/sign-in").text


def test_a_theme_that_does_not_exist_is_not_kept(client: Client) -> None:
    token = csrf_token(client.get("/sign-in").text)
    client.post("/theme", data={"theme": '"><script>', "csrf_token": token})
    assert client.get_cookie("theme") is None


def test_a_form_with_a_forged_token_changes_nothing_and_loses_nothing(client: Client) -> None:
    client.get("/sign-in")
    data = {"email": "officer@example.org", "password": "my secret words", "csrf_token": "forged"}
    answer = client.post("/sign-in", data=data)
    assert answer.status_code == 400
    assert "officer@example.org" in answer.text
    assert "my secret words" not in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_an_expired_form_can_be_sent_again_from_the_error_page(client: Client) -> None:
    client.get("/sign-in")
    answer = client.post("/language", data={"language": "ru", "next": "/sign-in"})
    assert answer.status_code == 400
    again = {"language": "ru", "next": "/sign-in", "csrf_token": csrf_token(answer.text)}
    assert client.post("/language", data=again).status_code == 302


def test_a_flood_of_text_beside_files_is_refused_with_a_page(client: Client) -> None:
    client.get("/sign-in")
    part = b'--edge\r\nContent-Disposition: form-data; name="email"\r\n\r\n' + b"x" * 2_000_000 + b"\r\n--edge--\r\n"
    answer = client.post("/sign-in", data=part, content_type="multipart/form-data; boundary=edge")
    assert answer.status_code == 413
    assert "<h1>" in answer.text


def test_ten_megabytes_in_a_text_field_are_refused_with_a_page(client: Client) -> None:
    token = csrf_token(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"email": "x" * 10_000_000, "password": "y", "csrf_token": token})
    assert answer.status_code == 413
    assert "<h1>" in answer.text


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/api/v1/nowhere", 404)])
def test_an_unknown_address_answers_in_the_askers_form(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert ("problem+json" in answer.content_type) == path.startswith("/api/")


def test_a_problem_for_a_program_names_its_code_and_request(client: Client) -> None:
    body = client.get("/api/v1/nowhere", headers={"X-Request-Id": "request-4711"}).json
    assert (body["status"], body["code"], body["request_id"]) == (404, "not_found", "request-4711")
    assert body["title"]


def test_a_wrong_method_says_which_are_right(client: Client) -> None:
    answer = client.get("/sign-out")
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert "POST" in answer.headers["Allow"]


def test_a_refusal_is_on_record(client: Client, make_user: MakeUser, sign_in: SignIn) -> None:
    user = make_user(Role.VERIFIER)
    sign_in(client, user)
    assert client.get("/admin/users").status_code == 403
    line = audit.history(chain=audit.organisation_chain(user.organisation_id))[-1]
    assert (line.action, line.result) == (AuditAction.REQUEST_REFUSED, "refused")
    assert line.payload["permission"] == "user:manage"


def test_a_request_identifier_that_is_none_is_replaced(client: Client) -> None:
    answer = client.get("/sign-in", headers={"X-Request-Id": "<script>"})
    assert "<" not in answer.headers["X-Request-Id"]


def test_the_service_says_that_it_is_well(client: Client) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "checks": {"database": True, "schema": True}}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_each_role_begins_at_a_page_of_its_own(
    client: Client, make_user: MakeUser, sign_in: SignIn, role: Role
) -> None:
    sign_in(client, make_user(role))
    start = client.get("/", follow_redirects=True)
    assert start.status_code == 200
    assert 'id="main"' in start.text
