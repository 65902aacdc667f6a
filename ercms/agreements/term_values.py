"""What a term can be, so that a reading is refused before anything is written: pure, from the files alone."""

from dataclasses import dataclass
from functools import cache

from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from workflows.agreement_files import load_agreements
from workflows.clocks import CLOCK_RULES, Event
from workflows.terms import COUNTED_UNITS, Silence, TermValue, Unit

NOT_POSITIVE = msg("A length is a whole number of one or more.")
UNKNOWN_UNIT = msg("There is no such unit.")
UNIT_NEEDED = msg("A number needs a unit.")
UNIT_OF_LIMITS = msg("A limit is counted in calendar days, working days or months.")
BACK_IN_WORKING_DAYS = msg("This length is counted back from the transfer, in working days only.")
NO_UNIT_HERE = msg("Only a number has a unit.")
NOT_OFFERED = msg("This term cannot have this value.")
LONGEST = 5000

_COUNTED_TERMS = frozenset(rule.term for rule in CLOCK_RULES)
COUNTED_BACK_TERMS = frozenset(rule.term for rule in CLOCK_RULES if rule.is_backward)
_START_TERMS = frozenset(rule.start_term for rule in CLOCK_RULES if rule.start_term)
_MEANINGS = (Silence.DEEMED_CONSENT.value, Silence.NONE.value)


@dataclass(frozen=True, slots=True)
class TermShape:
    """What values a term takes: a number of some unit, one of these words, or either."""

    units: tuple[Unit, ...]
    words: tuple[str, ...]

    @property
    def takes_number(self) -> bool:
        """Tell whether the term can be a number."""
        return bool(self.units)


@cache
def shape_of(name: str) -> TermShape:
    """Return what a term can be, by what it is used for and by what any agreement's file says of it."""
    found = [agreement.terms[name] for agreement in load_agreements() if name in agreement.terms]
    if name in _START_TERMS:
        return TermShape((), tuple(event.value for event in Event))
    if name.endswith(".silence"):
        return TermShape((), _MEANINGS)
    values = [term.value for term in found if term.value is not None]
    words = {as_text(value) for value in values if not _is_number(value)}
    if any(isinstance(value, bool) for value in values):
        words = {as_text(True), as_text(False)}
    if name in COUNTED_BACK_TERMS:
        return TermShape((Unit.WORKING_DAYS,), tuple(sorted(words)))
    counted = tuple(unit for unit in Unit if unit in COUNTED_UNITS)
    if name in _COUNTED_TERMS:
        return TermShape(counted, tuple(sorted(words)))
    units = {term.unit for term in found if term.unit is not None}
    if units & COUNTED_UNITS:
        units |= COUNTED_UNITS
    return TermShape(tuple(unit for unit in Unit if unit in units), tuple(sorted(words)))


def as_text(value: TermValue) -> str:
    """Return a value as a form shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, tuple) else str(value or "")


def checked(name: str, text: str, unit: str | None) -> tuple[TermValue, Unit | None]:
    """Return the value and the unit that were typed.

    Raises:
        InvalidInput: the value is none that the term can have, or the unit is unknown, missing or out of place.
    """
    shape = shape_of(name)
    if text.lstrip("-").isdecimal() and shape.takes_number:
        return _length(shape, text, unit)
    if text not in shape.words:
        raise _refused("value", NOT_OFFERED)
    if unit:
        raise _refused("unit", NO_UNIT_HERE)
    if text in (as_text(True), as_text(False)):
        return text == as_text(True), None
    listed = any(isinstance(a.terms[name].value, tuple) for a in load_agreements() if name in a.terms)
    return (tuple(text.split(",")) if listed else text), None


def _length(shape: TermShape, text: str, unit: str | None) -> tuple[TermValue, Unit | None]:
    if not unit:
        raise _refused("unit", UNIT_NEEDED)
    if unit not in {known.value for known in Unit}:
        raise _refused("unit", UNKNOWN_UNIT)
    if Unit(unit) not in shape.units:
        raise _refused("unit", BACK_IN_WORKING_DAYS if shape.units == (Unit.WORKING_DAYS,) else UNIT_OF_LIMITS)
    if not 1 <= int(text) <= LONGEST:
        raise _refused("value", NOT_POSITIVE)
    return int(text), Unit(unit)


def _is_number(value: TermValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput("bad_term", fields={field: [message]})
