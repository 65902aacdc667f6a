"""What corrections and restrictions are called on a page."""

from flask_babel import lazy_gettext as _l

from ercms.marks.enums import MarkGround, MarkKind, MarkState, Standing
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register

register(MarkKind, {MarkKind.CORRECTION: _l("Correction"), MarkKind.RESTRICTION: _l("Restriction of use")})
register(
    MarkGround,
    {
        MarkGround.INACCURATE: _l("The data are wrong"),
        MarkGround.INCOMPLETE: _l("The data are incomplete"),
        MarkGround.OUTDATED: _l("The data are out of date"),
        MarkGround.ACCURACY_CONTESTED: _l("The person contests that the data are right"),
        MarkGround.UNLAWFUL: _l("The data should not have been processed"),
        MarkGround.NEEDED_FOR_CLAIMS: _l("The person needs the data for a legal claim"),
        MarkGround.OBJECTION: _l("The person objects to the processing"),
    },
)
register(
    MarkState,
    {
        MarkState.PENDING: _l("Waits for a decision"),
        MarkState.GRANTED: _l("Granted"),
        MarkState.REFUSED: _l("Not granted"),
        MarkState.LIFTED: _l("Lifted"),
    },
)
register(
    Standing,
    {
        Standing.RESTRICTED: _l("Use restricted"),
        Standing.CONTESTED: _l("Accuracy contested"),
        Standing.CORRECTED: _l("Data corrected"),
    },
)
register_reasons(
    {
        "use_restricted": _l(
            "The use of this person's data is restricted: they may not be passed on to anybody new. The data"
            " protection officer lifts the restriction."
        ),
        "mark_not_pending": _l("This request has been decided already."),
        "mark_not_granted": _l("There is no restriction to lift."),
    }
)
