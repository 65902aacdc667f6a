"""What the pages of retention accept."""

from ercms.cases.enums import CaseOutcome
from ercms.core.actor import Role
from ercms.core.fields import Choice, Day, FormSchema, Line, Prose, WholeNumber
from ercms.core.text import msg
from ercms.privacy.enums import SheetLanguage
from ercms.reading.enums import AlarmMark

FEWEST_DAYS = 30
MOST_DAYS = 36_500


class RuleChange(FormSchema):
    """Another number of days for one way in which a case ends."""

    outcome = Choice(CaseOutcome, required=True)
    days = WholeNumber(least=FEWEST_DAYS, most=MOST_DAYS, required=True, label=msg("Days"))
    version = WholeNumber(least=0, most=2**31 - 1, required=True)


class ReadingLimitChange(FormSchema):
    """From how many files within how many hours on reading is unusual for a role, and beyond how many it stops."""

    role = Choice(Role, required=True)
    hours = WholeNumber(least=1, most=168, required=True, label=msg("Hours"))
    alarm_at = WholeNumber(least=1, most=100_000, required=True, label=msg("Told from"))
    stop_at = WholeNumber(least=2, most=100_000, required=True, label=msg("Stopped after"))
    version = WholeNumber(least=0, most=2**31 - 1, required=True)


class AlarmReview(FormSchema):
    """What came out of looking into unusual reading."""

    mark = Choice(AlarmMark, required=True)


class HoldRequest(FormSchema):
    """A case whose data are to stay, why, and until when."""

    reference = Line(longest=30, required=True, label=msg("Reference"))
    reason = Prose(longest=2000, required=True, label=msg("Why the data must stay"))
    until_on = Day(label=msg("Until"))


class SheetRequest(FormSchema):
    """Of which person of which case a sheet is wanted, and in which language."""

    reference = Line(longest=30, required=True, label=msg("Reference"))
    number = WholeNumber(least=1, most=50, required=True, label=msg("Person"))
    language = Choice(SheetLanguage, required=True, label=msg("Language"))
