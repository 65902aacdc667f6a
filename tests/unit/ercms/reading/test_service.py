"""Whoever opens unusually many files is noticed, told of, and at last asked who they are."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock, outbox
from ercms.core.actor import Actor, Role
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.notifications import service as notices
from ercms.reading import oversight_service
from tests.conftest import PASSWORD, TODAY, Client, csrf_token, new_client
from tests.factories.accounts import POCKET, make_user
from tests.factories.cases import Cast, make_draft
from tests.factories.programs import PREFIX, make_key

SignIn = Callable[..., TestResponse]


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with clock.fixed(TODAY):
        yield Cast()


@pytest.fixture
def officer(cast: Cast) -> Actor:
    return accounts.get_actor(make_user(Role.DATA_PROTECTION_OFFICER, organisation=cast.service).id)


def limit(officer: Actor, role: Role, alarm_at: int, stop_at: int) -> None:
    with unit_of_work():
        oversight_service.change_limit(
            actor=officer, role=role, hours=24, alarm_at=alarm_at, stop_at=stop_at, version=0
        )


def told(officer: Actor) -> list[str]:
    with clock.fixed(TODAY + timedelta(hours=30)):
        while outbox.deliver_due():
            continue
    return sorted(notice.event for notice in notices.list_own(actor=officer))


def acts(actor: Actor) -> list[AuditAction]:
    lines = audit.history(chain=audit.organisation_chain(actor.organisation_id))
    return [line.action for line in lines if line.action.value.startswith("reading.")]


def opened(client: Client, references: list[str], minute: int) -> list[int]:
    with clock.fixed(TODAY + timedelta(minutes=minute)):
        return [client.get(f"/cases/{one}").status_code for one in references]


def test_a_reader_goes_on_at_the_first_number_and_proves_anew_after_the_second(
    app: Flask, cast: Cast, officer: Actor, sign_in: SignIn
) -> None:
    limit(officer, Role.CONSULAR_OFFICER, 3, 4)
    references = [make_draft(cast) for _ in range(6)]
    client = new_client(app)
    sign_in(client, accounts.get_user(cast.requester.user_id))
    assert opened(client, references[:2], 1) == [200, 200]
    # What is opened again, and looked at in another tab, is no further file.
    assert opened(client, [references[0], f"{references[1]}/persons"], 2) == [200, 200]
    assert told(officer) == []
    assert opened(client, references[2:4], 3) == [200, 200]
    assert told(officer) == ["reading_unusual"]
    with clock.fixed(TODAY + timedelta(minutes=4)):
        for _ in range(2):
            stopped = client.get(f"/cases/{references[4]}")
            assert (stopped.status_code, stopped.location) == (302, f"/account/proof?next=/cases/{references[4]}")
        assert client.get(f"/cases/{references[0]}").status_code == 200
        assert told(officer) == ["reading_stopped", "reading_unusual"]
        page = client.get(client.get(f"/cases/{references[4]}").location)
        assert "unusually many files" in page.text
        code = POCKET.of(cast.requester.user_id).code()
        proof = {"proof-password": PASSWORD, "proof-code": code, "next": f"/cases/{references[4]}"}
        proven = client.post("/account/proof", data={**proof, "csrf_token": csrf_token(page.text)})
        assert proven.location == f"/cases/{references[4]}"
    assert opened(client, references[4:], 5) == [200, 200]
    assert acts(cast.requester) == [AuditAction.READING_ALARMED, AuditAction.READING_STOPPED]
    row = db.session.execute(text("SELECT files, stops, channel FROM reading_alarms")).one()
    assert tuple(row) == (4, 1, "web")
    entry = next(
        line
        for line in audit.history(chain=audit.organisation_chain(cast.requester.organisation_id))
        if line.action is AuditAction.READING_ALARMED
    )
    assert entry.payload == {"alarm_id": entry.payload["alarm_id"], "files": 3, "hours": 24}


def test_a_program_is_stopped_until_the_data_protection_officer_lets_it_go_on(
    app: Flask, cast: Cast, officer: Actor, sign_in: SignIn
) -> None:
    limit(officer, Role.CONSULAR_OFFICER, 1, 2)
    references, key = [make_draft(cast) for _ in range(3)], make_key(cast.requester)
    client, watcher = new_client(app), new_client(app)
    # What the user of the key does on the pages counts apart, and a sign-in there sets no program free.
    sign_in(client, accounts.get_user(cast.requester.user_id))
    sign_in(watcher, accounts.get_user(officer.user_id))

    def call(reference: str) -> TestResponse:
        return client.get(f"{PREFIX}/cases/{reference}", headers={"Authorization": f"Bearer {key}"})

    with clock.fixed(TODAY + timedelta(minutes=1)):
        assert [call(one).status_code for one in references] == [200, 200, 403]
        refused = call(references[2]).json
        assert (refused["code"], refused["type"]) == ("reading_stopped", "urn:ercms:problem:reading_stopped")
        assert (refused["files"], refused["hours"]) == (2, 24)
        sign_in(new_client(app), accounts.get_user(cast.requester.user_id))
    with clock.fixed(TODAY + timedelta(minutes=2)):
        assert call(references[2]).status_code == 403
        page = watcher.get("/privacy/reading").text
        assert accounts.get_user(cast.requester.user_id).display_name in page
        place = re.findall(r'action="(/privacy/reading/\w+)/release"', page)[0]
        token = {"csrf_token": csrf_token(page)}
        assert watcher.post(f"{place}/release", data=token).status_code == 302
        assert watcher.post(f"{place}/release", data=token).status_code == 409
        assert watcher.post(f"{place}/mark", data={**token, "mark": "explained"}).status_code == 302
        assert place not in watcher.get("/privacy/reading").text
        assert "Explained" in watcher.get("/privacy/reading?marked=yes").text
    with clock.fixed(TODAY + timedelta(minutes=3)):
        assert call(references[2]).status_code == 200
    assert acts(officer) == [
        AuditAction.READING_LIMIT_CHANGED,
        AuditAction.READING_RELEASED,
        AuditAction.READING_MARKED,
    ]


def test_what_was_opened_long_ago_is_no_longer_counted_and_limits_are_the_officers(
    app: Flask, cast: Cast, officer: Actor, sign_in: SignIn
) -> None:
    limit(officer, Role.CONSULAR_OFFICER, 2, 3)
    references = [make_draft(cast) for _ in range(3)]
    client, watcher = new_client(app), new_client(app)
    sign_in(client, accounts.get_user(cast.requester.user_id))
    sign_in(watcher, accounts.get_user(officer.user_id))
    assert client.get(f"/cases/{references[0]}").status_code == 200
    with clock.fixed(TODAY + timedelta(hours=25)):
        late = new_client(app)
        sign_in(late, accounts.get_user(cast.requester.user_id))
        assert late.get(f"/cases/{references[1]}").status_code == 200
        assert told(officer) == []
        assert late.get(f"/cases/{references[2]}").status_code == 200
        assert told(officer) == ["reading_unusual"]
    page = watcher.get("/privacy/reading").text
    wanted = {"role": "supervisor", "hours": "48", "alarm_at": "9", "version": "0", "csrf_token": csrf_token(page)}
    wrong = watcher.post("/privacy/reading/limits", data={**wanted, "stop_at": "9"})
    assert wrong.status_code == 422
    assert "The second number has to be larger than the first." in wrong.text
    assert watcher.post("/privacy/reading/limits", data={**wanted, "stop_at": "10"}).status_code == 302
    assert watcher.post("/privacy/reading/limits", data={**wanted, "stop_at": "11"}).status_code == 409
    assert client.get("/privacy/reading").status_code == 403
