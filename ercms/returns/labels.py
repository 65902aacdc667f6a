"""What the states, means and failures of a transfer, and the refusals about it, are called on a page."""

from flask_babel import lazy_gettext as _l

from ercms.returns.arrival_service import Span
from ercms.returns.enums import TransferFailure, TransferMeans
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register
from workflows.transfer import TransferState


def register_labels(_state: object) -> None:
    """Make the words known to the pages, once the blueprint is registered."""
    _register_transfer()
    _register_refusals()


def _register_transfer() -> None:
    register(
        TransferState,
        {
            TransferState.PLANNED: _l("planned"),
            TransferState.NOTIFIED: _l("announced"),
            TransferState.DEPARTED: _l("under way"),
            TransferState.ARRIVED: _l("arrived"),
            TransferState.FAILED: _l("did not take place"),
            TransferState.CANCELLED: _l("called off"),
        },
    )
    register(
        TransferMeans,
        {
            TransferMeans.SCHEDULED_FLIGHT: _l("Scheduled flight"),
            TransferMeans.CHARTER_FLIGHT: _l("Charter flight"),
            TransferMeans.LAND: _l("By land"),
            TransferMeans.SEA: _l("By sea"),
        },
    )
    register(
        TransferFailure,
        {
            TransferFailure.ABSCONDED: _l("The person could not be found"),
            TransferFailure.RESISTANCE: _l("The person resisted"),
            TransferFailure.MEDICAL: _l("Medical reasons"),
            TransferFailure.CARRIER: _l("The carrier: cancelled, delayed or refused"),
            TransferFailure.DOCUMENT: _l("The travel document"),
            TransferFailure.LEGAL_REMEDY: _l("A legal remedy"),
            TransferFailure.NOT_ADMITTED: _l("Not admitted at the border"),
            TransferFailure.OTHER: _l("Another reason"),
        },
    )
    register(
        Span,
        {
            Span.OVERDUE: _l("Announced for a day that is over, nothing reported"),
            Span.TODAY: _l("Today"),
            Span.AHEAD: _l("The next seven days"),
            Span.PAST: _l("The past week"),
        },
    )


def _register_refusals() -> None:
    register_reasons(
        {
            "no_transfer_announced": _l("No transfer has been announced."),
            "transfer_not_in_state": _l("The transfer is no longer in the state for this."),
            "transfer_date_not_reached": _l("The day of the transfer has not come yet."),
            "crossing_point_missing": _l("The border crossing point is missing."),
            "arrival_date_missing": _l("The day of arrival is missing."),
            "arrival_date_in_future": _l("The day of arrival lies in the future."),
            "arrival_in_future": _l("The arrival would lie in the future."),
            "arrival_before_notice": _l("The arrival would lie before the day on which the transfer was announced."),
        }
    )
