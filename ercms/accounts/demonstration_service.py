"""The one-click sign-ins of a demonstration: the first user of each role and kind of organisation."""

from dataclasses import dataclass

from ercms.accounts import queries, session_service
from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.accounts.session_service import Begun, Proof
from ercms.core.actor import OrganisationKind, Role
from ercms.core.errors import NotFound

CLICKED = Proof(SignInMethod.DEMONSTRATION, SecondFactor.DEMONSTRATION)
"""One click, in a demonstration, on this machine."""


@dataclass(frozen=True, slots=True)
class DemonstrationSignIn:
    """One button of the sign-in page."""

    user_id: str
    role: Role
    organisation_kind: OrganisationKind
    organisation_name: str
    display_name: str


def list_sign_ins() -> list[DemonstrationSignIn]:
    """Return one user for each role and kind of organisation, in the order of the process."""
    found: dict[tuple[Role, OrganisationKind], DemonstrationSignIn] = {}
    for user in sorted(queries.list_users(active_only=True), key=lambda user: (user.created_at, user.email)):
        key = (user.role, user.organisation.kind)
        if key not in found:
            found[key] = DemonstrationSignIn(
                user_id=user.id,
                role=user.role,
                organisation_kind=user.organisation.kind,
                organisation_name=user.organisation.name,
                display_name=user.display_name,
            )
    roles, kinds = list(Role), list(OrganisationKind)
    return sorted(found.values(), key=lambda one: (roles.index(one.role), kinds.index(one.organisation_kind)))


def sign_in(*, user_id: str, address: str | None, request_id: str | None = None) -> Begun:
    """Begin a session for one of the offered users.

    That this is a demonstration, asked from loopback, is the caller's to check.

    Raises:
        NotFound: the user is not among those offered.
    """
    if user_id not in {one.user_id for one in list_sign_ins()}:
        raise NotFound()
    return session_service.begin(user_id=user_id, proof=CLICKED, address=address, request_id=request_id)
