"""What a proposal rests on: references to the records of the case that carry it, kept with the decision.

A reference is written `kind:identifier`. Whether the record is there and of this case is for the case file to check,
which knows every domain; here a reference is kept and read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from ercms.extensions import db
from ercms.verification import queries
from ercms.verification.enums import CarrierKind
from ercms.verification.models import DecisionReference

NOT_OF_THIS_CASE = msg("Choose among what is on record in this case.")


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A record that carries a proposal."""

    kind: CarrierKind
    record_id: str

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.record_id}"


def read(texts: Iterable[str]) -> tuple[Reference, ...]:
    """Return references as they were written, each once.

    Raises:
        InvalidInput: `unknown_carrier`, one is none.
    """
    found = []
    for text in texts:
        kind, _, record_id = text.partition(":")
        if kind not in set(CarrierKind) or not record_id:
            raise unknown()
        found.append(Reference(CarrierKind(kind), record_id))
    return tuple(dict.fromkeys(found))


def unknown() -> InvalidInput:
    """Return the refusal of a reference to what is no record of the case."""
    return InvalidInput("unknown_carrier", fields={"rests_on": [NOT_OF_THIS_CASE]})


def keep(*, decision_id: str, references: Iterable[Reference]) -> None:
    """Write down what a proposal rests on; it is never changed afterwards."""
    db.session.add_all(
        DecisionReference(decision_id=decision_id, kind=one.kind, record_id=one.record_id) for one in references
    )
    db.session.flush()


def of_decisions(decision_ids: Sequence[str]) -> dict[str, tuple[Reference, ...]]:
    """Return what each of these decisions rests on."""
    found: dict[str, list[Reference]] = {}
    for row in queries.list_references(decision_ids) if decision_ids else ():
        found.setdefault(row.decision_id, []).append(Reference(row.kind, row.record_id))
    return {decision_id: tuple(sorted(references)) for decision_id, references in found.items()}
