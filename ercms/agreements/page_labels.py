"""What the pages of the agreements call their own findings and refusals."""

from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import lazy_gettext as _l

from ercms.agreements.comparing import Likeness
from ercms.agreements.enums import Event
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import label, register


def register_labels(state: BlueprintSetupState) -> None:
    """Make the words known to the pages, once the blueprint is registered."""
    state.app.jinja_env.filters["event_label"] = lambda event: label(Event(event))
    register(
        Likeness,
        {
            Likeness.SAME: _l("The same"),
            Likeness.DIFFERENT: _l("Different"),
            Likeness.ONE_UNKNOWN: _l("Known of one only"),
            Likeness.BOTH_UNKNOWN: _l("Not known of either"),
        },
    )
    register_reasons({"agreement_not_found": _l("There is no such version of an agreement.")})
