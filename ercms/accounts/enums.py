"""Which role belongs to which kind of organisation."""

from ercms.core.actor import OrganisationKind, Role

ROLES_BY_KIND: dict[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.REQUESTING_AUTHORITY: frozenset({Role.CONSULAR_OFFICER}),
    OrganisationKind.MISSION: frozenset({Role.CONSULAR_OFFICER}),
    OrganisationKind.MIGRATION_SERVICE: frozenset(
        {Role.CASE_WORKER, Role.SUPERVISOR, Role.ANALYST, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR}
    ),
    OrganisationKind.AGENCY: frozenset({Role.VERIFIER}),
    OrganisationKind.BORDER_SERVICE: frozenset({Role.BORDER_OFFICER}),
    OrganisationKind.REINTEGRATION_PARTNER: frozenset({Role.REINTEGRATION_PARTNER}),
    OrganisationKind.STATISTICS: frozenset({Role.ANALYST}),
}

KINDS_WITH_STATES = frozenset({OrganisationKind.REQUESTING_AUTHORITY, OrganisationKind.MISSION})
