"""The clocks of a case that does not exist: the State, the events and their days as text."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ercms.agreements.calendars import Calendars
from workflows.agreement_files import get_agreement, load_internal
from workflows.deadlines import ClockKind, Deadline, Event, Extension, Moment, Stop, clocks_for
from workflows.terms import CaseKind, Procedure

EU = get_agreement("eu@2014-09-01")
SWITZERLAND = get_agreement("switzerland@2017-04-01")
NORWAY = get_agreement("norway@2015-06-01")
AGREEMENT_OF = {"DE": EU, "FR": EU, "CH": SWITZERLAND, "NO": NORWAY}
CALENDARS = Calendars()
OWN, TCN, STATELESS, TRANSIT = CaseKind
NORMAL, ACCELERATED, NONE = Procedure


def at(text: str) -> Moment:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def clocks(
    state: str,
    events: Mapping[Event, str],
    *,
    kind: CaseKind = OWN,
    procedure: Procedure = NORMAL,
    stops: Sequence[Stop] = (),
    extensions: Sequence[Extension] = (),
    is_outgoing: bool = False,
) -> dict[ClockKind, Deadline]:
    found = clocks_for(
        AGREEMENT_OF.get(state),
        state=state,
        kind=kind,
        procedure=procedure,
        events={event: at(text) for event, text in events.items()},
        calendars=CALENDARS,
        internal=load_internal(),
        stops=stops,
        extensions=extensions,
        is_outgoing=is_outgoing,
    )
    by_kind = {deadline.kind: deadline for deadline in found}
    assert len(by_kind) == len(found)
    return by_kind
