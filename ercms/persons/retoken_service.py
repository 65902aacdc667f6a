"""Make records findable by name that were written before names were, or before the way of folding them changed.

The work goes by batches of a transaction each and asks nothing of what went before: a run that was stopped is begun
again, and a person whose tokens stand as they should is not written. Persons of sealed cases are among them, since
their named readers search too; who may see whom is asked when somebody searches.
"""

from dataclasses import dataclass

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core.actor import Actor
from ercms.persons import service as persons
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, TokenKind


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did; `last_id` is where the next begins, None when there was nobody left."""

    read: int
    changed: int
    damaged: int
    last_id: str | None


def retoken_batch(*, actor: Actor, is_all: bool = False, limit: int = 500, after: str = "") -> Batch:
    """Give up to `limit` persons the name tokens that they lack; what changed something is put on record, as a count.

    Only persons without any name token are looked at, or with `is_all` everybody. Whose identity does not verify is
    logged, counted and left.
    """
    without = None if is_all else TokenKind.NAME_KEY
    person_ids = vault.lock_persons(compartment=Compartment.IDENTITY, without=without, after=after, limit=limit)
    opened = vault.open_many(person_ids=person_ids, compartment=Compartment.IDENTITY)
    changed = sum(
        bool(persons.set_name_tokens(person_id=person_id, identity=opened[person_id]))
        for person_id in person_ids
        if person_id in opened
    )
    if changed:
        audit.record(
            actor=actor,
            action=AuditAction.PERSON_NAMES_INDEXED,
            chain=audit.SYSTEM_CHAIN,
            record_type="token",
            record_id=TokenKind.NAME_KEY.value,
            payload={"count": changed},
            compartments=[Compartment.IDENTITY.value],
        )
    last_id = person_ids[-1] if person_ids else None
    return Batch(read=len(person_ids), changed=changed, damaged=len(person_ids) - len(opened), last_id=last_id)
