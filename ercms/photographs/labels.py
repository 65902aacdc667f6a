"""What the findings on photographs are called on a page, and what their refusals mean."""

from flask_babel import lazy_gettext as _l

from ercms.photographs.enums import PhotographFinding
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register

register(
    PhotographFinding,
    {
        PhotographFinding.SAME: _l("The same person in both pictures"),
        PhotographFinding.NOT_SAME: _l("Not the same person"),
        PhotographFinding.CANNOT_SAY: _l("Cannot be said from these pictures"),
    },
)
register_reasons({"pictures_changed": _l("One of the two pictures is not there any more. Look at the present ones.")})
