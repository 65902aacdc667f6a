"""Which role belongs to which kind of organisation, and how somebody proves who they are."""

from enum import StrEnum

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


class SignInMethod(StrEnum):
    """What a sign-in began with."""

    PASSWORD = "password"  # noqa: S105 - the name of a way in, not a secret
    PASSKEY = "passkey"
    IDENTITY_PROVIDER = "identity_provider"
    DEMONSTRATION = "demonstration"


class SecondFactor(StrEnum):
    """What was shown besides. A passkey with user verification is both factors in one."""

    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"
    IDENTITY_PROVIDER = "identity_provider"
    DEMONSTRATION = "demonstration"
