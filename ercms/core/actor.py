"""Who acts: what services receive instead of the web's current user."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles of `docs/architecture.md`; a user has exactly one."""

    CONSULAR_OFFICER = "consular_officer"
    CASE_WORKER = "case_worker"
    SUPERVISOR = "supervisor"
    VERIFIER = "verifier"
    BORDER_OFFICER = "border_officer"
    REINTEGRATION_PARTNER = "reintegration_partner"
    ANALYST = "analyst"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class OrganisationKind(StrEnum):
    """What an organisation is in the process."""

    REQUESTING_AUTHORITY = "requesting_authority"
    MISSION = "mission"
    MIGRATION_SERVICE = "migration_service"
    AGENCY = "agency"
    BORDER_SERVICE = "border_service"
    REINTEGRATION_PARTNER = "reintegration_partner"
    STATISTICS = "statistics"


@dataclass(frozen=True, slots=True)
class Actor:
    """One person, program or scheduled task, with the organisation on whose behalf it acts.

    `states` are the ISO 3166-1 alpha-2 codes that the organisation answers for: the State of a requesting authority,
    the host States of a mission; empty for the others.
    """

    user_id: str
    role: Role
    organisation_id: str | None
    organisation_kind: OrganisationKind | None
    states: frozenset[str] = frozenset()
    channel: str = "web"
    address: str | None = None
    request_id: str | None = None

    @property
    def is_system(self) -> bool:
        """Tell whether this is the system itself and no person."""
        return self.role is Role.SYSTEM


SYSTEM = Actor(user_id="system", role=Role.SYSTEM, organisation_id=None, organisation_kind=None, channel="system")
