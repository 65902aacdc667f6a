"""The inputs of a page that computes the dates of a case that does not exist."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from ercms.agreements.enums import CaseKind, ClockKind, Event, Procedure, Unit
from ercms.core.fields import NOT_VALID, Choice, Country, Day, FormSchema, Line, WholeNumber
from ercms.core.text import msg

NOT_A_TIME = msg("This is not a time. Write it as hours and minutes, for example 16:05.")
TIME_WITHOUT_DAY = msg("Name the day of this time too.")
ENDS_BEFORE_START = msg("The last day lies before the first.")
NO_EVENT = msg("Name at least one event, such as the receipt of the request.")
NOT_A_LIMIT = msg("A limit is counted in days, working days or months.")
LONGEST_EXTENSION = 1000


def day_name(event: Event) -> str:
    """Return the name of the field with an event's day."""
    return f"{event.value}_on"


def time_name(event: Event) -> str:
    """Return the name of the field with the time of that day."""
    return f"{event.value}_at"


class TimeOfDay(fields.Time):
    """A time of the clock, in the zone that the page names."""

    default_error_messages = {"invalid": NOT_A_TIME, "format": NOT_A_TIME}


class StopRow(FormSchema):
    """A span in which the clocks stand still; without a last day it is still open."""

    from_on = Day(required=True, label=msg("First day of the stop"))
    to_on = Day(label=msg("Last day of the stop"))

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("to_on") and data["to_on"] < data["from_on"]:
            raise ValidationError({"to_on": [ENDS_BEFORE_START]})


class ExtensionRow(FormSchema):
    """A lengthening of one limit."""

    clock = Choice(ClockKind, required=True, label=msg("Limit"))
    length = WholeNumber(least=1, most=LONGEST_EXTENSION, required=True, label=msg("Length"))
    unit = Choice(Unit, required=True, label=msg("Unit"))
    notified_on = Day(required=True, label=msg("Notified on"))

    @validates_schema
    def _counted(self, data: dict[str, Any], **_: Any) -> None:
        if data["unit"] not in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS):
            raise ValidationError({"unit": [NOT_A_LIMIT]})


class _DatesQuery(FormSchema):
    """A case that does not exist: State, kind, procedure, events, stops and extensions."""

    state = Country(required=True, label=msg("Requesting State"))
    kind = Choice(CaseKind, required=True, label=msg("Kind of case"))
    procedure = Choice(Procedure, required=True, label=msg("Procedure"))
    agreement = Line(longest=60, label=msg("Version of the agreement"))
    stops = fields.List(fields.Nested(StopRow), load_default=list, error_messages={"invalid": NOT_VALID})
    extensions = fields.List(fields.Nested(ExtensionRow), load_default=list, error_messages={"invalid": NOT_VALID})

    @validates_schema
    def _complete(self, data: dict[str, Any], **_: Any) -> None:
        wrong = {
            time_name(event): [TIME_WITHOUT_DAY]
            for event in Event
            if time_name(event) in data and day_name(event) not in data
        }
        if not wrong and not any(day_name(event) in data for event in Event):
            wrong = {day_name(Event.RECEIPT): [NO_EVENT]}
        if wrong:
            raise ValidationError(wrong)


DatesQuery = _DatesQuery.from_dict(
    {day_name(event): Day() for event in Event} | {time_name(event): TimeOfDay() for event in Event},
    name="DatesQuery",
)
