"""How a person's data stand, for whoever shows them or passes them on.

The rule: while the use of a person's data is restricted, they go to nobody new: no inquiry to an agency, no referral
to a partner. What the two authorities hold already is shown with the mark, and the procedure itself goes on, since it
is carried out in the public interest (GDPR art. 18(2) names this among what a restriction leaves open). While a
correction or a restriction waits for its decision, the data are shown as contested and may still be passed on, with
that mark.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.core.errors import RuleRefused
from ercms.extensions import db
from ercms.marks import queries
from ercms.marks.enums import MarkGround, MarkKind, MarkState, Standing
from ercms.marks.models import PersonMark
from ercms.vault import service as vault
from ercms.vault.service import SealedText

get_mark, list_marks_of, list_by_state = queries.get_mark, queries.list_marks_of, queries.list_by_state

VALUE_LABEL = "person_marks.value"

_GRANTED_ONCE = (MarkState.GRANTED, MarkState.LIFTED)


def standings_of(*, person_ids: Iterable[str]) -> tuple[Standing, ...]:
    """Return how the data of these persons stand, taken together, the gravest first."""
    found = {_standing(kind, state) for _, kind, state in queries.list_standing(person_ids)}
    return tuple(standing for standing in Standing if standing in found)


def add(**values: Any) -> PersonMark:
    """Write down that something is asked for; the caller has checked who asks, and puts it on record."""
    mark = PersonMark(**values)
    db.session.add(mark)
    db.session.flush()
    return mark


@dataclass(frozen=True, slots=True)
class Decided:
    """A correction or restriction that was granted, as the authority that sent the data is told of it."""

    person_id: str
    kind: MarkKind
    ground: MarkGround
    field: str | None
    value: str | None
    decided_at: datetime
    lifted_at: datetime | None


def has_decided(*, person_ids: Iterable[str]) -> bool:
    """Tell whether a correction or restriction was ever granted for one of these persons."""
    return any(mark.state in _GRANTED_ONCE for mark in queries.list_marks_of(person_ids))


def decided_on(*, person_ids: Iterable[str]) -> list[Decided]:
    """Return what was granted for these persons, the oldest first, with the values that were put right."""
    marks = [mark for mark in queries.list_marks_of(person_ids) if mark.state in _GRANTED_ONCE]
    with_value = [mark for mark in marks if mark.value_sealed is not None]
    texts = vault.open_texts(
        SealedText(mark.person_id, VALUE_LABEL, mark.id, mark.value_sealed)
        for mark in with_value
        if mark.value_sealed is not None
    )
    values = {mark.id: text for mark, text in zip(with_value, texts, strict=True)}
    return [
        Decided(
            person_id=mark.person_id,
            kind=mark.kind,
            ground=mark.ground,
            field=f"{mark.compartment.value}.{mark.field}" if mark.compartment and mark.field else None,
            value=values.get(mark.id),
            decided_at=mark.decided_at,
            lifted_at=mark.lifted_at,
        )
        for mark in marks
        if mark.decided_at is not None
    ]


def check_disclosure(*, person_ids: Iterable[str]) -> None:
    """Refuse to pass the data of these persons on to somebody new while their use is restricted.

    Raises:
        RuleRefused: `use_restricted`.
    """
    if Standing.RESTRICTED in standings_of(person_ids=person_ids):
        raise RuleRefused("use_restricted")


def _standing(kind: MarkKind, state: MarkState) -> Standing:
    if state is MarkState.PENDING:
        return Standing.CONTESTED
    return Standing.RESTRICTED if kind is MarkKind.RESTRICTION else Standing.CORRECTED
