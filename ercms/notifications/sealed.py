"""Who is told of a sealed case: its named readers, and nobody else in their organisations."""

from collections.abc import Iterable

from ercms.accounts import service as accounts
from ercms.cases import lookup_service
from ercms.core.actor import OrganisationKind, Role
from ercms.notifications.audiences import Recipient

# Whom a notice to the desk of the migration service is for.
_DESK = frozenset({Role.CASE_WORKER, Role.SUPERVISOR})


def among_readers(case_id: str, recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Return who is told instead of these recipients; the same ones where the case is not sealed.

    Where an organisation has no reader among its officers, the supervisors among the readers are told in its place:
    they can name one, and nobody else can.
    """
    meant = tuple(recipients)
    readers = lookup_service.reader_ids(case_id=case_id)
    if readers is None:
        return meant
    people = [one for one in accounts.users_of(readers) if one.is_active]
    services = {one.id for one in accounts.list_organisations(kind=OrganisationKind.MIGRATION_SERVICE)}
    told: list[Recipient] = []
    for recipient in meant:
        found = [
            Recipient(one.organisation_id, one.id)
            for one in people
            if one.organisation_id == recipient.organisation_id
            and recipient.user_id in (None, one.id)
            and (one.organisation_id not in services or one.role in _DESK)
        ]
        told += found or [Recipient(one.organisation_id, one.id) for one in people if one.role is Role.SUPERVISOR]
    return tuple(dict.fromkeys(told))
