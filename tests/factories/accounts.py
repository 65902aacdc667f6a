"""Invented organisations and users."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from ercms.accounts import service
from ercms.accounts.service import OrganisationSummary, UserSummary
from ercms.core import clock
from ercms.core.actor import SYSTEM, OrganisationKind, Role
from ercms.core.unit_of_work import unit_of_work
from ercms.factors import service as factors
from ercms.factors import totp

PASSWORD = "seven quiet pomegranates"

KIND_BY_ROLE = {
    Role.CONSULAR_OFFICER: OrganisationKind.REQUESTING_AUTHORITY,
    Role.CASE_WORKER: OrganisationKind.MIGRATION_SERVICE,
    Role.SUPERVISOR: OrganisationKind.MIGRATION_SERVICE,
    Role.VERIFIER: OrganisationKind.AGENCY,
    Role.BORDER_OFFICER: OrganisationKind.BORDER_SERVICE,
    Role.REINTEGRATION_PARTNER: OrganisationKind.REINTEGRATION_PARTNER,
    Role.ANALYST: OrganisationKind.STATISTICS,
    Role.DATA_PROTECTION_OFFICER: OrganisationKind.MIGRATION_SERVICE,
    Role.ADMINISTRATOR: OrganisationKind.MIGRATION_SERVICE,
}
WITH_STATES = {OrganisationKind.REQUESTING_AUTHORITY, OrganisationKind.MISSION}

_numbers = itertools.count(1)


@dataclass
class Device:
    """What a user has at hand: an authenticator, which knows what it showed last, and a sheet of recovery codes.

    The system never takes a code twice. Who signs in several times within half a minute shows the former, the present
    and the next code, as far as the tolerance reaches, and then recovery codes, as a person would.
    """

    secret: bytes
    recovery_codes: list[str]
    last_step: int = 0

    def code(self) -> str:
        present = totp.step_of(clock.now())
        step = max(present - totp.TOLERANCE, self.last_step + 1)
        if step > present + totp.TOLERANCE:
            return self.recovery_codes.pop()
        self.last_step = step
        return totp.code_at(self.secret, step)


@dataclass
class Pocket:
    """The devices of everybody whom the tests of this process made."""

    devices: dict[str, Device] = field(default_factory=dict)

    def of(self, user_id: str) -> Device:
        """Return a user's device; whoever has none yet enrols one now, through the service that the page calls."""
        if user_id not in self.devices:
            self.devices[user_id] = enrol(user_id)
        return self.devices[user_id]


POCKET = Pocket()


def enrol(user_id: str) -> Device:
    """Enrol an authenticator for a user."""
    with unit_of_work():
        setup = factors.begin_totp(user_id=user_id)
        secret = totp.secret_of(setup.secret_text)
        step, codes = _confirm(user_id, secret)
        if codes is None:
            # The oldest code that counts grew too old between here and there: the next one is the oldest now.
            step, codes = _confirm(user_id, secret)
    assert codes is not None
    return Device(secret, codes, step)


def _confirm(user_id: str, secret: bytes) -> tuple[int, list[str] | None]:
    step = totp.step_of(clock.now()) - totp.TOLERANCE
    return step, factors.confirm_totp(actor=service.get_actor(user_id), code=totp.code_at(secret, step))


def make_organisation(
    kind: OrganisationKind = OrganisationKind.REQUESTING_AUTHORITY,
    *,
    name: str | None = None,
    states: Iterable[str] | None = None,
) -> OrganisationSummary:
    """Make an organisation; one that needs a State answers for Germany unless told otherwise."""
    codes = states if states is not None else (("DE",) if kind in WITH_STATES else ())
    with unit_of_work():
        return service.create_organisation(
            actor=SYSTEM, kind=kind, name=name or f"{kind.value} {next(_numbers)}", states=codes
        )


def make_user(
    role: Role = Role.CASE_WORKER,
    *,
    organisation: OrganisationSummary | None = None,
    email: str | None = None,
    name: str | None = None,
    locale: str = "en",
) -> UserSummary:
    """Make a user with the password `PASSWORD`; without an organisation, one that fits the role."""
    home = organisation or _home(KIND_BY_ROLE[role])
    number = next(_numbers)
    with unit_of_work():
        user, _ = service.create_user(
            actor=SYSTEM,
            email=email or f"{role.value}.{number}@example.org",
            display_name=name or f"Officer {number}",
            role=role,
            organisation_id=home.id,
            locale=locale,
            password=PASSWORD,
        )
    return user


def _home(kind: OrganisationKind) -> OrganisationSummary:
    """Return the one organisation of a kind of which there is one, or make one more of the others."""
    if kind in WITH_STATES:
        return make_organisation(kind)
    existing = service.list_organisations(kind)
    return existing[0] if existing else make_organisation(kind)
