"""The organisations and officers of the demonstration, made through the service that the administrator's pages call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from anyascii import anyascii

from ercms.accounts import passwords
from ercms.accounts import service as accounts
from ercms.core import clock
from ercms.core.actor import SYSTEM, Actor, OrganisationKind, Role
from ercms.demonstration.data import load
from ercms.factors import service as factors
from ercms.factors import totp
from ercms.verification.enums import InquiryPurpose

CHANNEL = "demonstration"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody needs to sign in as one of the invented officers; the recovery codes are as good as new."""

    user_id: str
    role: Role
    name: str
    organisation: str
    email: str
    password: str
    secret: str
    recovery_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation with its officers, and what the data file says about it."""

    id: str
    name: str
    officers: tuple[Actor, ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class World:
    """Everybody who acts in the demonstration."""

    authorities: Mapping[str, Body]
    missions: Mapping[str, Body]
    agencies: Mapping[InquiryPurpose, Body]
    border: Body
    partners: tuple[Body, ...]
    case_workers: tuple[Actor, ...]
    supervisors: tuple[Actor, ...]
    everybody: tuple[Actor, ...]
    sign_ins: tuple[SignIn, ...]


@dataclass(slots=True)
class _Founder:
    """Makes organisations and users one by one, and remembers how each user signs in."""

    sign_ins: list[SignIn] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)

    def found(self, kind: OrganisationKind, role: Role, facts: Mapping[str, Any]) -> Body:
        states = [facts["state"]] if "state" in facts else facts.get("states", ())
        made = accounts.create_organisation(
            actor=SYSTEM,
            kind=kind,
            name=facts["name"],
            short_name=facts.get("short_name"),
            states=states,
            contact_email=f"office@{facts['domain']}",
            address=facts.get("address"),
        )
        officers = self.employ(made, role, facts.get("users", ()), facts)
        return Body(made.id, made.name, officers, facts)

    def employ(
        self, home: accounts.OrganisationSummary, role: Role, names: Iterable[str], facts: Mapping[str, Any]
    ) -> tuple[Actor, ...]:
        actors = []
        for name in names:
            email = f"{_local_part(name)}@{facts['domain']}"
            # One after the other: the sign-in page offers whoever came first, which is in the order of `world.toml`.
            # The actor that makes the world is the system: there is nobody else yet.
            with clock.fixed(clock.now() + timedelta(seconds=len(self.sign_ins))):
                user, password = accounts.create_user(
                    actor=SYSTEM,
                    email=email,
                    display_name=name,
                    role=role,
                    organisation_id=home.id,
                    locale=facts.get("locale", "az"),
                    password=passwords.one_time_password(),
                )
            actor = accounts.get_actor(user.id, channel=CHANNEL)
            secret, codes = _enrol(actor)
            self.sign_ins.append(SignIn(user.id, role, name, home.name, email, password, secret, codes))
            actors.append(actor)
        self.actors += actors
        return tuple(actors)


def make_world() -> World:
    """Make every organisation and officer; the caller opens the unit of work and fixes the clock."""
    facts = load("world")
    founder = _Founder()
    kinds = OrganisationKind
    authorities = {
        one["state"]: founder.found(kinds.REQUESTING_AUTHORITY, Role.CONSULAR_OFFICER, one)
        for one in facts["authorities"]
    }
    missions: dict[str, Body] = {}
    for one in facts["missions"]:
        body = founder.found(kinds.MISSION, Role.CONSULAR_OFFICER, one)
        missions |= dict.fromkeys(one["states"], body)
    staff = _staff_of_the_service(founder, facts["service"])
    agencies: dict[InquiryPurpose, Body] = {}
    for one in facts["agencies"]:
        body = founder.found(kinds.AGENCY, Role.VERIFIER, one)
        agencies |= {InquiryPurpose(purpose): body for purpose in one["answers"]}
    border = founder.found(kinds.BORDER_SERVICE, Role.BORDER_OFFICER, facts["border"])
    partners = tuple(
        founder.found(kinds.REINTEGRATION_PARTNER, Role.REINTEGRATION_PARTNER, one) for one in facts["partners"]
    )
    founder.found(kinds.STATISTICS, Role.ANALYST, facts["statistics"])
    return World(
        authorities=authorities,
        missions=missions,
        agencies=agencies,
        border=border,
        partners=partners,
        case_workers=staff[Role.CASE_WORKER],
        supervisors=staff[Role.SUPERVISOR],
        everybody=tuple(founder.actors),
        sign_ins=tuple(founder.sign_ins),
    )


_STAFF = {
    Role.CASE_WORKER: "case_workers",
    Role.SUPERVISOR: "supervisors",
    Role.ANALYST: "analysts",
    Role.DATA_PROTECTION_OFFICER: "data_protection_officers",
    Role.ADMINISTRATOR: "administrators",
}


def _staff_of_the_service(founder: _Founder, facts: Mapping[str, Any]) -> dict[Role, tuple[Actor, ...]]:
    home = accounts.create_organisation(
        actor=SYSTEM,
        kind=OrganisationKind.MIGRATION_SERVICE,
        name=facts["name"],
        short_name=facts["short_name"],
        contact_email=f"office@{facts['domain']}",
    )
    return {role: founder.employ(home, role, facts[key], facts) for role, key in _STAFF.items()}


def _enrol(actor: Actor) -> tuple[str, tuple[str, ...]]:
    """Set an authenticator up as the page does; return its secret and the recovery codes."""
    secret = factors.begin_totp(user_id=actor.user_id).secret_text
    code = totp.code_at(totp.secret_of(secret), totp.step_of(clock.now()))
    return secret, tuple(factors.confirm_totp(actor=actor, code=code) or ())


def _local_part(name: str) -> str:
    letters = anyascii(name.replace("Ə", "A").replace("ə", "a")).lower()
    return ".".join("".join(sign for sign in word if sign.isalnum()) for word in letters.split())
