"""What the ways in which a case ends are called, and what the refusals of retention mean."""

from flask_babel import lazy_gettext as _l

from ercms.cases.enums import CaseOutcome
from ercms.privacy.enums import SheetLanguage
from ercms.web.labels import register
from ercms.web.localisation import LANGUAGE_NAMES

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
register(SheetLanguage, {language: LANGUAGE_NAMES[language.value] for language in SheetLanguage})
