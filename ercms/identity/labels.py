"""What the words of the duplicates are called on a page, and what the refusals of a search by name mean."""

from flask_babel import lazy_gettext as _l

from ercms.identity.enums import Decision, Likeness, Sign
from ercms.persons.identity_labels import VERDICTS
from ercms.persons.names.matching import Verdict
from ercms.web import labels
from ercms.web.error_handlers import register_reasons

labels.register(Verdict, VERDICTS)
labels.register(
    Likeness, {Likeness.SAME: _l("Probably the same person"), Likeness.REVIEW: _l("May be the same person")}
)
labels.register(
    Decision, {Decision.SAME_PERSON: _l("The same person"), Decision.NOT_THE_SAME: _l("Not the same person")}
)
labels.register(
    Sign,
    {
        Sign.FIN_AGREES: _l("FIN agrees"),
        Sign.FIN_DIFFERS: _l("FIN differs"),
        Sign.DOCUMENT_AGREES: _l("document number agrees"),
        Sign.BIRTH_DATE_AGREES: _l("date of birth agrees"),
        Sign.BIRTH_DATE_DIFFERS: _l("date of birth differs"),
        Sign.BIRTH_DATE_UNKNOWN: _l("date of birth not known on one side"),
        Sign.NAME_DIFFERS: _l("names differ"),
    },
)
register_reasons(
    {
        "persons_are_joined": _l("The two persons are joined. Take them apart first."),
        "not_decided_as_same": _l("Nobody has decided that this is the same person."),
        "not_joined": _l("The two persons are not joined."),
        "decided_by_yourself": _l("You decided this yourself. Another officer has to confirm it."),
        "name_not_searchable": _l(
            "Give surname and given name. With one of them alone, give the whole date of birth as well."
        ),
    }
)
