"""What the members of an enum are called on a page. Each domain registers its own, in its `labels.py`."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _l

from ercms.core.actor import OrganisationKind, Role

_REGISTRY: dict[type[Enum], Mapping[Any, Any]] = {}


class LabelMissing(Exception):
    """An enum, or one of its members, has no label."""


def register(kind: type[Enum], labels: Mapping[Any, Any]) -> None:
    """Say what the members of an enum are called.

    Raises:
        LabelMissing: a member has no label.
    """
    missing = [member.name for member in kind if member not in labels]
    if missing:
        raise LabelMissing(f"{kind.__name__} has no label for {', '.join(missing)}")
    _REGISTRY[kind] = labels


def label(member: Enum | None) -> str:
    """Return what a member is called in the language of the page; nothing for nothing.

    Raises:
        LabelMissing: the enum was never registered.
    """
    if member is None:
        return ""
    if type(member) not in _REGISTRY:
        raise LabelMissing(f"{type(member).__name__} has no labels")
    return str(_REGISTRY[type(member)][member])


def options(kind: type[Enum], *, only: Any = None) -> list[tuple[str, str]]:
    """Return (value, label) of the members of an enum, or of those in `only`, in their order, for a choice."""
    return [(str(member.value), label(member)) for member in kind if only is None or member in only]


register(
    Role,
    {
        Role.CONSULAR_OFFICER: _l("Consular officer"),
        Role.CASE_WORKER: _l("Case worker"),
        Role.SUPERVISOR: _l("Supervisor"),
        Role.VERIFIER: _l("Verifier"),
        Role.BORDER_OFFICER: _l("Border officer"),
        Role.REINTEGRATION_PARTNER: _l("Reintegration partner"),
        Role.ANALYST: _l("Analyst"),
        Role.DATA_PROTECTION_OFFICER: _l("Data protection officer"),
        Role.ADMINISTRATOR: _l("Administrator"),
        Role.SYSTEM: _l("System"),
    },
)
register(
    OrganisationKind,
    {
        OrganisationKind.REQUESTING_AUTHORITY: _l("Requesting authority"),
        OrganisationKind.MISSION: _l("Diplomatic mission or consulate"),
        OrganisationKind.MIGRATION_SERVICE: _l("State Migration Service"),
        OrganisationKind.AGENCY: _l("Verifying agency"),
        OrganisationKind.BORDER_SERVICE: _l("State Border Service"),
        OrganisationKind.REINTEGRATION_PARTNER: _l("Reintegration organisation"),
        OrganisationKind.STATISTICS: _l("Body that receives statistics"),
    },
)
