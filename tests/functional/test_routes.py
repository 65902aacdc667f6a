"""Every page for every role: with another organisation's identifiers it answers as if there were nothing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import MetaData, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.cases import worklist
from ercms.core import outbox
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service
from ercms.evidence import service as evidence
from ercms.evidence.enums import AsylumAnswer, FileRole
from ercms.extensions import db
from ercms.reintegration import partner_service
from ercms.reintegration.enums import AssistanceArea, ServiceState
from tests.conftest import Client, csrf_token, new_client
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import Cast
from tests.functional.journey import picture
from tests.functional.scene import Scene
from workflows.readmission import CaseState
from workflows.terms import EvidencePurpose

S = CaseState

# Identifiers that are nobody's, of the same shape as the real ones.
NO_REFERENCE = "RA-2026-0000000-0"
NO_ID = "0" * 32

# What is open to everybody who is signed in, and the programs' own addresses, which know no sessions.
# Who comes back from an identity provider is nobody yet: the address says only where, and every answer is the same.
_OPEN = frozenset({"static", "agreements", "law_admin", "provider_sign_in"})
_PROGRAMS = "/api/"
# Parts of an address that choose a page and name no record.
_CHOICES = {
    "tab": (),
    "section": (),
    "kind": ("acknowledgement", "reply"),
    "trigger": ("acknowledge", "complete", "issue_document", "confirm_arrival", "start_reintegration"),
}

# Parts of an address that are numbers: one that may be somebody's, and one that is nobody's.
_NUMBERS = {"number": ("1", "999999")}

pytestmark = pytest.mark.usefixtures("fixed_clock")


@dataclass(frozen=True)
class Address:
    """One way to call one route: with somebody's identifiers, and with nobody's."""

    endpoint: str
    method: str
    theirs: str
    nobodys: str


@pytest.fixture
def scene(app: Flask, sign_in: Callable[..., TestResponse]) -> Scene:
    return Scene(app, Cast(), sign_in)


def strangers() -> dict[str, Actor]:
    """Return one officer of each kind who has no part in the cases of the scene."""

    def somebody(role: Role, kind: OrganisationKind, *states: str) -> Actor:
        return accounts.get_actor(make_user(role, organisation=make_organisation(kind, states=states)).id)

    authority, mission = OrganisationKind.REQUESTING_AUTHORITY, OrganisationKind.MISSION
    return {
        "authority of another State": somebody(Role.CONSULAR_OFFICER, authority, "FR"),
        "another authority of the State": somebody(Role.CONSULAR_OFFICER, authority, "DE"),
        "mission in another State": somebody(Role.CONSULAR_OFFICER, mission, "FR"),
        "verifier of another agency": somebody(Role.VERIFIER, OrganisationKind.AGENCY),
        "another partner": somebody(Role.REINTEGRATION_PARTNER, OrganisationKind.REINTEGRATION_PARTNER),
        "border officer": somebody(Role.BORDER_OFFICER, OrganisationKind.BORDER_SERVICE),
        "analyst": somebody(Role.ANALYST, OrganisationKind.STATISTICS),
        "administrator": somebody(Role.ADMINISTRATOR, OrganisationKind.MIGRATION_SERVICE),
        "data protection officer": somebody(Role.DATA_PROTECTION_OFFICER, OrganisationKind.MIGRATION_SERVICE),
    }


# What a role is there for reaches across organisations.
_JOBS = {
    "administrator": frozenset({"admin", "factor_admin", "programs"}),
    "data protection officer": frozenset({"audit", "openings", "privacy", "privacy_reading"}),
}


def records(scene: Scene) -> dict[str, str]:
    """Make a record of each kind that an address can name; return its identifier by the name of the address's part."""
    draft, cast = scene.case(S.DRAFT), scene.cast
    with unit_of_work():
        values: dict[str, Any] = {"code": "passport", "purpose": EvidencePurpose.NATIONALITY}
        item = evidence.add_item(actor=cast.requester, reference=draft, expected_version=None, values=values)
        stored = files_service.store_file(
            actor=cast.requester, reference=draft, expected_version=None, name="pass.jpg", stream=picture(),
            values={"role": FileRole.EVIDENCE, "evidence_id": item.id, "asylum": AsylumAnswer.NO},
        )  # fmt: skip
        worklist.save_view(actor=cast.worker, name="Mine", query="state=submitted")
        found = {"draft": draft, "evidence_id": item.id, "file_id": stored.id}
    sent = scene.case(S.UNDER_VERIFICATION)
    found |= {"reference": sent, "inquiry_id": scene.inquiry(sent), "interview_id": scene.interview(sent)}
    scene.case(S.DOCUMENT_REQUESTED)
    scene.case(S.REINTEGRATING)
    found["referral_id"] = _first("referrals")
    entry = {"area": AssistanceArea.EMPLOYMENT, "state": ServiceState.PLANNED, "description": "Work"}
    with unit_of_work():
        partner_service.add_service(actor=cast.partner, referral_id=found["referral_id"], values=entry)
    db.session.remove()
    while outbox.deliver_due():
        continue
    tables = {
        "document_id": "travel_documents",
        "person_id": "persons",
        "view_id": "saved_views",
        "notice_id": "notifications",
        "service_id": "referral_services",
        "session_id": "sign_in_sessions",
        "user_id": "users",
        "organisation_id": "organisations",
    }
    return found | {part: _first(table) for part, table in tables.items()}


def _first(name: str) -> str:
    metadata = MetaData()
    metadata.reflect(db.engine, only=[name])
    found = db.session.scalar(select(metadata.tables[name].c.id).limit(1))
    db.session.rollback()
    assert found is not None
    return str(found)


def addresses(app: Flask, theirs: dict[str, str], *, is_program: bool = False) -> Iterator[Address]:
    """Yield every call of every page that names a record, or of every operation of the interface that does."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        named = rule.arguments - set(_CHOICES)
        if not named or rule.rule.startswith(_PROGRAMS) is not is_program or rule.endpoint.split(".")[0] in _OPEN:
            continue
        for chosen in _choices(rule):
            mine = {name: theirs.get(name, _NUMBERS.get(name, ("f" * 32,))[0]) for name in named} | chosen
            none = {name: _nobodys(name) for name in named} | chosen
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                urls = (adapter.build(rule.endpoint, values, method=method) for values in (mine, none))
                yield Address(rule.endpoint, method, *urls)


def _nobodys(name: str) -> str:
    if name in _NUMBERS:
        return _NUMBERS[name][1]
    return NO_REFERENCE if name == "reference" else NO_ID


def _choices(rule: Rule) -> list[dict[str, str]]:
    chosen: list[dict[str, str]] = [{}]
    for part in sorted(rule.arguments & set(_CHOICES)):
        listed = re.search(rf"any\(([^)]*)\):{part}>", rule.rule)
        values = [value.strip() for value in listed.group(1).split(",")] if listed else _CHOICES[part]
        chosen = [{**known, part: value} for known in chosen for value in values]
    return chosen


def asked(client: Client, address: Address, url: str, token: str) -> tuple[int, str]:
    """Call an address and return the status and the page, without what differs between any two answers."""
    data = {"csrf_token": token, "version": "1"} if address.method == "POST" else None
    answer = client.open(url, method=address.method, data=data)
    page = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.get_data(as_text=True).replace(url, ""))
    return answer.status_code, re.sub(r"[0-9a-f]{32}|RA-2026-\w{7}-\w", "", page)


def trespass(scene: Scene, who: str, client: Client, theirs: dict[str, str], only: str = "") -> list[str]:
    """Call every page whose address has `only` in it with what is not theirs.

    Return what answered otherwise than as if it were not there.
    """
    token = csrf_token(client.get("/account/password").text)
    wrong = []
    for address in addresses(scene.app, theirs):
        if address.endpoint.split(".")[0] in _JOBS.get(who, ()) or only not in address.theirs:
            continue
        status, page = asked(client, address, address.theirs, token)
        absent = asked(client, address, address.nobodys, token)
        if status not in (403, 404) or (status, page) != absent:
            wrong.append(f"{who}: {address.method} {address.theirs} {status}, absent {absent[0]}")
    return wrong


def test_what_belongs_to_others_answers_as_what_is_not_there(scene: Scene) -> None:
    theirs = records(scene)
    wrong = []
    for who, actor in strangers().items():
        client = new_client(scene.app)
        scene.sign_in(client, accounts.get_user(actor.user_id))
        wrong += trespass(scene, who, client, theirs)
    assert not wrong, "\n".join(wrong)


def test_a_draft_is_there_for_nobody_but_its_authority(scene: Scene) -> None:
    theirs = {**records(scene)}
    theirs["reference"] = theirs.pop("draft")
    everybody = strangers()
    everybody = {name: everybody[name] for name in ("another authority of the State", "mission in another State")}
    everybody |= {"case worker": scene.cast.worker, "supervisor": scene.cast.supervisor, "mission": scene.cast.mission}
    wrong = []
    for who, actor in everybody.items():
        client = new_client(scene.app)
        scene.sign_in(client, accounts.get_user(actor.user_id))
        wrong += trespass(scene, who, client, {"reference": theirs["reference"]}, only=theirs["reference"])
    assert not wrong, "\n".join(wrong)


def test_nobody_gets_anywhere_without_a_sign_in(scene: Scene) -> None:
    client = new_client(scene.app)
    token = csrf_token(client.get("/sign-in").text)
    theirs = records(scene)
    for address in addresses(scene.app, theirs):
        data = {"csrf_token": token} if address.method == "POST" else None
        answer = client.open(address.theirs, method=address.method, data=data)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in"), address
