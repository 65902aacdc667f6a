"""What an agency's program reads of the inquiries that were put to it."""

from marshmallow import Schema, fields

from ercms.verification.enums import InquiryFinding, InquiryPurpose
from workflows.inquiry import InquiryState


class InquiryLine(Schema):
    """An inquiry in the list: no person."""

    id = fields.String(required=True)
    reference = fields.String(required=True)
    purpose = fields.Enum(InquiryPurpose, by_value=fields.String, required=True)
    state = fields.Enum(InquiryState, by_value=fields.String, required=True)
    due_on = fields.Date(required=True, allow_none=True)
    is_overdue = fields.Boolean(required=True)
    sent_at = fields.DateTime(required=True)
    finding = fields.Enum(InquiryFinding, by_value=fields.String, required=True, allow_none=True)


class InquiryListDocument(Schema):
    """The inquiries that wait for an answer, what is due first at the top, and those answered last."""

    waiting = fields.List(fields.Nested(InquiryLine), required=True)
    answered = fields.List(fields.Nested(InquiryLine), required=True)


class NamedField(Schema):
    """One of the person's data that go with an inquiry."""

    name = fields.String(required=True)
    value = fields.Raw(required=True, allow_none=True)


class InquiryDocument(Schema):
    """One inquiry with exactly the fields that it names; the opening is put on record."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    reference = fields.String(required=True)
    purpose = fields.Enum(InquiryPurpose, by_value=fields.String, required=True)
    state = fields.Enum(InquiryState, by_value=fields.String, required=True)
    due_on = fields.Date(required=True, allow_none=True)
    sent_at = fields.DateTime(required=True)
    question = fields.String(required=True, allow_none=True)
    fields_named = fields.List(fields.Nested(NamedField), required=True, data_key="fields")
    finding = fields.Enum(InquiryFinding, by_value=fields.String, required=True, allow_none=True)
    answered_at = fields.DateTime(required=True, allow_none=True)


class InquiryAnswerDocument(Schema):
    """What stands after an act on an inquiry; the same again when the request is repeated."""

    state = fields.String(allow_none=True)
    id = fields.String(
        required=True, attribute="record_id", metadata={"description": "The inquiry, or the file that was given."}
    )
