"""Named reads of connections and exchanges."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from ercms.extensions import db
from ercms.registries.enums import ExchangeState
from ercms.registries.models import RegistryConnection, RegistryExchange

OPEN = (ExchangeState.WAITING, ExchangeState.ACCEPTED)


def find_connection(agency_id: str) -> RegistryConnection | None:
    """Return the connection to an agency's register."""
    return db.session.get(RegistryConnection, agency_id)


def list_connections() -> Sequence[RegistryConnection]:
    """Return every connection."""
    return db.session.scalars(select(RegistryConnection).order_by(RegistryConnection.agency_id)).all()


def find_exchange(inquiry_id: str) -> RegistryExchange | None:
    """Return what became of an inquiry at the register, as it stands now."""
    return db.session.get(RegistryExchange, inquiry_id, populate_existing=True)


def list_exchanges(inquiry_ids: Iterable[str]) -> Sequence[RegistryExchange]:
    """Return the exchanges of several inquiries."""
    statement = select(RegistryExchange).where(RegistryExchange.inquiry_id.in_(list(inquiry_ids)))
    return db.session.scalars(statement).all()


def list_open_exchanges(agency_id: str) -> Sequence[RegistryExchange]:
    """Return the exchanges with an agency's register that are not over."""
    statement = select(RegistryExchange).where(
        RegistryExchange.agency_id == agency_id, RegistryExchange.state.in_(OPEN)
    )
    return db.session.scalars(statement.order_by(RegistryExchange.inquiry_id)).all()


def count_open() -> dict[str, int]:
    """Return how many exchanges are not over, by agency."""
    statement = select(RegistryExchange.agency_id, func.count()).where(RegistryExchange.state.in_(OPEN))
    rows = db.session.execute(statement.group_by(RegistryExchange.agency_id)).all()
    return {row[0]: row[1] for row in rows}
