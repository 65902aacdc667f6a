"""What comes in and goes out where texts of the law are compared, checked, proposed and tried."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from ercms.agreements.change_enums import LawTextKind, ProposalState
from ercms.agreements.comparing import Likeness
from ercms.agreements.file_reading import MOST_BYTES
from ercms.core.fields import Country, Day, FormSchema, Line, Prose


class FileText(Prose):
    """The text of a file, to the last blank: its lines are counted, and its fingerprint is that of what was sent."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        super()._deserialize(value, attr, data, **kwargs)
        return str(value).replace("\r\n", "\n")


class CompareQuery(FormSchema):
    """Which two versions are to stand side by side."""

    first = Line(required=True, longest=80)
    second = Line(required=True, longest=80)


class TextBody(FormSchema):
    """A text of the law: a version of an agreement or an implementing protocol, in TOML."""

    text = FileText(required=True, longest=MOST_BYTES)


class NewTextBody(TextBody):
    """A text that is proposed, and the day from which it is to count."""

    effective_on = Day(required=True)


class WhatIfBody(FormSchema):
    """Under what the past requests of a State are to be computed: a version on record, or a draft that is sent."""

    agreement = Line(longest=80, metadata={"description": "A version on record, where no draft is sent."})
    text = FileText(longest=MOST_BYTES, metadata={"description": "A draft, in TOML. It is kept nowhere."})
    state = Country(required=True)
    first_on = Day(required=True)
    last_on = Day(required=True)


class PairDocument(Schema):
    """One thing in both versions; null where one of them does not have it."""

    name = fields.String(required=True)
    likeness = fields.Enum(Likeness, by_value=fields.String, required=True)
    first = fields.Dict(required=True, allow_none=True)
    second = fields.Dict(required=True, allow_none=True)


class ComparisonDocument(Schema):
    """Two versions side by side; a value that is not known is neither equal nor different."""

    first = fields.String(required=True)
    second = fields.String(required=True)
    terms = fields.List(fields.Nested(PairDocument), required=True)
    lists = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(PairDocument)), required=True)
    evidence = fields.List(fields.Nested(PairDocument), required=True)


class FaultDocument(Schema):
    """One fault of a text, with the line on which it stands."""

    line = fields.Integer(required=True)
    path = fields.String(required=True)
    message = fields.String(required=True)
    detail = fields.String(required=True)


class CheckedDocument(Schema):
    """What a text says: its faults, or what it would change."""

    is_good = fields.Boolean(required=True)
    faults = fields.List(fields.Nested(FaultDocument), required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    compared_with = fields.String(required=True, allow_none=True)
    changes = fields.List(fields.Dict(), required=True)


class TextLine(Schema):
    """A text on record, and where it stands."""

    id = fields.String(required=True)
    subject = fields.String(required=True)
    kind = fields.Enum(LawTextKind, by_value=fields.String, required=True)
    state = fields.Enum(ProposalState, by_value=fields.String, required=True)
    effective_on = fields.Date(required=True)
    digest = fields.String(required=True)
    is_withdrawn = fields.Boolean(required=True)
    proposed_at = fields.DateTime(required=True)
    decided_at = fields.DateTime(required=True, allow_none=True)


class TextListDocument(Schema):
    """Every text on record, the newest first."""

    texts = fields.List(fields.Nested(TextLine), required=True)


class TextDocument(TextLine):
    """A text on record as it was sent, with what it changes."""

    text = fields.String(required=True)
    checked = fields.Nested(CheckedDocument, required=True)


class ProposedDocument(Schema):
    """What became of a proposal; the same again when the request is repeated."""

    id = fields.String(required=True, attribute="record_id")
    state = fields.String(required=True)


class MonthDocument(Schema):
    """One month of what would have been."""

    month = fields.String(required=True)
    received = fields.Integer(required=True)
    due_now = fields.Integer(required=True)
    due_then = fields.Integer(required=True)
    late_then = fields.Integer(required=True)


class WhatIfDocument(Schema):
    """What would have been; numbers of requests, and no person."""

    agreement = fields.String(required=True, attribute="agreement_id")
    state = fields.String(required=True)
    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    calendar = fields.String(required=True)
    is_calendar_borrowed = fields.Boolean(required=True)
    reply_term = fields.Dict(required=True)
    silence_term = fields.Dict(required=True)
    cases = fields.Integer(required=True)
    in_time = fields.Integer(required=True)
    late = fields.Integer(required=True)
    unanswered = fields.Integer(required=True)
    running = fields.Integer(required=True)
    without_limit = fields.Integer(required=True)
    withdrawn = fields.Integer(required=True)
    bound = fields.Integer(required=True)
    late_now = fields.Integer(required=True)
    months = fields.List(fields.Nested(MonthDocument), required=True)
