"""Named reads of identity providers, their subjects, and sign-ins begun there."""

from collections.abc import Sequence

from sqlalchemy import func, select

from ercms.core.errors import NotFound
from ercms.extensions import db
from ercms.providers.models import IdentityProvider, ProviderStep, ProviderSubject


def list_providers(*, enabled_only: bool = False) -> Sequence[IdentityProvider]:
    """Return the providers of all organisations."""
    query = select(IdentityProvider).order_by(IdentityProvider.created_at)
    return db.session.scalars(query.where(IdentityProvider.is_enabled) if enabled_only else query).all()


def find_provider(provider_id: str) -> IdentityProvider | None:
    """Return a provider, if there is one of this identifier."""
    return db.session.get(IdentityProvider, provider_id)


def get_provider(provider_id: str) -> IdentityProvider:
    """Return a provider.

    Raises:
        NotFound: there is none of this identifier.
    """
    found = find_provider(provider_id)
    if found is None:
        raise NotFound
    return found


def find_step(state_hash: str) -> ProviderStep | None:
    """Return the sign-in that was begun with this state."""
    return db.session.get(ProviderStep, state_hash)


def find_subject(provider_id: str, subject: str) -> ProviderSubject | None:
    """Return what is known of a provider's subject."""
    return db.session.scalar(
        select(ProviderSubject).where(ProviderSubject.provider_id == provider_id, ProviderSubject.subject == subject)
    )


def find_link(provider_id: str, user_id: str) -> ProviderSubject | None:
    """Return the subject by which a user is known at a provider."""
    return db.session.scalar(
        select(ProviderSubject).where(ProviderSubject.provider_id == provider_id, ProviderSubject.user_id == user_id)
    )


def list_subjects(provider_id: str) -> Sequence[ProviderSubject]:
    """Return the subjects of a provider, latest seen first."""
    query = select(ProviderSubject).where(ProviderSubject.provider_id == provider_id)
    return db.session.scalars(query.order_by(ProviderSubject.seen_at.desc(), ProviderSubject.id)).all()


def count_waiting(provider_id: str) -> int:
    """Count the subjects of a provider that nobody has linked."""
    query = select(func.count()).where(ProviderSubject.provider_id == provider_id, ProviderSubject.user_id.is_(None))
    return db.session.scalar(query) or 0


def count_links() -> dict[str, int]:
    """Return how many accounts are linked at each provider."""
    query = select(ProviderSubject.provider_id, func.count()).where(ProviderSubject.user_id.is_not(None))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(ProviderSubject.provider_id))}
