"""Named reads of organisations, users and sign-in sessions."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from ercms.accounts.models import Organisation, OrganisationState, SignInSession, User
from ercms.core.actor import OrganisationKind, Role
from ercms.core.errors import NotFound
from ercms.extensions import db


def get_organisation(organisation_id: str) -> Organisation:
    """Return an organisation.

    Raises:
        NotFound: there is none of this identifier.
    """
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound()
    return organisation


def list_organisations(kind: OrganisationKind | None = None, *, active_only: bool = False) -> Sequence[Organisation]:
    """Return organisations by name."""
    query = select(Organisation).order_by(Organisation.kind, Organisation.name)
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    if active_only:
        query = query.where(Organisation.is_active)
    return db.session.scalars(query).all()


def list_states_of(kinds: Collection[OrganisationKind]) -> list[tuple[OrganisationKind, str, str | None]]:
    """Return kind, identifier and a State for each State of active organisations of these kinds, by name."""
    statement = (
        select(Organisation.kind, Organisation.id, OrganisationState.state)
        .outerjoin(OrganisationState, OrganisationState.organisation_id == Organisation.id)
        .where(Organisation.kind.in_(kinds), Organisation.is_active)
        .order_by(Organisation.name, Organisation.id, OrganisationState.state)
    )
    return [(row.kind, row.id, row.state) for row in db.session.execute(statement)]


def list_posts(roles: Collection[Role]) -> list[tuple[str, str, Role]]:
    """Return identifier, organisation and role of the active users of these roles, by name."""
    statement = (
        select(User.id, User.organisation_id, User.role)
        .where(User.role.in_(roles), User.is_active)
        .order_by(User.display_name, User.id)
    )
    return [(row.id, row.organisation_id, row.role) for row in db.session.execute(statement)]


def organisation_names(organisation_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of these organisations, by identifier."""
    ids = set(organisation_ids)
    rows = db.session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {row.id: row.name for row in rows}


def user_names(user_ids: Iterable[str]) -> dict[str, str]:
    """Return the display names of these users, by identifier."""
    rows = db.session.execute(select(User.id, User.display_name).where(User.id.in_(set(user_ids))))
    return {row.id: row.display_name for row in rows}


def get_user(user_id: str) -> User:
    """Return a user.

    Raises:
        NotFound: there is none of this identifier.
    """
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound()
    return user


def find_user_by_email(email: str) -> User | None:
    """Return the user of this address, which is compared in lower case."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def list_users(
    *, role: Role | None = None, organisation_id: str | None = None, active_only: bool = False
) -> Sequence[User]:
    """Return users by name."""
    query = select(User).order_by(User.display_name, User.id)
    if role is not None:
        query = query.where(User.role == role)
    if organisation_id is not None:
        query = query.where(User.organisation_id == organisation_id)
    if active_only:
        query = query.where(User.is_active)
    return db.session.scalars(query).all()


def list_users_by_id(user_ids: Iterable[str]) -> Sequence[User]:
    """Return these users, in no order."""
    return db.session.scalars(select(User).where(User.id.in_(set(user_ids)))).all()


# Every request asks this: it is built once, and answered in one read.
_SESSION = (
    select(SignInSession)
    .where(SignInSession.token_hash == bindparam("token_hash"))
    .options(joinedload(SignInSession.user).joinedload(User.organisation).joinedload(Organisation.states))
)


def find_session(token_hash: str) -> SignInSession | None:
    """Return the sign-in session of this token."""
    return db.session.scalars(_SESSION, {"token_hash": token_hash}).unique().one_or_none()


def list_open_sessions(user_id: str) -> Sequence[SignInSession]:
    """Return the sessions of a user that have not been ended, latest first."""
    query = select(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
    return db.session.scalars(query.order_by(SignInSession.last_seen_at.desc())).all()


def knows_address(user_id: str, address: str) -> bool:
    """Tell whether the user has signed in from this address before."""
    query = select(SignInSession.id).where(SignInSession.user_id == user_id, SignInSession.address == address)
    return db.session.scalar(query.limit(1)) is not None
