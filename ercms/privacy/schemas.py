"""What the audit may be narrowed to."""

from ercms.audit.actions import AuditAction
from ercms.core.fields import Choice, Day, FormSchema, Line, YesNo
from ercms.core.text import msg


class AuditFilter(FormSchema):
    """Which acts are wanted; every part is optional and all hold together."""

    action = Choice(AuditAction, label=msg("Act"))
    views = YesNo(label=msg("Only acts by which somebody saw personal data"))
    organisation = Line(longest=64, label=msg("Organisation"))
    actor = Line(longest=64, label=msg("Officer"))
    reference = Line(longest=30, label=msg("Reference"))
    from_on = Day(label=msg("From the day"))
    to_on = Day(label=msg("To the day"))
    cursor = Line(longest=400)


class ChainQuery(FormSchema):
    """Which part of a chain is wanted."""

    cursor = Line(longest=400)
