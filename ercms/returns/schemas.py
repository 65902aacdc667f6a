"""What comes in about a transfer."""

import re
from datetime import time
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from ercms.core import fields
from ercms.core.text import msg
from ercms.returns.enums import TransferFailure, TransferMeans

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class TransferNotice(fields.FormSchema):
    """The written notice of a transfer: date, border crossing point, escorts, other details."""

    transfer_on = fields.Day(required=True, label=msg("Day of the transfer"))
    means = fields.Choice(TransferMeans, required=True, label=msg("Means of transport"))
    crossing_point = fields.Line(
        longest=80, required=True, label=msg("Border crossing point"), hint=msg("Airport, land crossing or port.")
    )
    carrier = fields.Line(longest=120, label=msg("Carrier"))
    flight_number = fields.Line(longest=20, label=msg("Flight or vehicle number"))
    arrival_time = fields.Line(
        longest=5, label=msg("Planned time of arrival"), hint=msg("Local time, for example 14:35")
    )
    escorts = fields.Prose(longest=1000, label=msg("Escorts: number and names"))
    has_medical_escort = fields.YesNo(label=msg("A doctor or nurse travels with the person"))
    notes = fields.Prose(longest=2000, label=msg("Other details"))

    @validates_schema
    def _is_time(self, data: dict[str, Any], **_: Any) -> None:
        _check_time(data, "arrival_time")


class TransferCancellation(fields.FormSchema):
    """The calling off of an announced transfer."""

    reason = fields.Prose(required=True, longest=2000, label=msg("Why the transfer is called off"))


class Arrival(fields.FormSchema):
    """The arrival as the border service saw it."""

    arrived_on = fields.Day(required=True, label=msg("Day of arrival"))
    arrived_at = fields.Line(longest=5, label=msg("Time of arrival"), hint=msg("Local time, for example 14:35"))
    document_id = fields.Line(
        longest=32,
        label=msg("Document on which the person arrived"),
        hint=msg("Leave empty for the document on record."),
        source="travel_documents",
        metadata={"widget": "choice"},
    )
    arrival_note = fields.Prose(longest=2000, label=msg("Note"))

    @validates_schema
    def _is_time(self, data: dict[str, Any], **_: Any) -> None:
        _check_time(data, "arrived_at")

    @post_load
    def _as_time(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "arrived_at": time.fromisoformat(data["arrived_at"])} if "arrived_at" in data else data


class FailureReport(fields.FormSchema):
    """Why an announced transfer did not take place."""

    failure = fields.Choice(TransferFailure, required=True, label=msg("Why the transfer did not take place"))
    note = fields.Prose(required=True, longest=2000, label=msg("What happened"))


def _check_time(data: dict[str, Any], name: str) -> None:
    if data.get(name) and not _TIME.fullmatch(data[name]):
        raise ValidationError({name: [msg("This is not a time. Write it as hours:minutes, for example 14:35.")]})
