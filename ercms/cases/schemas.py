"""What comes in about a case itself."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from ercms.cases.enums import ApprehensionPlace, MemberRelation, OpeningMark, OpeningPurpose, SealGround, StopGround
from ercms.core import fields
from ercms.core.spreadsheets import TableFormat
from ercms.core.text import msg
from workflows.readmission import CaseKind, CaseState, Procedure


class RequestSection(fields.FormSchema):
    """The head of the joint form: whom it concerns, by which procedure, under which reference."""

    kind = fields.Choice(CaseKind, required=True, label=msg("Whom the request concerns"))
    procedure = fields.Choice(Procedure, required=True, label=msg("Procedure"))
    requesting_state = fields.Country(required=True, label=msg("Requesting State"))
    own_reference = fields.Line(longest=60, label=msg("Your reference"))
    interview_requested = fields.YesNo(label=msg("An interview by the mission is requested"))
    is_minor_alone = fields.YesNo(label=msg("The person is a child without a parent or guardian"))
    apprehended_on = fields.Day(label=msg("Day on which the person was apprehended"))
    apprehended_where = fields.Choice(ApprehensionPlace, label=msg("Where the person was apprehended"))
    presence_known_on = fields.Day(
        label=msg("Day on which the authority learned of the unlawful stay"),
        hint=msg("Starts the limit for submitting requests about third-country nationals."),
    )


class MemberSection(fields.FormSchema):
    """A family member of the same application (parts B and C of the joint form)."""

    relation = fields.Choice(MemberRelation, required=True, label=msg("Relation"))


class ReasonRequest(fields.FormSchema):
    """A reason in writing."""

    reason = fields.Prose(required=True, longest=4000, label=msg("Reason"))


class ClosureRequest(fields.FormSchema):
    """The closing of a case; why no referral was wanted is asked for where the process needs it."""

    reason = fields.Prose(
        longest=4000, label=msg("Reason"), hint=msg("Needed when the person arrived and no referral follows.")
    )


class AssignRequest(fields.FormSchema):
    """One or several cases for one officer; nobody named takes them back into the common queue."""

    references = fields.Line(longest=4000, required=True)
    officer_id = fields.Line(longest=32)


class StopRequest(fields.FormSchema):
    """A dated stop of the clocks with its legal ground."""

    ground = fields.Choice(StopGround, required=True, label=msg("Legal ground"))
    from_on = fields.Day(required=True, label=msg("First day of the stop"))
    to_on = fields.Day(label=msg("Last day of the stop"), hint=msg("Leave empty while it goes on."))
    note = fields.Prose(longest=2000, label=msg("Document and note"), required=True)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("to_on") and data.get("from_on") and data["to_on"] < data["from_on"]:
            raise ValidationError({"to_on": [msg("The last day lies before the first.")]})


class StopEndRequest(fields.FormSchema):
    """The end of an open stop."""

    stop_id = fields.Line(longest=32, required=True)
    to_on = fields.Day(required=True, label=msg("Last day of the stop"))


class ExtensionRequest(fields.FormSchema):
    """An extension of one limit, which needs its paper and is never automatic."""

    kind = fields.Line(longest=40, required=True, label=msg("Limit"))
    length = fields.WholeNumber(least=1, most=400, required=True, label=msg("Length"))
    notified_on = fields.Day(required=True, label=msg("Notified on"))
    ground = fields.Prose(longest=2000, required=True, label=msg("Ground and document"))


class QueueFilter(fields.FormSchema):
    """What a list of cases is narrowed to; every part is optional and all hold together."""

    state = fields.Choices(CaseState, label=msg("Status"))
    kind = fields.Choices(CaseKind, label=msg("Kind"))
    requesting_state = fields.Countries(label=msg("Requesting State"))
    assigned = fields.Line(longest=32, label=msg("Assigned to"))
    due = fields.Line(longest=20, label=msg("Due"))
    reference = fields.Line(longest=30, label=msg("Reference"))
    sort = fields.Line(longest=20)
    cursor = fields.Line(longest=200)


class ExportRequest(fields.FormSchema):
    """In which form a list is taken out."""

    format = fields.Choice(TableFormat, required=True)


class SaveViewRequest(fields.FormSchema):
    """A filter under a name."""

    name = fields.Line(longest=80, required=True, label=msg("Name of the view"))
    query = fields.Line(longest=1000, required=True)


class SearchRequest(fields.FormSchema):
    """An exact search."""

    q = fields.Line(longest=100, label=msg("Case reference, document number, FIN or date of birth"))


class ZoneRequest(fields.FormSchema):
    """A machine-readable zone as it was typed, pasted or scanned."""

    zone = fields.Prose(longest=1000, required=True, label=msg("Machine-readable zone"))


class SealRequest(fields.FormSchema):
    """Close a case to all but named readers."""

    version = fields.Version()
    ground = fields.Choice(SealGround, required=True, label=msg("Why the case is sealed"))
    reason = fields.Prose(required=True, longest=2000, label=msg("Reason"))


class UnsealRequest(fields.FormSchema):
    """Open a sealed case to its usual readers again."""

    version = fields.Version()
    reason = fields.Prose(required=True, longest=2000, label=msg("Reason"))


class NameReaderRequest(fields.FormSchema):
    """Let one officer more see a sealed case."""

    version = fields.Version()
    user_id = fields.Line(required=True, longest=32, label=msg("Officer"))
    reason = fields.Prose(required=True, longest=2000, label=msg("Why this officer has to see the case"))


class OpeningRequest(fields.FormSchema):
    """Why an officer looks at a case outside their own work."""

    purpose = fields.Choice(OpeningPurpose, required=True, label=msg("Why you look at this case"))
    words = fields.Prose(required=True, longest=1000, label=msg("In words"))
    next = fields.Line(longest=500)


class OpeningReview(fields.FormSchema):
    """What the data protection officer makes of a reason."""

    mark = fields.Choice(OpeningMark, required=True, label=msg("Review"))
