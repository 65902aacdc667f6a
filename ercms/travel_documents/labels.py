"""What the states of a travel document, its kinds and the refusals about it are called on a page."""

from flask_babel import lazy_gettext as _l

from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register
from workflows.travel_document import DocumentState


def register_labels(_state: object) -> None:
    """Make the words known to the pages, once the blueprint is registered."""
    register(
        DocumentState,
        {
            DocumentState.REQUESTED: _l("asked for"),
            DocumentState.ISSUED: _l("issued"),
            DocumentState.HANDED_OVER: _l("handed over"),
            DocumentState.USED: _l("used for the return"),
            DocumentState.EXPIRED: _l("run out"),
            DocumentState.CANCELLED: _l("called off"),
            DocumentState.REPLACED: _l("replaced"),
        },
    )
    register_reasons(
        {
            "no_mission_for_state": _l("No mission issues documents for returns from this State."),
            "document_not_requested": _l("No document has been asked for."),
            "document_of_principal": _l("This document is recorded with the case itself."),
            "document_not_in_state": _l("The document is no longer in the state for this."),
            "unknown_document": _l("This document is not among those on which the person may travel."),
            "document_number_missing": _l("The number of the document is missing."),
            "issue_date_missing": _l("The day of issue is missing."),
            "issue_date_in_future": _l("The day of issue lies in the future."),
            "validity_missing": _l("The last day of validity is missing."),
            "document_still_valid": _l("The document is still valid."),
            "successor_missing": _l("There is no document that replaces this one."),
        }
    )
