"""Identity providers and the links of their subjects to accounts, as administrators keep them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.accounts import session_service
from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from ercms.core.outbound import is_allowed
from ercms.core.text import msg
from ercms.extensions import db
from ercms.providers import queries
from ercms.providers.enums import SecondStep
from ercms.providers.models import IdentityProvider, ProviderStep, ProviderSubject
from ercms.providers.runtime import runtime
from ercms.providers.sign_in_service import SECRET_USE, mark_of, return_address
from ercms.vault import sealed_secrets

ISSUER_NOT_ALLOWED = msg(
    "This issuer is not called: it must begin with https, and its host must be listed in the settings of the machine."
)
SECRET_NEEDED = msg("A new provider, or another issuer or client, needs its secret.")
VALUES_NEEDED = msg("Name at least one value by which the provider says that two factors were shown.")
HAS_ONE = msg("This organisation has a provider already.")
NOT_ITS_USER = msg("This is no active user of the provider's organisation.")
LINKED_ALREADY = msg("This user is linked to another subject already.")


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A provider, as an administrator sees it; the secret is never shown."""

    id: str
    organisation_id: str
    organisation: str
    issuer: str
    client_id: str
    second_step: SecondStep
    second_values: str
    is_enabled: bool
    return_address: str
    links: int
    version: int


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject that a provider vouched for; without a user it waits for its link."""

    id: str
    mark: str
    subject: str
    seen_at: datetime
    user: UserSummary | None
    linked_by: str
    linked_at: datetime | None


def list_providers(*, actor: Actor) -> tuple[ProviderLine, ...]:
    """Return the providers of all organisations, by the name of the organisation."""
    policy.check(actor, Permission.PROVIDER_MANAGE)
    rows, links = queries.list_providers(), queries.count_links()
    names = accounts.organisation_names(row.organisation_id for row in rows) if rows else {}
    lines = [_line(row, names[row.organisation_id], links.get(row.id, 0)) for row in rows]
    return tuple(sorted(lines, key=lambda line: line.organisation))


def get_provider(*, actor: Actor, provider_id: str) -> ProviderLine:
    """Return one provider.

    Raises:
        NotFound: there is none of this identifier.
    """
    policy.check(actor, Permission.PROVIDER_MANAGE)
    row = queries.get_provider(provider_id)
    name = accounts.get_organisation(row.organisation_id).name
    return _line(row, name, queries.count_links().get(row.id, 0))


def list_subjects(*, actor: Actor, provider_id: str) -> tuple[SubjectLine, ...]:
    """Return the subjects of a provider: those that wait, and those that are linked."""
    policy.check(actor, Permission.PROVIDER_MANAGE)
    rows = queries.list_subjects(provider_id)
    ids = {one for row in rows for one in (row.user_id, row.linked_by_id) if one}
    users = {user.id: user for user in accounts.users_of(ids)} if ids else {}
    return tuple(
        SubjectLine(
            id=row.id,
            mark=mark_of(provider_id, row.subject),
            subject=row.subject,
            seen_at=row.seen_at,
            user=users.get(row.user_id or ""),
            linked_by=users[row.linked_by_id].display_name if row.linked_by_id else "",
            linked_at=row.linked_at,
        )
        for row in rows
    )


def create(*, actor: Actor, values: Mapping[str, Any]) -> str:
    """Enter the provider of an organisation; return its identifier.

    Raises:
        InvalidInput: the organisation has one, or none of this identifier exists, or a value does not fit.
    """
    policy.check(actor, Permission.PROVIDER_MANAGE)
    organisation = accounts.get_organisation(values["organisation_id"])
    if any(row.organisation_id == organisation.id for row in queries.list_providers()):
        raise InvalidInput(fields={"organisation_id": [HAS_ONE]})
    _check(values)
    if not values.get("client_secret"):
        raise InvalidInput(fields={"client_secret": [SECRET_NEEDED]})
    row = IdentityProvider(
        id=new_id(),
        organisation_id=organisation.id,
        secret_id=sealed_secrets.seal(use=SECRET_USE, secret=values["client_secret"].encode()),
        created_at=clock.now(),
        **_changeable(values),
    )
    db.session.add(row)
    db.session.flush()
    _record(actor, AuditAction.PROVIDER_CHANGED, row, active=row.is_enabled)
    return row.id


def change(*, actor: Actor, provider_id: str, values: Mapping[str, Any]) -> None:
    """Change a provider; a secret that is left out stays.

    With another issuer its subjects are other people: the links end, and what was begun there is over.

    Raises:
        Conflict: somebody else has changed it since.
        InvalidInput: a value does not fit.
    """
    policy.check(actor, Permission.PROVIDER_MANAGE)
    row = queries.get_provider(provider_id)
    if row.version != values["version"]:
        raise Conflict("stale_version")
    _check(values)
    is_another = row.issuer != values["issuer"] or row.client_id != values["client_id"]
    if is_another and not values.get("client_secret"):
        raise InvalidInput(fields={"client_secret": [SECRET_NEEDED]})
    if row.issuer != values["issuer"]:
        db.session.execute(delete(ProviderSubject).where(ProviderSubject.provider_id == row.id))
    former = row.secret_id
    if values.get("client_secret"):
        row.secret_id = sealed_secrets.seal(use=SECRET_USE, secret=values["client_secret"].encode())
    changed = sorted(name for name, value in _changeable(values).items() if getattr(row, name) != value)
    for name, value in _changeable(values).items():
        setattr(row, name, value)
    db.session.flush()
    if row.secret_id != former:
        sealed_secrets.forget(secret_id=former)
        changed.append("client_secret")
    db.session.execute(delete(ProviderStep).where(ProviderStep.provider_id == row.id))
    _record(actor, AuditAction.PROVIDER_CHANGED, row, active=row.is_enabled, fields=changed)


def link(*, actor: Actor, provider_id: str, subject_id: str, user_id: str) -> None:
    """Say whose account a subject is; an administrator says it of others, never of oneself.

    Raises:
        InvalidInput: the user is none of the organisation's, or has another subject.
        NotFound: there is no such subject without a link.
        RuleRefused: `provider_link_of_oneself`.
    """
    policy.check(actor, Permission.PROVIDER_MANAGE)
    provider, row = queries.get_provider(provider_id), _subject(provider_id, subject_id)
    if row.user_id is not None:
        raise NotFound
    if user_id == actor.user_id:
        raise RuleRefused("provider_link_of_oneself")
    if user_id not in {user.id for user in list_users(actor=actor, provider_id=provider_id)}:
        raise InvalidInput(fields={"user_id": [NOT_ITS_USER]})
    if queries.find_link(provider_id, user_id) is not None:
        raise InvalidInput(fields={"user_id": [LINKED_ALREADY]})
    db.session.execute(
        update(ProviderSubject)
        .where(ProviderSubject.id == row.id, ProviderSubject.user_id.is_(None))
        .values(user_id=user_id, linked_by_id=actor.user_id, linked_at=clock.now())
    )
    _record(actor, AuditAction.PROVIDER_LINKED, provider, user_id=user_id)


def unlink(*, actor: Actor, provider_id: str, subject_id: str) -> None:
    """End a link: the subject opens no account any more, and the user is signed out everywhere.

    Raises:
        NotFound: there is no such link.
    """
    policy.check(actor, Permission.PROVIDER_MANAGE)
    provider, row = queries.get_provider(provider_id), _subject(provider_id, subject_id)
    if row.user_id is None:
        raise NotFound
    user_id = row.user_id
    db.session.delete(row)
    db.session.flush()
    session_service.end_all_sessions(actor=actor, user_id=user_id)
    _record(actor, AuditAction.PROVIDER_UNLINKED, provider, user_id=user_id)


def list_users(*, actor: Actor, provider_id: str) -> tuple[UserSummary, ...]:
    """Return the active users of a provider's organisation."""
    policy.check(actor, Permission.PROVIDER_MANAGE)
    organisation_id = queries.get_provider(provider_id).organisation_id
    return tuple(accounts.list_officers(organisation_id=organisation_id))


def _check(values: Mapping[str, Any]) -> None:
    if not is_allowed(values["issuer"], runtime().limits):
        raise InvalidInput(fields={"issuer": [ISSUER_NOT_ALLOWED]})
    if values["second_step"] is SecondStep.PROVIDERS and not (values.get("second_values") or "").split():
        raise InvalidInput(fields={"second_values": [VALUES_NEEDED]})


def _changeable(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "issuer": values["issuer"],
        "client_id": values["client_id"],
        "second_step": values["second_step"],
        "second_values": " ".join((values.get("second_values") or "").split()),
        "is_enabled": bool(values.get("is_enabled")),
    }


def _subject(provider_id: str, subject_id: str) -> ProviderSubject:
    row = db.session.get(ProviderSubject, subject_id)
    if row is None or row.provider_id != provider_id:
        raise NotFound
    return row


def _line(row: IdentityProvider, organisation: str, links: int) -> ProviderLine:
    return ProviderLine(
        id=row.id,
        organisation_id=row.organisation_id,
        organisation=organisation,
        issuer=row.issuer,
        client_id=row.client_id,
        second_step=row.second_step,
        second_values=row.second_values,
        is_enabled=row.is_enabled,
        return_address=return_address(row.id),
        links=links,
        version=row.version,
    )


def _record(actor: Actor, action: AuditAction, row: IdentityProvider, **payload: Any) -> None:
    audit.record(
        actor=actor,
        action=action,
        chain=audit.organisation_chain(row.organisation_id),
        record_type="identity_provider",
        record_id=row.id,
        payload={"provider_id": row.id, **payload},
    )
