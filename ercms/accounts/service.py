"""Keep organisations and users, and tell other domains about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import passwords, queries
from ercms.accounts.enums import KINDS_WITH_STATES, ROLES_BY_KIND
from ercms.accounts.models import Organisation, OrganisationState, User
from ercms.accounts.runtime import runtime
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput
from ercms.core.text import msg
from ercms.extensions import db

NEEDS_STATES = msg("Choose at least one State.")
HAS_NO_STATES = msg("Only a requesting authority or a mission answers for States.")
ROLE_NOT_HERE = msg("This role does not exist in this kind of organisation.")
NAME_TAKEN = msg("There is an organisation of this kind and name already.")
EMAIL_TAKEN = msg("There is a user with this e-mail address already.")
NOT_ONESELF = msg("You cannot disable yourself or change your own role.")


@dataclass(frozen=True, slots=True)
class OrganisationSummary:
    """An organisation, as pages and other domains see it."""

    id: str
    kind: OrganisationKind
    name: str
    short_name: str | None
    states: tuple[str, ...]
    contact_email: str | None
    contact_phone: str | None
    address: str | None
    is_active: bool
    version: int


@dataclass(frozen=True, slots=True)
class UserSummary:
    """A user, as pages and other domains see it."""

    id: str
    email: str
    display_name: str
    role: Role
    organisation_id: str
    organisation_name: str
    locale: str
    is_active: bool
    must_change_password: bool
    password_expires_at: datetime | None
    last_signed_in_at: datetime | None
    version: int


def create_organisation(
    *,
    actor: Actor,
    kind: OrganisationKind,
    name: str,
    short_name: str | None = None,
    states: Iterable[str] = (),
    contact_email: str | None = None,
    contact_phone: str | None = None,
    address: str | None = None,
) -> OrganisationSummary:
    """Add an organisation.

    Raises:
        InvalidInput: the States do not fit the kind, or the name is taken.
    """
    policy.check(actor, Permission.ORGANISATION_MANAGE)
    codes = _states_for(kind, states)
    organisation = Organisation(
        id=new_id(),
        kind=kind,
        name=name,
        short_name=short_name,
        contact_email=contact_email,
        contact_phone=contact_phone,
        address=address,
        is_active=True,
        created_at=clock.now(),
        states=[OrganisationState(state=code) for code in codes],
    )
    db.session.add(organisation)
    _flush({"uq_organisations_kind_name": ("name", NAME_TAKEN)})
    payload = {"organisation_id": organisation.id, "kind": kind, "states": codes}
    _record(actor, AuditAction.ORGANISATION_CREATED, organisation.id, "organisation", organisation.id, payload)
    return summarise_organisation(organisation)


def change_organisation(
    *,
    actor: Actor,
    organisation_id: str,
    version: int,
    name: str,
    short_name: str | None = None,
    states: Iterable[str] = (),
    contact_email: str | None = None,
    contact_phone: str | None = None,
    address: str | None = None,
    is_active: bool = True,
) -> OrganisationSummary:
    """Change what is known of an organisation; its kind never changes.

    Raises:
        InvalidInput: the States do not fit the kind, or the name is taken.
        Conflict: `stale_version`.
    """
    policy.check(actor, Permission.ORGANISATION_MANAGE)
    organisation = queries.get_organisation(organisation_id)
    _check_version(organisation.version, version)
    wanted = set(_states_for(organisation.kind, states))
    kept = [row for row in organisation.states if row.state in wanted]
    added = wanted - {row.state for row in kept}
    organisation.states = [*kept, *(OrganisationState(state=code) for code in sorted(added))]
    organisation.name = name
    organisation.short_name = short_name
    organisation.contact_email = contact_email
    organisation.contact_phone = contact_phone
    organisation.address = address
    organisation.is_active = is_active
    _flush({"uq_organisations_kind_name": ("name", NAME_TAKEN)})
    payload = {"organisation_id": organisation.id, "states": sorted(wanted), "active": is_active}
    _record(actor, AuditAction.ORGANISATION_CHANGED, organisation.id, "organisation", organisation.id, payload)
    return summarise_organisation(organisation)


def create_user(
    *,
    actor: Actor,
    email: str,
    display_name: str,
    role: Role,
    organisation_id: str,
    locale: str,
    password: str | None = None,
) -> tuple[UserSummary, str]:
    """Add a user; return it with its password, which is shown once.

    Without `password` a one-time password is made, which must be changed at the first sign-in.

    Raises:
        InvalidInput: the role does not exist in this kind of organisation, or the address is taken.
    """
    policy.check(actor, Permission.USER_MANAGE)
    organisation = queries.get_organisation(organisation_id)
    _check_role(organisation.kind, role)
    chosen = password or passwords.one_time_password()
    user = User(
        id=new_id(),
        email=email.strip().lower(),
        display_name=display_name,
        role=role,
        organisation=organisation,
        locale=locale,
        is_active=True,
        password_hash=passwords.hash_password(chosen),
        must_change_password=password is None,
        password_expires_at=_expiry() if password is None else None,
        session_epoch=0,
        created_at=clock.now(),
    )
    db.session.add(user)
    _flush({"uq_users_email": ("email", EMAIL_TAKEN)})
    payload = {"user_id": user.id, "role": role, "organisation_id": organisation.id}
    _record(actor, AuditAction.USER_CREATED, organisation.id, "user", user.id, payload)
    return summarise_user(user), chosen


def change_user(
    *, actor: Actor, user_id: str, version: int, display_name: str, role: Role, locale: str, is_active: bool
) -> UserSummary:
    """Change a user; one who is disabled or gets another role is signed out everywhere.

    Raises:
        InvalidInput: the role does not fit, or one would disable oneself.
        Conflict: `stale_version`.
    """
    policy.check(actor, Permission.USER_MANAGE)
    user = queries.get_user(user_id)
    _check_version(user.version, version)
    _check_role(user.organisation.kind, role)
    if user.id == actor.user_id and (not is_active or role is not user.role):
        raise InvalidInput(fields={"is_active" if not is_active else "role": [NOT_ONESELF]})
    if role is not user.role or not is_active:
        user.session_epoch += 1
    user.display_name, user.role, user.locale, user.is_active = display_name, role, locale, is_active
    _flush({})
    payload = {"user_id": user.id, "role": role, "active": is_active}
    _record(actor, AuditAction.USER_CHANGED, user.organisation_id, "user", user.id, payload)
    return summarise_user(user)


def reset_password(*, actor: Actor, user_id: str) -> str:
    """Give a user a new one-time password, shown once, and end all sessions of the user."""
    policy.check(actor, Permission.USER_MANAGE)
    user = queries.get_user(user_id)
    password = passwords.one_time_password()
    user.password_hash = passwords.hash_password(password)
    user.must_change_password, user.password_expires_at = True, _expiry()
    user.session_epoch += 1
    _flush({})
    _record(actor, AuditAction.PASSWORD_CHANGED, user.organisation_id, "user", user.id, {"how": "reset"})
    return password


def get_actor(
    user_id: str, *, channel: str = "web", address: str | None = None, request_id: str | None = None
) -> Actor:
    """Return the actor that a user is: for commands and jobs on somebody's behalf, and while somebody signs in."""
    return actor_of(queries.get_user(user_id), channel=channel, address=address, request_id=request_id)


def actor_of(user: User, *, channel: str = "web", address: str | None = None, request_id: str | None = None) -> Actor:
    """Turn a user of this domain into the actor that services receive."""
    return Actor(
        user_id=user.id,
        role=user.role,
        organisation_id=user.organisation_id,
        organisation_kind=user.organisation.kind,
        states=frozenset(row.state for row in user.organisation.states),
        channel=channel,
        address=address,
        request_id=request_id,
    )


def get_organisation(organisation_id: str) -> OrganisationSummary:
    """Return an organisation."""
    return summarise_organisation(queries.get_organisation(organisation_id))


def list_organisations(kind: OrganisationKind | None = None, *, active_only: bool = True) -> list[OrganisationSummary]:
    """Return the organisations, or those of one kind, by name."""
    return [summarise_organisation(row) for row in queries.list_organisations(kind, active_only=active_only)]


def states_of_organisations(*kinds: OrganisationKind) -> dict[OrganisationKind, dict[str, list[str]]]:
    """Return the active organisations of these kinds, by name, with the States of each; one small read for all."""
    found: dict[OrganisationKind, dict[str, list[str]]] = {kind: {} for kind in kinds}
    for kind, organisation_id, state in queries.list_states_of(kinds):
        found[kind].setdefault(organisation_id, []).extend([] if state is None else [state])
    return found


def posts_of(*roles: Role) -> list[tuple[str, str, Role]]:
    """Return the active users of these roles, by name, as (identifier, organisation, role); one small read for all."""
    return queries.list_posts(roles)


def list_missions(*, state: str) -> list[OrganisationSummary]:
    """Return the missions that answer for a requesting State, by name; `state` is its ISO 3166-1 code."""
    return [mission for mission in list_organisations(kind=OrganisationKind.MISSION) if state in mission.states]


def organisation_names(ids: Iterable[str]) -> dict[str, str]:
    """Return the names of these organisations, by identifier."""
    return queries.organisation_names(ids)


def user_names(ids: Iterable[str]) -> dict[str, str]:
    """Return the display names of these users, by identifier."""
    return queries.user_names(ids)


def get_user(user_id: str) -> UserSummary:
    """Return a user."""
    return summarise_user(queries.get_user(user_id))


def users_of(user_ids: Iterable[str]) -> list[UserSummary]:
    """Return these users, in no order; whoever may no longer sign in is one of them."""
    return [summarise_user(row) for row in queries.list_users_by_id(user_ids)]


def list_officers(
    *, role: Role | None = None, organisation_id: str | None = None, active_only: bool = True
) -> list[UserSummary]:
    """Return the users of a role, of an organisation, or both, by name."""
    rows = queries.list_users(role=role, organisation_id=organisation_id, active_only=active_only)
    return [summarise_user(row) for row in rows]


def summarise_organisation(organisation: Organisation) -> OrganisationSummary:
    """Say of an organisation what others may use."""
    return OrganisationSummary(
        id=organisation.id,
        kind=organisation.kind,
        name=organisation.name,
        short_name=organisation.short_name,
        states=tuple(sorted(row.state for row in organisation.states)),
        contact_email=organisation.contact_email,
        contact_phone=organisation.contact_phone,
        address=organisation.address,
        is_active=organisation.is_active,
        version=organisation.version,
    )


def summarise_user(user: User) -> UserSummary:
    """Say of a user what others may use."""
    return UserSummary(
        id=user.id,
        email=user.email,
        display_name=user.display_name,
        role=user.role,
        organisation_id=user.organisation_id,
        organisation_name=user.organisation.name,
        locale=user.locale,
        is_active=user.is_active,
        must_change_password=user.must_change_password,
        password_expires_at=user.password_expires_at,
        last_signed_in_at=user.last_signed_in_at,
        version=user.version,
    )


def _expiry() -> datetime:
    """Return until when a one-time password made now can be used."""
    return clock.now() + runtime().one_time


def _states_for(kind: OrganisationKind, states: Iterable[str]) -> list[str]:
    codes = sorted({code.strip().upper() for code in states})
    if kind in KINDS_WITH_STATES and not codes:
        raise InvalidInput(fields={"states": [NEEDS_STATES]})
    if kind not in KINDS_WITH_STATES and codes:
        raise InvalidInput(fields={"states": [HAS_NO_STATES]})
    return codes


def _check_role(kind: OrganisationKind, role: Role) -> None:
    if role not in ROLES_BY_KIND[kind]:
        raise InvalidInput(fields={"role": [ROLE_NOT_HERE]})


def _check_version(present: int, expected: int) -> None:
    if present != expected:
        raise Conflict("stale_version")


def _record(
    actor: Actor, action: AuditAction, organisation_id: str, record_type: str, record_id: str, payload: dict[str, Any]
) -> None:
    """Put an act on record in the chain of the organisation that it is about."""
    audit.record(
        actor=actor,
        action=action,
        chain=audit.organisation_chain(organisation_id),
        record_type=record_type,
        record_id=record_id,
        payload=payload,
    )


def _flush(constraints: dict[str, tuple[str, str]]) -> None:
    """Send the changes to the database, and turn a broken constraint that is ours into an error at its field."""
    try:
        db.session.flush()
    except IntegrityError as error:
        text = str(error.orig)
        for name, (field, message) in constraints.items():
            if name in text or _columns_of(name) in text:
                raise InvalidInput(fields={field: [message]}) from error
        raise


def _columns_of(name: str) -> str:
    """Return how SQLite, which does not name unique constraints, names their columns in its message."""
    table, _, columns = name.removeprefix("uq_").partition("_")
    return ", ".join(f"{table}.{column}" for column in columns.split("_"))
