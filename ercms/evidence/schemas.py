"""What comes in about evidence and its files."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from ercms.core import fields
from ercms.core.text import msg
from ercms.evidence.enums import AsylumAnswer, FileRole, HoldOutcome
from workflows.terms import EvidencePurpose

REBUTTED_BY = msg("A presumption is rebutted by something: name the document, the answer or the finding.")
NOT_REBUTTED = msg("Mark above that the presumption is rebutted, or leave this empty.")
IN_ORDER = msg("The document expires before it was issued.")


class AddEvidenceRequest(fields.FormSchema):
    """One means of evidence: what it is, whose, and what stands on it (the joint form, part E)."""

    code = fields.Line(longest=60, required=True, label=msg("What it is"))
    purpose = fields.Choice(EvidencePurpose, required=True, label=msg("What it shows"))
    person_id = fields.Line(longest=32, label=msg("Whose it is"))
    number = fields.Line(longest=60, label=msg("Number"))
    issue_place = fields.Line(label=msg("Place of issue"))
    issued_on = fields.Day(label=msg("Date of issue"))
    authority = fields.Line(label=msg("Issuing authority"))
    expires_on = fields.Day(label=msg("Date of expiry"))
    note = fields.Prose(longest=1000, label=msg("What else is to be said about it"))
    is_false = fields.YesNo(
        label=msg("This document is false or falsified"),
        hint=msg("A false document is never evidence; name it so that it is not looked for again."),
    )

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        issued_on, expires_on = data.get("issued_on"), data.get("expires_on")
        if issued_on and expires_on and expires_on < issued_on:
            raise ValidationError({"expires_on": [IN_ORDER]})


class CheckEvidenceRequest(fields.FormSchema):
    """What a check of one item found."""

    is_false = fields.YesNo(label=msg("The document is false or falsified"))
    is_rebutted = fields.YesNo(
        label=msg("What it presumes is rebutted"), hint=msg("Name below what shows the contrary.")
    )
    rebuttal = fields.Prose(longest=1000, label=msg("What shows the contrary"))
    note = fields.Prose(longest=2000, label=msg("What was checked, and what it showed"), required=True)

    @validates_schema
    def _rebutted_by_something(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("is_rebutted") and not data.get("rebuttal"):
            raise ValidationError({"rebuttal": [REBUTTED_BY]})
        if data.get("rebuttal") and not data.get("is_rebutted"):
            raise ValidationError({"rebuttal": [NOT_REBUTTED]})


class FirewallAnswers(fields.FormSchema):
    """What is said of a file before it leaves the requesting side."""

    asylum = fields.Choice(
        AsylumAnswer, label=msg("Does this document come from an asylum procedure, or does it mention one?")
    )
    is_objected = fields.YesNo(label=msg("The person objects to this document being passed on"))
    objection = fields.Prose(longest=1000, label=msg("What the person said, or what is doubtful"))
    officer_id = fields.Line(longest=32, label=msg("Officer who decides"))


class UploadRequest(FirewallAnswers):
    """What a file is to its case; the file itself comes beside it."""

    role = fields.Choice(FileRole, label=msg("What the file is"), load_default=FileRole.SUPPORTING)
    evidence_id = fields.Line(longest=32, label=msg("To which evidence it belongs"))
    person_id = fields.Line(longest=32, label=msg("Whom it concerns"))
    replaces_id = fields.Line(longest=32)
    change_note = fields.Prose(longest=1000, label=msg("Why the document is replaced"))
    translation_of_id = fields.Line(longest=32)
    translation_language = fields.Line(longest=40, label=msg("Language of the translation"))
    translator = fields.Line(label=msg("Translator"))
    is_certified = fields.YesNo(label=msg("The translation is certified"))

    @validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("replaces_id") and not data.get("change_note"):
            raise ValidationError({"change_note": [fields.NEEDED]})
        if data.get("translation_of_id") and not data.get("translation_language"):
            raise ValidationError({"translation_language": [fields.NEEDED]})
        if data.get("replaces_id") and data.get("translation_of_id"):
            raise ValidationError({"replaces_id": [fields.NOT_VALID]})


class SetAsideRequest(fields.FormSchema):
    """Why a received document is doubtful."""

    words = fields.Prose(longest=1000, required=True, label=msg("What is doubtful, in words that repeat nothing of it"))


class DecideHoldRequest(fields.FormSchema):
    """What the named officer decides about a document that is set aside."""

    outcome = fields.Choice(HoldOutcome, required=True, label=msg("Decision"))
    words = fields.Prose(longest=1000, required=True, label=msg("Why"))


class LookRequest(fields.FormSchema):
    """Which page of a document, how large, turned how."""

    page = fields.WholeNumber(least=1, most=400, load_default=1)
    zoom = fields.WholeNumber(least=20, most=300, load_default=100)
    turn = fields.WholeNumber(least=0, most=270, load_default=0)


class SubmitRequest(fields.FormSchema):
    """Sending a request needs nothing more than the draft; what is new may be said after an earlier refusal."""

    whats_new = fields.Prose(
        longest=2000,
        label=msg("What is new since the refusal"),
        hint=msg(
            "New documents, a new statement, an error that was found. If it is another person, say so. The State"
            " Migration Service reads this."
        ),
    )


class RegisterWithoutApplicationRequest(fields.FormSchema):
    """What replaces an application: a travel document that still runs."""

    document_valid_until = fields.Day(
        required=True,
        label=msg("The travel document is valid until"),
        hint=msg("A return without an application needs a travel document that is still valid."),
    )


class ReceiptText(fields.FormSchema):
    """The text of a receipt, as its holder has it."""

    text = fields.Prose(longest=8000, required=True, label=msg("Text of the receipt"))
