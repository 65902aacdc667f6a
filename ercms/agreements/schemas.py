"""The shape of a file of an agreement and of an implementing protocol.

Every term has a source, a value or the confidence `unknown`, and a unit that exists. What hangs together beyond one
entry stands in `file_rules`; what the text of the agreement says, a person has read.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ercms.core.text import msg
from workflows.clocks import Event
from workflows.terms import Agreement, AgreementStatus, Confidence, EvidencePurpose, ProofClass, Side, Unit

MISSING = msg("This is missing.")
WRONG_KIND = msg("This is not written as the file needs it.")
NO_SUCH_WORD = msg("There is no such word here.")
NO_SUCH_KEY = msg("A file does not have this key.")
EMPTY = msg("This is empty, or longer than it can be.")
TOO_MANY = msg("There are more entries than a file can have.")
BAD_NAME = msg("A name is written in small letters, digits and underscores.")
BAD_KEY = msg("A key is written in small letters and underscores, with 24 at most.")
BAD_VERSION = msg("A version is a year, a month or a day: 2026, 2026-01 or 2026-01-31.")
BAD_STATE = msg("A State is named by two capital letters (ISO 3166-1).")
BAD_DAY = msg("A day is written as 2026-01-31, without quotes.")
UNKNOWN_HAS_NO_VALUE = msg("An unknown term has no value.")
VALUE_MISSING = msg("A value is missing; where there is none, the confidence is 'unknown'.")
NOT_POSITIVE = msg("A length is a whole number of one or more.")
TOO_LONG = msg("No limit is so long.")
NUMBER_WITHOUT_UNIT = msg("A number needs a unit.")
NO_SUCH_VALUE = msg("A term is a number, a word, a list of words, or true or false.")
FORCE_WITHOUT_DAY = msg("An entry into force needs its day.")

LONGEST_LENGTH = 5000
_WORD = r"^[a-z][a-z0-9_]{0,59}\Z"
_TERM_NAME = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z"
_KINDS: Any = {
    "required": MISSING,
    "null": MISSING,
    "invalid": WRONG_KIND,
    "type": WRONG_KIND,
    "invalid_utf8": WRONG_KIND,
}
_MOST = validate.Length(max=300, error=TOO_MANY)


def _text(*, longest: int = 2000, needed: bool = False, pattern: str = "", error: str = EMPTY) -> fields.String:
    rules: list[Any] = [validate.Length(min=1 if needed or pattern else 0, max=longest, error=EMPTY)]
    if pattern:
        rules.append(validate.Regexp(pattern, error=error))
    return fields.String(required=needed, validate=rules, error_messages=_KINDS)


def _one_of(kind: Any, *, needed: bool = False, but: Iterable[Any] = (), data_key: str | None = None) -> fields.String:
    words = [member.value for member in kind if member not in but]
    choice = validate.OneOf(words, error=NO_SUCH_WORD)
    return fields.String(required=needed, validate=choice, error_messages=_KINDS, data_key=data_key)


def _words(**options: Any) -> fields.List[str]:
    return fields.List(_text(longest=40, needed=True), validate=_MOST, error_messages=_KINDS, **options)


def _entries(schema: type[Schema], *, needed: bool = False) -> fields.List[Any]:
    length = validate.Length(min=1, max=300, error=EMPTY) if needed else _MOST
    return fields.List(
        fields.Nested(schema, error_messages=_KINDS), required=needed, validate=length, error_messages=_KINDS
    )


def _mapping(values: Any, *, pattern: str = "", needed: bool = False) -> fields.Dict:
    keys = _text(longest=60, pattern=pattern or r"^[A-Za-z0-9_.-]+\Z", error=BAD_NAME)
    return fields.Dict(keys=keys, values=values, required=needed, validate=_MOST, error_messages=_KINDS)


class _InFile(Schema):
    """One table of a file: a key that it does not have is refused."""

    error_messages = {"unknown": NO_SUCH_KEY, "type": WRONG_KIND}


class SourceOfTerm(_InFile):
    """Where a value was read."""

    instrument = _text(longest=200, needed=True)
    article = _text(longest=80)
    reference = _text(longest=60, pattern=r"^[A-Za-z0-9_.-]+\Z", error=BAD_NAME)


def _source() -> fields.Nested:
    return fields.Nested(SourceOfTerm, required=True, error_messages=_KINDS)


class TermInFile(_InFile):
    """One term: a value and a unit, or unknown; always a source and a confidence."""

    value = fields.Raw()
    unit = _one_of(Unit)
    starts_on = fields.List(_one_of(Event), validate=_MOST, error_messages=_KINDS)
    owed_by = _one_of(Side)
    cautious = _one_of(Event)
    confidence = _one_of(Confidence, needed=True)
    source = _source()
    note = _text()

    @validates_schema
    def check_value(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a value without confidence in it, and a number that is negative or has no unit."""
        value, is_unknown = data.get("value"), data.get("confidence") == Confidence.UNKNOWN.value
        if is_unknown and value is not None:
            raise ValidationError(UNKNOWN_HAS_NO_VALUE, "value")
        if not is_unknown and value is None:
            raise ValidationError(VALUE_MISSING, "value")
        if value is not None:
            _check_value(value, has_unit="unit" in data)


def _check_value(value: Any, *, has_unit: bool) -> None:
    words = validate.Regexp(_WORD, error=BAD_NAME)
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        if not has_unit:
            raise ValidationError(NUMBER_WITHOUT_UNIT, "unit")
        if not 1 <= value <= LONGEST_LENGTH:
            raise ValidationError(NOT_POSITIVE if value < 1 else TOO_LONG, "value")
    elif isinstance(value, (str, list)):
        found = value if isinstance(value, list) else [value]
        try:
            for word in found:
                words(word)
        except (ValidationError, TypeError) as error:
            raise ValidationError(BAD_NAME, "value") from error
        if not found or len(found) > 20:
            raise ValidationError(TOO_MANY if found else EMPTY, "value")
    else:
        raise ValidationError(NO_SUCH_VALUE, "value")


class ClauseInFile(_InFile):
    """One entry of a list."""

    code = _text(longest=60, needed=True, pattern=r"^[a-z0-9][a-z0-9_]*\Z", error=BAD_NAME)
    text = _text(needed=True)
    group = _text(longest=80)
    confidence = _one_of(Confidence, needed=True)
    source = _source()
    note = _text()


class EvidenceInFile(_InFile):
    """One kind of document in an annex."""

    code = _text(longest=60, needed=True, pattern=_WORD, error=BAD_NAME)
    label = _text(longest=300, needed=True)
    purpose = _one_of(EvidencePurpose, needed=True)
    proof_class = _one_of(ProofClass, needed=True, but=(ProofClass.NEITHER,), data_key="class")
    annex = _text(longest=20, needed=True)
    confidence = _one_of(Confidence, needed=True)
    source = _source()


class StatusInFile(_InFile):
    """One step in the life of an agreement."""

    status = _one_of(AgreementStatus, needed=True)
    on = fields.Raw(validate=lambda value: _must_be_day(value))
    confidence = _one_of(Confidence, needed=True)
    source = _source()
    note = _text()

    @validates_schema
    def check_day(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse an entry into force without its day: no clock could start."""
        if data.get("status") == AgreementStatus.IN_FORCE.value and "on" not in data:
            raise ValidationError(FORCE_WITHOUT_DAY, "on")


class PartyInFile(_InFile):
    """A State, its zone and its calendar."""

    state = _text(longest=2, needed=True, pattern=r"^[A-Z]{2}\Z", error=BAD_STATE)
    zone = _text(longest=60, needed=True)
    calendar = _text(longest=2, pattern=r"^[A-Z]{2}\Z", error=BAD_STATE)
    subdivision = _text(longest=10, pattern=r"^[A-Za-z0-9]+\Z", error=WRONG_KIND)
    bound = fields.Boolean(truthy={True}, falsy={False}, error_messages=_KINDS)
    authority = _text(longest=200)


class AgreementFile(_InFile):
    """One version of an agreement, whole."""

    key = _text(longest=24, needed=True, pattern=r"^[a-z][a-z_]*\Z", error=BAD_KEY)
    version = _text(longest=10, needed=True, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?\Z", error=BAD_VERSION)
    title = _text(longest=500, needed=True)
    short_title = _text(longest=80, needed=True)
    languages = _words()
    note = _text()
    status = _entries(StatusInFile, needed=True)
    partners = _entries(PartyInFile, needed=True)
    evidence = _entries(EvidenceInFile)
    references = _mapping(_text(longest=400, needed=True))
    terms = _mapping(fields.Nested(TermInFile, error_messages=_KINDS), pattern=_TERM_NAME, needed=True)
    lists = _mapping(_entries(ClauseInFile), pattern=_WORD)


class TermInProtocol(TermInFile):
    """A term for which a protocol speaks. `weaker` says that its source is knowingly less sure than the agreement's."""

    weaker = fields.Boolean(truthy={True}, falsy={False}, error_messages=_KINDS)


class ProtocolHead(_InFile):
    """Which agreement a protocol implements, with which State, and which version this is."""

    agreement = _text(longest=24, needed=True, pattern=r"^[a-z][a-z_]*\Z", error=BAD_KEY)
    state = _text(longest=2, needed=True, pattern=r"^[A-Z]{2}\Z", error=BAD_STATE)
    version = _text(longest=10, needed=True, pattern=r"^\d{4}-\d{2}-\d{2}\Z", error=BAD_VERSION)
    title = _text(longest=300, needed=True)
    note = _text()


class ProtocolFile(_InFile):
    """One version of an implementing protocol, whole: nothing but what it says itself."""

    protocol = fields.Nested(ProtocolHead, required=True, error_messages=_KINDS)
    references = _mapping(_text(longest=400, needed=True))
    terms = _mapping(fields.Nested(TermInProtocol, error_messages=_KINDS), pattern=_TERM_NAME)
    lists = _mapping(_entries(ClauseInFile), pattern=_WORD)
    evidence = _entries(EvidenceInFile)


def _must_be_day(value: Any) -> None:
    if type(value) is not date:
        raise ValidationError(BAD_DAY)


def check_set(agreements: Iterable[Agreement], on: date) -> tuple[str, ...]:
    """Return the States for which two agreements, or two versions from one day on, are in force on a day."""
    seen: dict[str, list[Agreement]] = {}
    clashes: list[str] = []
    for agreement in agreements:
        if agreement.since > on.isoformat() or not agreement.is_in_force(on):
            continue
        for party in agreement.partners:
            if not party.is_bound:
                continue
            others = seen.setdefault(party.state, [])
            clashes += [
                f"{party.state}: {other.id} and {agreement.id} are both in force on {on}"
                for other in others
                if other.key != agreement.key or other.since == agreement.since
            ]
            others.append(agreement)
    return tuple(clashes)
