"""What the ways in which a case ends are called, and what the refusals of retention mean."""

from flask_babel import lazy_gettext as _l

from ercms.cases.enums import CaseOutcome
from ercms.web.labels import register

register(
    CaseOutcome,
    {
        CaseOutcome.NEVER_SENT: _l("Never sent"),
        CaseOutcome.WITHDRAWN: _l("Withdrawn"),
        CaseOutcome.REFUSED: _l("Refused"),
        CaseOutcome.NOT_CARRIED_OUT: _l("Accepted or lapsed, not carried out"),
        CaseOutcome.RETURNED: _l("Returned"),
    },
)
