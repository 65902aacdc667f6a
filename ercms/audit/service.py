"""Write an act into its chain, in the transaction of the act, and read chains back."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, update

from ercms.audit import canonical, queries
from ercms.audit.actions import VIEWS, AuditAction
from ercms.audit.models import AuditChain, AuditEntry
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.extensions import db

SYSTEM_CHAIN = "system"
_CHAIN = re.compile(r"(?:case|org):[0-9A-Za-z_-]{1,64}|system")
_CODE = re.compile(r"[a-z0-9_.:-]{1,80}")
_TEXT_LIMIT = 200
"""A payload value longer than this is a text, and texts do not belong into the audit."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act as it stands on record; sentences are made where it is shown."""

    chain: str
    seq: int
    at: datetime
    actor_id: str
    organisation_id: str | None
    role: str
    channel: str
    address: str | None
    request_id: str | None
    action: AuditAction
    record_type: str
    record_id: str
    compartments: tuple[str, ...]
    purpose: str | None
    result: str
    payload: dict[str, Any]


def case_chain(case_id: str) -> str:
    """Return the chain of a case."""
    return f"case:{case_id}"


def organisation_chain(organisation_id: str | None) -> str:
    """Return the chain of an organisation; without one, that of the system."""
    return SYSTEM_CHAIN if organisation_id is None else f"org:{organisation_id}"


# Built once: every act and every look goes through here, and putting the statements together took a fifth of its time.
_ADD = insert(AuditEntry.__table__)  # type: ignore[arg-type]
_MOVE = (
    update(AuditChain)
    .where(AuditChain.chain == bindparam("of_chain"))
    .values(last_seq=bindparam("to_seq"), last_hash=bindparam("to_hash"))
    .execution_options(synchronize_session=False)
)


def record(
    *,
    actor: Actor,
    action: AuditAction,
    chain: str,
    record_type: str,
    record_id: str,
    payload: Mapping[str, Any] | None = None,
    compartments: Iterable[str] = (),
    purpose: str | None = None,
    result: str = "done",
) -> None:
    """Append one act to a chain, in the present transaction.

    The chain's head is held until the transaction ends: a transaction that writes into several chains takes the
    case's first. `purpose` is a code; a reason in words is sealed elsewhere.

    Raises:
        ValueError: the chain or purpose is none, or the payload has a key that the action does not list, or a value
            that is no code, reference, date or count.
    """
    if not _CHAIN.fullmatch(chain):
        raise ValueError(f"{chain!r} is not the name of an audit chain")
    if purpose is not None and not _CODE.fullmatch(purpose):
        raise ValueError("the purpose of an act is a code, not a text")
    content = _payload_text(action, payload or {})
    last_seq, last_hash = queries.lock_chain(chain, canonical.START)
    fields = (
        chain,
        last_seq + 1,
        instant_text(clock.now()),
        actor.user_id,
        actor.organisation_id,
        str(actor.role),
        actor.channel,
        actor.address,
        actor.request_id,
        action.value,
        record_type,
        record_id,
        ",".join(sorted({str(compartment) for compartment in compartments})),
        purpose,
        result,
        content,
        last_hash,
    )
    own_hash = canonical.entry_hash(fields)
    values = {**dict(zip(canonical.FIELDS, fields, strict=True)), "hash": own_hash}
    db.session.execute(_ADD, values)
    db.session.execute(_MOVE, {"of_chain": chain, "to_seq": last_seq + 1, "to_hash": own_hash})


def record_of_case(
    *,
    actor: Actor,
    action: AuditAction,
    case_id: str,
    payload: Mapping[str, Any] | None = None,
    compartments: Iterable[str] = (),
    purpose: str | None = None,
) -> None:
    """Append an act on a case, or a look at it, to the case's own chain, as `record` does."""
    record(
        actor=actor,
        action=action,
        chain=case_chain(case_id),
        record_type="case",
        record_id=case_id,
        payload=payload,
        compartments=compartments,
        purpose=purpose,
    )


def history(*, chain: str, limit: int | None = None, newest_first: bool = False) -> list[AuditLine]:
    """Return the acts of a chain in their order."""
    entries = queries.list_entries(AuditEntry.chain == chain, limit=limit, newest_first=newest_first)
    return [line_of(entry) for entry in entries]


def views_of(*, record_type: str, record_id: str) -> list[AuditLine]:
    """Return the acts by which somebody came to see a record: the sheet "who saw my file" is made of them."""
    entries = queries.list_entries(
        AuditEntry.record_type == record_type, AuditEntry.record_id == record_id, queries.is_action(VIEWS)
    )
    return [line_of(entry) for entry in entries]


def acts(
    *,
    actor_id: str | None = None,
    actions: Iterable[AuditAction] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[AuditLine]:
    """Return acts across all chains, newest first, for the data protection officer."""
    criteria = _criteria(actor_id, tuple(actions), since, until)
    entries = queries.list_entries(*criteria, newest_first=True, limit=limit, offset=offset)
    return [line_of(entry) for entry in entries]


def count_acts(
    *,
    actor_id: str | None = None,
    actions: Iterable[AuditAction] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Count acts across all chains: for the officer's pages, and for limits against mass reading."""
    return queries.count_entries(*_criteria(actor_id, tuple(actions), since, until))


def _criteria(
    actor_id: str | None, actions: tuple[AuditAction, ...], since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    criteria: list[ColumnElement[bool]] = []
    if actor_id is not None:
        criteria.append(AuditEntry.actor_id == actor_id)
    if actions:
        criteria.append(queries.is_action(actions))
    if since is not None:
        criteria.append(AuditEntry.at >= instant_text(since))
    if until is not None:
        criteria.append(AuditEntry.at < instant_text(until))
    return criteria


def instant_text(instant: datetime) -> str:
    """Return an instant as the audit writes it: UTC, with microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _payload_text(action: AuditAction, payload: Mapping[str, Any]) -> str:
    unknown = set(payload) - action.payload_keys
    if unknown:
        raise ValueError(f"{action.value} may not carry {', '.join(sorted(unknown))}")
    return canonical.statement_text({key: _plain(key, value) for key, value in payload.items()})


def _plain(key: str, value: Any) -> Any:
    """Return a payload value as JSON has it; refuse what could hold a text or a nested document."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        if len(value) > _TEXT_LIMIT:
            raise ValueError(f"the audit payload {key} is a text, not a code")
        return str(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple | set | frozenset):
        items = [_plain(key, item) for item in value]
        return sorted(items) if isinstance(value, set | frozenset) else items
    raise ValueError(f"the audit payload {key} is no code, reference, date or count")


def line_of(entry: AuditEntry) -> AuditLine:
    """Return an entry as it is shown."""
    return AuditLine(
        chain=entry.chain,
        seq=entry.seq,
        at=datetime.fromisoformat(entry.at),
        actor_id=entry.actor_id,
        organisation_id=entry.organisation_id,
        role=entry.role,
        channel=entry.channel,
        address=entry.address,
        request_id=entry.request_id,
        action=AuditAction(entry.action),
        record_type=entry.record_type,
        record_id=entry.record_id,
        compartments=tuple(filter(None, entry.compartments.split(","))),
        purpose=entry.purpose,
        result=entry.result,
        payload=json.loads(entry.payload),
    )
