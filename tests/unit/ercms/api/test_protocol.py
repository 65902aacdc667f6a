"""Versions, repeated requests, keys, refusals and bad input."""

import base64
import io
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from ercms.access.permissions import Permission, permission_for_trigger
from ercms.accounts import service as accounts
from ercms.api.blueprints import GROUPS
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases.models import Case
from ercms.core import clock
from ercms.core.actor import SYSTEM, OrganisationKind, Role
from ercms.core.errors import Conflict
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.programs import answers_service
from ercms.programs import service as programs
from ercms.programs.models import ApiKey, KeptAnswer
from ercms.web.route_guards import permission_of
from tests.conftest import new_client
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import Cast, make_case, make_draft
from tests.factories.programs import PREFIX, Program, make_key
from tests.unit.ercms.api.conftest import ProgramOf
from tests.unit.ercms.api.test_flow import HEAD, begin, get_case_version, take
from workflows.readmission import CaseState


def count(model: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


# Versions.


def test_a_write_without_a_version_is_refused(cast: Cast, requester: Program) -> None:
    reference, _ = begin(requester)
    for answer in (
        requester.put(f"/cases/{reference}/sections/contact", json={}),
        requester.post(f"/cases/{reference}/actions/submit", json={}),
        requester.put(f"/cases/{reference}/sections/contact", headers={"If-Match": "*"}, json={}),
    ):
        assert (answer.status_code, answer.json["code"]) == (428, "if_match_needed")


def test_a_stale_version_is_refused_with_the_present_one(cast: Cast, requester: Program) -> None:
    reference, version = begin(requester)
    assert requester.put(f"/cases/{reference}/sections/contact", version, json={"district": "Şəki"}).status_code == 200
    late = requester.put(f"/cases/{reference}/sections/contact", version, json={"district": "Quba"})
    assert (late.status_code, late.json["code"]) == (412, "stale_version")
    assert late.headers["ETag"] == f'"{version + 1}"'
    opened = requester.get(f"/cases/{reference}?include=contact").json
    assert opened["members"][0]["sections"]["contact"] == {"district": "Şəki"}


@pytest.mark.parametrize(
    ("header", "status"), [('W/"1"', 412), ('"abc"', 412), ('"1", "2"', 400), ('"99999999999999999999"', 412)]
)
def test_a_version_that_is_none_of_ours_matches_nothing(
    cast: Cast, requester: Program, header: str, status: int
) -> None:
    reference, _ = begin(requester)
    answer = requester.put(f"/cases/{reference}/sections/contact", headers={"If-Match": header}, json={})
    assert answer.status_code == status


def test_an_act_that_does_not_start_from_the_state_is_a_conflict(cast: Cast, requester: Program) -> None:
    reference, _ = begin(requester)
    take(requester, reference, "submit")
    again = requester.post(f"/cases/{reference}/actions/submit", get_case_version(requester, reference), json={})
    assert (again.status_code, again.json["code"]) == (409, "transition_not_allowed")
    assert again.json["last_change"]["trigger"] == "submit"


def test_how_the_service_decides_is_told_to_nobody_else(cast: Cast, program_of: ProgramOf, requester: Program) -> None:
    reference = make_case(cast, CaseState.DECISION_PROPOSED)
    for program, is_told in ((requester, False), (program_of(cast.worker), True)):
        late = program.post(f"/cases/{reference}/actions/withdraw", 1, json={"reason": "x"})
        if late.status_code == 403:
            late = program.post(f"/cases/{reference}/actions/acknowledge", 1, json={})
        assert late.status_code == 412
        assert ("last_change" in late.json) is is_told
    kinds = {one["kind"] for one in requester.get(f"/cases/{reference}/dates").json["clocks"]}
    assert "agency_inquiries" not in kinds
    assert requester.get(f"/cases/{reference}/replies").json["decisions"] == []


# Requests that come twice.


def test_a_repeated_request_gets_the_same_answer_and_changes_nothing(cast: Cast, requester: Program) -> None:
    first = requester.post("/cases", json=HEAD, once="one")
    second = requester.post("/cases", json=dict(reversed(HEAD.items())), once="one")
    assert (second.status_code, second.data) == (first.status_code, first.data) == (201, first.data)
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Location"] == first.headers["Location"] == f"{PREFIX}/cases/{first.json['reference']}"
    assert second.headers["ETag"] == first.headers["ETag"]
    assert count(Case) == 1


def test_a_repeated_act_is_answered_as_before_although_its_version_is_stale_by_now(
    cast: Cast, requester: Program
) -> None:
    reference, version = begin(requester)
    first = requester.post(f"/cases/{reference}/actions/submit", version, json={}, once="send")
    second = requester.post(f"/cases/{reference}/actions/submit", version, json={}, once="send")
    assert (second.status_code, second.data) == (200, first.data)


def test_the_same_key_for_another_request_is_refused(cast: Cast, requester: Program) -> None:
    requester.post("/cases", json=HEAD, once="one")
    other = requester.post("/cases", json={**HEAD, "own_reference": "other"}, once="one")
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert count(Case) == 1


def test_a_file_sent_again_in_another_envelope_is_the_same_request(cast: Cast, requester: Program) -> None:
    reference, version = begin(requester)

    def send() -> Any:
        return requester.post(
            f"/cases/{reference}/files",
            version,
            once="file",
            data={"role": "supporting", "asylum": "no", "file": (io.BytesIO(b"%PDF-nothing"), "a.pdf")},
        )

    first = send()
    assert (first.status_code, first.json["code"]) == (422, "file_refused")
    # A refusal is no answer that is kept: the program may repair what it sends, under the same key.
    assert count(KeptAnswer) == 1
    assert send().status_code == 422


def test_two_programs_may_use_the_same_text_as_their_keys(
    cast: Cast, program_of: ProgramOf, requester: Program
) -> None:
    other = program_of(cast.requester)
    assert requester.post("/cases", json=HEAD, once="one").status_code == 201
    answer = other.post("/cases", json=HEAD, once="one")
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers


def test_a_refused_request_keeps_no_answer_and_its_key_can_be_used_again(cast: Cast, requester: Program) -> None:
    reference = requester.post("/cases", json=HEAD).json["reference"]
    version = get_case_version(requester, reference)
    assert requester.post(f"/cases/{reference}/actions/submit", version, json={}, once="s").status_code == 422
    written = requester.put(f"/cases/{reference}/sections/identity", version, json={"surname": "Quliyev"})
    sent = requester.post(f"/cases/{reference}/actions/submit", written.json["version"], json={}, once="s")
    assert sent.status_code == 200


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 201])
def test_a_key_for_the_request_is_asked_for(cast: Cast, requester: Program, key: str) -> None:
    answer = requester.post("/cases", json=HEAD, once=key)
    assert answer.status_code == 400
    assert answer.json["code"] in {"idempotency_key_needed", "idempotency_key_malformed"}


def test_of_requests_that_race_with_one_key_one_is_carried_out(app: Flask, cast: Cast) -> None:
    key = make_key(cast.requester)
    at = clock.now()
    db.session.remove()
    start = threading.Barrier(4)
    statuses: list[int] = []

    def send() -> None:
        program = Program(new_client(app), key)
        start.wait()
        with app.app_context(), clock.fixed(at):
            statuses.append(program.post("/cases", json=HEAD, once="race").status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert count(Case) == 1


def test_a_request_that_is_still_being_carried_out_is_not_begun_again(cast: Cast) -> None:
    caller = programs.find_caller(make_key(cast.requester), address=None, request_id=None)
    assert caller is not None
    with unit_of_work():
        answers_service.begin(caller=caller, key="k", content=b"{}")
    with pytest.raises(Conflict, match="idempotency_key_in_use"), unit_of_work():
        answers_service.begin(caller=caller, key="k", content=b"{}")


def test_nothing_that_was_sent_is_kept_with_the_answer(cast: Cast, requester: Program) -> None:
    begin(requester)
    row = db.session.scalars(select(KeptAnswer)).one()
    kept = {column.name: getattr(row, column.name) for column in KeptAnswer.__table__.columns}
    assert "request-" not in json.dumps(kept, default=str)
    assert set(kept) == {
        "id", "api_key_id", "key_digest", "request_digest", "status", "reference", "version", "case_state",
        "record_id", "created_at",
    }  # fmt: skip


def test_answers_are_forgotten_after_a_week(cast: Cast, requester: Program) -> None:
    begin(requester)
    with clock.fixed(clock.now() + timedelta(days=8)):
        answers_service.forget_old()
    assert count(KeptAnswer) == 0


# Whose case it is.


def test_a_case_of_another_organisation_answers_as_one_that_does_not_exist(
    cast: Cast, requester: Program, program_of: ProgramOf
) -> None:
    reference, version = begin(requester)
    stranger = program_of(Cast("CH").requester)
    nowhere = "RA-2026-0000000-0"
    assert len(nowhere) == len(reference)
    for method, path, options in (
        ("GET", "", {}),
        ("GET", "?include=identity", {}),
        ("GET", "/dates", {}),
        ("GET", "/actions", {}),
        ("GET", "/evidence", {}),
        ("GET", "/messages", {}),
        ("PUT", "/sections/contact", {"version": version, "json": {}}),
        ("PUT", "/sections/contact", {"version": 99, "json": {}}),
        ("POST", "/actions/submit", {"version": version, "json": {}}),
        ("POST", "/actions/withdraw", {"version": 99, "json": {"reason": "x"}}),
        ("POST", "/members", {"version": version, "json": {"relation": "child"}}),
        ("POST", "/messages", {"json": {"body": "x"}}),
    ):
        found = []
        for name in (reference, nowhere):
            headers = {"Idempotency-Key": f"{name}{path}", "X-Request-Id": "one-request"}
            answer = stranger.send(method, f"/cases/{name}{path}", headers=headers, **options)
            found.append((answer.status_code, answer.data, sorted(answer.headers.items())))
        assert found[0] == found[1], (method, path)
        assert found[0][0] == 404
    assert stranger.get("/cases").json["cases"] == []


def test_a_refusal_is_on_record(cast: Cast, requester: Program, program_of: ProgramOf) -> None:
    reference, version = begin(requester)
    take(requester, reference, "submit")
    version = get_case_version(requester, reference)
    refused = requester.post(f"/cases/{reference}/actions/acknowledge", version, json={})
    assert (refused.status_code, refused.json["code"]) == (403, "permission_refused")
    lines = audit.history(chain=f"org:{cast.requester.organisation_id}")
    assert [line.payload["http_status"] for line in lines if line.action is AuditAction.REQUEST_REFUSED] == [403]
    assert {line.channel for line in lines if line.action is AuditAction.API_CALLED} == {"api"}


# Keys.


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x.y", "Basic abc", "Bearer " + "0" * 32 + ".secret", "ß"])
def test_without_a_valid_key_nothing_is_told(app: Flask, client: Any, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for path in ("/cases", "/cases/RA-2026-0000000-0", "/agreements", "/openapi.json"):
        answer = client.get(f"{PREFIX}{path}", headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "api_key_needed")
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_signed_in_browser_without_a_key_cannot_use_the_interface(
    app: Flask, client: Any, sign_in: Any, cast: Cast
) -> None:
    sign_in(client, accounts.get_user(cast.requester.user_id))
    assert client.get(f"{PREFIX}/openapi.json").status_code == 200
    assert client.get(f"{PREFIX}/cases").status_code == 401
    assert client.post(f"{PREFIX}/cases", json=HEAD).status_code == 401


def test_a_key_ends_when_it_is_revoked_expires_or_its_user_or_organisation_is_disabled(
    client: Any, program_of: ProgramOf
) -> None:
    actors = [Cast("CH").requester for _ in range(4)]
    made = [program_of(actor) for actor in actors]
    assert {program.get("/cases").status_code for program in made} == {200}
    administrator = accounts.get_actor(make_user(Role.ADMINISTRATOR).id)
    user, home = accounts.get_user(actors[1].user_id), accounts.get_organisation(str(actors[2].organisation_id))
    with unit_of_work():
        programs.revoke_key(actor=administrator, key_id=made[0].key.partition(".")[0])
        accounts.change_user(
            actor=administrator, user_id=user.id, version=user.version, display_name=user.display_name,
            role=user.role, locale=user.locale, is_active=False,
        )  # fmt: skip
        accounts.change_organisation(
            actor=administrator, organisation_id=home.id, version=home.version, name=home.name, states=home.states,
            is_active=False,
        )  # fmt: skip
        key = db.session.get_one(ApiKey, made[3].key.partition(".")[0])
        key.expires_on = clock.today() - timedelta(days=1)
    assert {program.get("/cases").status_code for program in made} == {401}


def test_only_a_digest_of_the_secret_is_stored(cast: Cast) -> None:
    secret = make_key(cast.requester).partition(".")[2]
    row = db.session.scalars(select(ApiKey)).one()
    assert all(secret not in str(getattr(row, column.name)) for column in ApiKey.__table__.columns)


def test_every_operation_declares_its_permission(app: Flask) -> None:
    names = {group.name for group in GROUPS} | {"api_description"}
    endpoints = [rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in names]
    assert len(endpoints) > 50
    declared = {endpoint: permission_of(app, endpoint) for endpoint in endpoints}
    assert all(isinstance(permission, Permission) for permission in declared.values())
    for endpoint, permission in declared.items():
        group, _, trigger = endpoint.partition(".")
        if group == "api_actions":
            assert permission is permission_for_trigger(trigger)


# Bad input.


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_json"),
        (b'{"kind": NaN}', 400, "malformed_json"),
        (b'{"kind": "own_national", "kind": "transit"}', 400, "malformed_json"),
        (b'{"own_reference": "\\ud800"}', 400, "malformed_json"),
        (b"[" * 100_000, 400, "malformed_json"),
        (b'{"a":' * 50 + b"1" + b"}" * 50, 400, "malformed_json"),
        (b"9" * 5000, 400, "malformed_json"),
        (b"[]", 422, "invalid_input"),
        (b"null", 422, "invalid_input"),
        (b'"text"', 422, "invalid_input"),
        (b'{"unheard_of": 1}', 422, "invalid_input"),
        (b'{"kind": ["own_national"]}', 422, "invalid_input"),
        (b'{"members": [{"relation": "child", "height_cm": 1e400}]}', 422, "invalid_input"),
        (b'{"sections": {"identity": 7}}', 422, "invalid_input"),
        (b'{"kind": "%s"}' % (b"x" * 2_000_000), 413, "request_entity_too_large"),
    ],
)
def test_bad_content_gets_a_problem(cast: Cast, requester: Program, content: bytes, status: int, code: str) -> None:
    answer = requester.post("/cases", data=content, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    assert count(Case) == 0


def test_wrong_kinds_of_content_are_refused(cast: Cast, requester: Program) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert requester.post("/cases", data=b"{}", content_type=kind).status_code == 415


def test_messages_stand_at_their_fields(cast: Cast, requester: Program) -> None:
    body = {"kind": "no_such", "sections": {"identity": {"birth_date": "18.03.1990"}}, "members": [{"surname": "A"}]}
    errors = requester.post("/cases", json=body).json["errors"]
    assert set(errors) == {"kind", "procedure", "requesting_state", "sections", "members"}
    assert list(errors["sections"]["identity"]) == ["birth_date"]
    assert list(errors["members"]["0"]) == ["relation"]


def test_a_request_that_fails_half_way_leaves_nothing_behind(cast: Cast, requester: Program) -> None:
    body = {**HEAD, "members": [{"relation": "child"}, {"relation": "principal"}]}
    assert requester.post("/cases", json=body).status_code == 422
    assert (count(Case), count(KeptAnswer)) == (0, 0)


def test_the_methods_that_an_address_knows_are_told(cast: Cast, requester: Program) -> None:
    answer = requester.send("DELETE", "/cases")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("query", ["cursor=x", "cursor=WzEsMl0", "state=no_such", "unheard_of=1", "sort=due"])
def test_a_list_refuses_filters_that_it_does_not_know(cast: Cast, requester: Program, query: str) -> None:
    assert requester.get(f"/cases?{query}").status_code == 422


def test_a_cursor_of_another_list_is_refused(cast: Cast, requester: Program) -> None:
    place = json.dumps([clock.today().isoformat(), "0" * 32])
    cursor = base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")
    assert requester.get(f"/cases?cursor={cursor}").status_code == 422


def test_an_unknown_section_is_not_opened(cast: Cast, requester: Program) -> None:
    reference, _ = begin(requester)
    assert requester.get(f"/cases/{reference}?include=identity,bank").status_code == 422


def test_the_border_service_reads_no_sections(cast: Cast, program_of: ProgramOf) -> None:
    make_draft(cast)
    home = make_organisation(OrganisationKind.BORDER_SERVICE)
    border = program_of(accounts.get_actor(make_user(Role.BORDER_OFFICER, organisation=home).id))
    assert border.get("/cases").json["cases"] == []
    assert SYSTEM.is_system
