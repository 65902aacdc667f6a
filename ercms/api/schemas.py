"""What comes in and goes out of the interface. What comes in is made of the sections that the pages use."""

from typing import Any

from marshmallow import INCLUDE, Schema, fields, post_dump, validate

from ercms.cases import schemas as case_schemas
from ercms.cases.enums import StopGround
from ercms.core.fields import NEEDED, NOT_VALID, FormSchema, Line
from ercms.marks.enums import Standing
from ercms.persons.sections import (
    ContactSection,
    DocumentsSection,
    FamilySection,
    HealthSection,
    IdentitySection,
    JourneySection,
    ObservationsSection,
)
from ercms.verification.enums import DecisionOutcome
from workflows.readmission import CaseKind, CaseState, CaseTrigger, Procedure, Proposal, Stage

MOST_MEMBERS = 20
_NESTED: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": NEEDED,
    "null": NEEDED,
    "invalid": NOT_VALID,
    "type": NOT_VALID,
}


class MemberBody(case_schemas.MemberSection, IdentitySection):
    """A spouse or child of the same application."""


class SectionsBody(FormSchema):
    """The sections of a new request, as far as they are known."""

    identity = fields.Nested(IdentitySection, error_messages=_NESTED)
    documents = fields.Nested(DocumentsSection, error_messages=_NESTED)
    contact = fields.Nested(ContactSection, error_messages=_NESTED)
    family = fields.Nested(FamilySection, error_messages=_NESTED)
    health = fields.Nested(HealthSection, error_messages=_NESTED)
    itinerary = fields.Nested(JourneySection, error_messages=_NESTED)
    observations = fields.Nested(ObservationsSection, error_messages=_NESTED)


class NewCaseBody(case_schemas.RequestSection):
    """A new request: its head, and as much more as is known."""

    organisation_id = Line(longest=32, metadata={"description": "The requesting authority, where a mission writes."})
    sections = fields.Nested(SectionsBody, error_messages=_NESTED)
    members = fields.List(
        fields.Nested(MemberBody, error_messages=_NESTED),
        validate=validate.Length(max=MOST_MEMBERS, error=NOT_VALID),
        error_messages=_NESTED,
    )


class ProblemDocument(Schema):
    """A problem of RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "What was wrong, the same in every language."})
    detail = fields.String()
    request_id = fields.String(allow_none=True)
    errors = fields.Dict(metadata={"description": "Messages by field."})

    class Meta:
        """A problem may name further facts: a reference, a version, a state."""

        unknown = INCLUDE


class IncludeQuery(FormSchema):
    """Which sections are to be opened; each opening is put on record."""

    include = Line(
        longest=200,
        metadata={
            "description": "Commas between: identity, documents, contact, family, health, itinerary, observations."
        },
    )


class PersonQuery(FormSchema):
    """Whose section it is; without it the principal's."""

    person_id = Line(longest=32)


class AnswerDocument(Schema):
    """What stands where after an act; the same again when the request is repeated."""

    reference = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in CaseState]))
    id = fields.String(attribute="record_id", metadata={"description": "What was made: a person, evidence, a file."})

    @post_dump
    def _drop_nothing(self, data: dict[str, object], **_: object) -> dict[str, object]:
        return {name: value for name, value in data.items() if value is not None}


class MemberDocument(Schema):
    """A person of an application, with the sections that were asked for."""

    person_id = fields.String(required=True)
    relation = fields.String(required=True)
    is_readable = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "False for an erased person or damaged data; null where nothing was opened."},
    )
    sections = fields.Dict(keys=fields.String(), values=fields.Dict(), required=True)


class CaseDocument(Schema):
    """A case as the caller may see it; no person's data unless asked for."""

    reference = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.Enum(CaseState, by_value=fields.String, required=True)
    stage = fields.Enum(Stage, by_value=fields.String, required=True)
    kind = fields.Enum(CaseKind, by_value=fields.String, required=True)
    procedure = fields.Enum(Procedure, by_value=fields.String, required=True)
    requesting_state = fields.String(required=True)
    requesting_authority = fields.String(required=True)
    own_reference = fields.String(required=True)
    agreement = fields.String(required=True, allow_none=True)
    treaty = fields.Boolean(required=True, metadata={"description": "Whether an agreement in force governs the case."})
    is_suspended = fields.Boolean(required=True)
    is_minor_alone = fields.Boolean(required=True)
    interview_requested = fields.Boolean(required=True)
    next_due_on = fields.Date(required=True, allow_none=True)
    next_due_kind = fields.String(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    changed_at = fields.DateTime(required=True)
    submitted_at = fields.DateTime(required=True, allow_none=True)
    acknowledged_at = fields.DateTime(required=True, allow_none=True)
    decided_at = fields.DateTime(required=True, allow_none=True)
    data_standing = fields.List(
        fields.Enum(Standing, by_value=fields.String),
        required=True,
        metadata={"description": "What stands on the persons' data: use restricted, accuracy contested, corrected."},
    )
    members = fields.List(fields.Nested(MemberDocument), required=True)
    observations = fields.String(metadata={"description": "Part F of the joint form, where it was asked for."})


class CaseLine(Schema):
    """A case in a list."""

    reference = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True, allow_none=True)
    own_reference = fields.String(required=True)
    state = fields.Enum(CaseState, by_value=fields.String, required=True)
    kind = fields.Enum(CaseKind, by_value=fields.String, required=True)
    procedure = fields.Enum(Procedure, by_value=fields.String, required=True)
    requesting_state = fields.String(required=True)
    next_due_on = fields.Date(required=True, allow_none=True)
    next_due_kind = fields.String(required=True, allow_none=True)
    is_suspended = fields.Boolean(required=True)
    changed_at = fields.DateTime(required=True)


class CaseListDocument(Schema):
    """One page of a list, the last changed case first."""

    cases = fields.List(fields.Nested(CaseLine), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True, allow_none=True, metadata={"description": "Null above 1,000."})


class StopDocument(Schema):
    """A dated stop of the clocks."""

    ground = fields.Enum(StopGround, by_value=fields.String, required=True)
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True, allow_none=True)


class DatesDocument(Schema):
    """The due dates of a case with their arithmetic; none where no agreement is in force."""

    reference = fields.String(required=True)
    version = fields.Integer(required=True)
    treaty = fields.Boolean(required=True)
    agreement = fields.String(required=True, allow_none=True)
    silence = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "What it means that the reply limit runs out, as the agreement says it."},
    )
    is_suspended = fields.Boolean(required=True)
    clocks = fields.List(fields.Dict(), required=True)
    stops = fields.List(fields.Nested(StopDocument), required=True)


class ActionDocument(Schema):
    """Something that the caller may do with a case in its present state."""

    trigger = fields.Enum(CaseTrigger, by_value=fields.String, required=True)
    destination = fields.Enum(CaseState, by_value=fields.String, required=True)
    refusal_code = fields.String(required=True, allow_none=True)
    refusal = fields.String(required=True, allow_none=True)
    href = fields.String(required=True)
    schema = fields.Dict(required=True, metadata={"description": "JSON Schema of the content to send."})
    options = fields.Dict(required=True, metadata={"description": "Values offered for this case, by field."})


class ActionsDocument(Schema):
    """Everything that the caller may do with a case now, with what stands against it."""

    reference = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.Enum(CaseState, by_value=fields.String, required=True)
    actions = fields.List(fields.Nested(ActionDocument), required=True)


class MessageDocument(Schema):
    """One message for one reader."""

    id = fields.String(required=True)
    organisation = fields.String(required=True)
    author = fields.String(required=True, allow_none=True)
    is_own = fields.Boolean(required=True)
    is_new = fields.Boolean(required=True)
    body = fields.String(required=True, allow_none=True)
    sent_at = fields.DateTime(required=True)
    read_at = fields.DateTime(required=True, allow_none=True)


class MessagesDocument(Schema):
    """The messages of a case, the oldest first."""

    reference = fields.String(required=True)
    messages = fields.List(fields.Nested(MessageDocument), required=True)


class ReceiptDocument(Schema):
    """The signed statement that a request was received."""

    reference = fields.String(required=True)
    received_at = fields.DateTime(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of everything that was received."})
    statement = fields.String(required=True, metadata={"description": "The text that is signed."})
    key_id = fields.String(required=True)
    signature = fields.String(required=True, metadata={"description": "Ed25519, in hexadecimal digits."})
    public_key = fields.String(required=True, allow_none=True)


class CompletionDocument(Schema):
    """A question of the requested State, and the answer to it."""

    id = fields.String(required=True)
    question = fields.String(required=True, allow_none=True)
    asked_at = fields.DateTime(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = fields.DateTime(required=True, allow_none=True)


class DecisionDocument(Schema):
    """A decision with its ground; officers and notes are nobody's outside."""

    id = fields.String(required=True)
    proposal = fields.Enum(Proposal, by_value=fields.String, required=True)
    outcome = fields.Enum(DecisionOutcome, by_value=fields.String, required=True)
    is_open = fields.Boolean(required=True)
    ground = fields.String(required=True, attribute="ground_text")
    article = fields.String(required=True)
    reasons = fields.String(required=True, allow_none=True)
    decided_at = fields.DateTime(required=True, allow_none=True)


class RepliesDocument(Schema):
    """What the requested State asked and decided."""

    reference = fields.String(required=True)
    completions = fields.List(fields.Nested(CompletionDocument), required=True)
    decisions = fields.List(fields.Nested(DecisionDocument), required=True)


class AgreementLine(Schema):
    """A version of an agreement in the list."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    version = fields.String(required=True)
    status = fields.String(required=True)
    in_force = fields.Boolean(required=True)
    states = fields.List(fields.String(), required=True)
    counts_from = fields.String(required=True)
    protocols = fields.List(fields.Dict(), required=True)


class AgreementFileDocument(Schema):
    """The file of a version as it was filed or imported."""

    id = fields.String(required=True)
    text = fields.String(required=True)


class AgreementListDocument(Schema):
    """Every version of every agreement."""

    agreements = fields.List(fields.Nested(AgreementLine), required=True)


class AgreementDocument(Schema):
    """One version of an agreement, whole."""

    id = fields.String(required=True)
    key = fields.String(required=True)
    version = fields.String(required=True)
    title = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    note = fields.String(required=True)
    status_history = fields.List(fields.Dict(), required=True)
    partners = fields.List(fields.Dict(), required=True)
    terms = fields.List(fields.Dict(), required=True)
    lists = fields.Dict(required=True)
    evidence = fields.List(fields.Dict(), required=True)
    references = fields.Dict(required=True)
