"""What goes out of the interface about evidence and files."""

from marshmallow import Schema, fields

from ercms.evidence.enums import Scan
from workflows.evidence import EvidenceReason, MissingEvidence, Presumption
from workflows.terms import Confidence, EvidencePurpose, ProofClass

_OF_THE_CHECK = "What a check found is for those who check; for everybody else it is empty."


class FileDocument(Schema):
    """A stored file."""

    id = fields.String(required=True)
    role = fields.String(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of the copy that is kept."})
    pages = fields.Integer(required=True, allow_none=True)
    scan = fields.Enum(
        Scan,
        by_value=True,
        required=True,
        metadata={"description": "What the malware scanner said; a waiting or infected file cannot be read."},
    )
    translations = fields.List(fields.Nested(lambda: TranslationDocument()), required=True)


class TranslationDocument(Schema):
    """A translation of a stored file."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    pages = fields.Integer(required=True, allow_none=True)
    translation_language = fields.String(required=True)
    translator = fields.String(required=True, allow_none=True)
    is_certified = fields.Boolean(required=True)


class EvidenceDocument(Schema):
    """One means of evidence with what it is worth under the agreement."""

    id = fields.String(required=True)
    person_id = fields.String(required=True)
    code = fields.String(required=True)
    label = fields.String(required=True)
    purpose = fields.Enum(EvidencePurpose, by_value=fields.String, required=True)
    weight = fields.Enum(ProofClass, by_value=fields.String, required=True)
    weight_reason = fields.Enum(EvidenceReason, by_value=fields.String, required=True)
    weight_confidence = fields.Enum(Confidence, by_value=fields.String, required=True)
    presumption = fields.Enum(Presumption, by_value=fields.String, required=True)
    annex = fields.String(required=True)
    details = fields.Dict(required=True)
    is_false = fields.Boolean(required=True)
    is_rebutted = fields.Boolean(required=True)
    rebuttal = fields.String(required=True, allow_none=True, metadata={"description": _OF_THE_CHECK})
    check_note = fields.String(required=True, allow_none=True, metadata={"description": _OF_THE_CHECK})
    checked_by = fields.String(required=True, metadata={"description": _OF_THE_CHECK})
    checked_at = fields.DateTime(required=True, allow_none=True, metadata={"description": _OF_THE_CHECK})
    files = fields.List(fields.Nested(FileDocument), required=True)


class MissingDocument(Schema):
    """What a request still lacks: a warning, never a wall."""

    purpose = fields.Enum(EvidencePurpose, by_value=fields.String, required=True)
    code = fields.Enum(MissingEvidence, by_value=fields.String, required=True)
    text = fields.String(required=True)


class CaseEvidenceDocument(Schema):
    """The evidence and files of a case that the caller may see, and what is still missing."""

    reference = fields.String(required=True)
    version = fields.Integer(required=True)
    agreement = fields.String(required=True, allow_none=True)
    is_listed = fields.Boolean(
        required=True,
        metadata={"description": "False where the agreement's list of evidence is not known: a person weighs it."},
    )
    items = fields.List(fields.Nested(EvidenceDocument), required=True)
    missing = fields.List(fields.Nested(MissingDocument), required=True)
    files = fields.List(fields.Nested(FileDocument), required=True)
