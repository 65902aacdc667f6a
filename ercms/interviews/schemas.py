"""What comes in about interviews."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from marshmallow import ValidationError, fields, post_load, pre_load, validate, validates_schema

from ercms.core.fields import (
    NEEDED,
    NOT_A_CHOICE,
    NOT_VALID,
    Choice,
    FormSchema,
    Line,
    Prose,
    Version,
    WholeNumber,
    YesNo,
)
from ercms.core.text import msg
from ercms.interviews.enums import InterviewMode, InterviewOutcome

LANGUAGES = frozenset(code for code in map(str, Locale("en").languages) if len(code) in (2, 3) and code.isalpha())
ZONES = frozenset(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
MOST_SLOTS = 6

NOT_A_TIME = msg("This is not a day with a time. Write it as 2026-03-18T14:30.")
NO_SUCH_TIME = msg("The clocks are put forward then: there is no such time at this place.")
TWICE_THAT_TIME = msg("The clocks are put back then: there are two such times at this place. Choose another one.")
HTTPS_ONLY = msg("A link begins with https:// and holds no user name.")
PLACE_OR_LINK = msg("Say where the interview is held.")
LINK_NEEDED = msg("Give the link of the video call.")
TOO_MANY_SLOTS = msg("At most six times are offered.")

# The choices of these fields depend on the case.
_OFFERED = {"widget": "choice"}


class InterviewRequest(FormSchema):
    """What the Service asks a mission."""

    person_id = Line(longest=32, label=msg("Person"), metadata=_OFFERED)
    mission_id = Line(longest=32, required=True, label=msg("Mission"), metadata=_OFFERED)
    language = fields.String(
        validate=validate.OneOf(LANGUAGES, error=NOT_A_CHOICE),
        metadata={"label": msg("Language of the interpreter"), "widget": "choice"},
    )
    question = Prose(
        longest=4000,
        label=msg("What is to be found out"),
        hint=msg("Only the mission reads this. Say nothing that comes from a procedure for protection."),
    )


class LocalMoment(fields.NaiveDateTime):
    """A day with a time as the clock of a place shows it; its zone stands in another field."""

    default_error_messages = {"required": NEEDED, "null": NEEDED, "invalid": NOT_A_TIME, "format": NOT_A_TIME}

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)


class Offer(FormSchema):
    """The place or the link, and the zone of the place: what pages and programs give alike."""

    mode = Choice(InterviewMode, required=True, label=msg("How the interview is held"))
    place = Prose(longest=500, label=msg("Place"), hint=msg("Address and room; where the person reports."))
    link = Line(
        longest=500,
        label=msg("Link of the video call"),
        hint=msg("https only. It is sealed and stands in no notice and no e-mail."),
    )
    zone = fields.String(
        required=True,
        validate=validate.OneOf(ZONES, error=NOT_A_CHOICE),
        error_messages={"required": NEEDED},
        metadata={"label": msg("Time zone of the place"), "widget": "choice"},
    )
    minutes = WholeNumber(least=10, most=480, required=True, label=msg("Length in minutes"))

    @validates_schema
    def _has_place_or_link(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("mode") is InterviewMode.VIDEO and not data.get("link"):
            raise ValidationError(LINK_NEEDED, "link")
        if data.get("mode") is InterviewMode.IN_PERSON and not data.get("place"):
            raise ValidationError(PLACE_OR_LINK, "place")
        if data.get("link") and not _is_safe_link(data["link"]):
            raise ValidationError(HTTPS_ONLY, "link")


class SlotsOffer(Offer):
    """The form of a mission: times as the clock of the place shows them."""

    version = Version()
    starts = fields.List(
        LocalMoment(),
        required=True,
        validate=validate.Length(min=1, max=MOST_SLOTS, error=TOO_MANY_SLOTS),
        error_messages={"required": NEEDED, "invalid": NOT_VALID},
        metadata={"label": msg("Times offered")},
    )

    @pre_load
    def _leave_out_empty_times(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("starts"), list):
            return data
        return {**data, "starts": [start for start in data["starts"] if start not in (None, "")]}

    @post_load
    def _in_universal_time(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        data["starts"] = [_instant(start, data["zone"], index) for index, start in enumerate(data["starts"])]
        return data


class SlotChoice(FormSchema):
    """Which time is agreed on, and that nothing forbids contact with the person's State."""

    version = Version()
    slot_id = Line(longest=32, required=True, label=msg("Time"), metadata=_OFFERED)
    is_contact_allowed = YesNo(
        label=msg("No procedure for international protection is pending that forbids contact with the person's State")
    )


class ReasonGiven(FormSchema):
    """Why an interview falls through, is closed or is called off."""

    version = Version()
    reason = Prose(
        required=True,
        longest=2000,
        label=msg("Reason"),
        hint=msg("Both sides and the mission read this. Say nothing of a procedure for protection."),
    )


class VersionOnly(FormSchema):
    """An act that needs nothing but the will to do it."""

    version = Version()


class Protocol(FormSchema):
    """What an interview showed."""

    version = Version()
    outcome = Choice(InterviewOutcome, required=True, label=msg("Outcome"))
    language_observed = Line(
        longest=300,
        required=True,
        label=msg("Language observed"),
        hint=msg("Which language the person spoke, how well, and in which dialect."),
    )
    shown = Prose(
        longest=4000,
        label=msg("What was shown"),
        hint=msg("Papers, photographs and objects that were put to the person, and what the person showed."),
    )
    present = Line(longest=500, label=msg("Who was present"), hint=msg("By function: interpreter, lawyer, guardian."))
    protocol = Prose(
        required=True,
        longest=20000,
        label=msg("Protocol"),
        hint=msg("Questions and answers. Only the Service and this mission read it."),
    )


def _is_safe_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme == "https" and bool(parts.hostname) and parts.username is None and " " not in link
    except ValueError:
        return False


def _instant(local: datetime, zone: str, index: int) -> datetime:
    """Return the instant at which a clock of the zone shows this time, if it does so exactly once."""
    place = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(place).replace(tzinfo=None) != local:
        raise ValidationError({"starts": {index: [NO_SUCH_TIME]}})
    if first.utcoffset() != second.utcoffset():
        raise ValidationError({"starts": {index: [TWICE_THAT_TIME]}})
    return first.astimezone(UTC)
