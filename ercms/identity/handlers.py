"""Match the persons of a request when it arrives, off the request path."""

from ercms.cases.service import CONTENT_TOPIC
from ercms.core import outbox
from ercms.core.outbox import Delivery
from ercms.identity import service


def register() -> None:
    """Name the handler of what the requesting side sends; pages, interface and imports all go through it."""
    outbox.register_handler(CONTENT_TOPIC, on_content_sent)


def on_content_sent(delivery: Delivery) -> None:
    """Look for earlier cases of the persons in a request."""
    service.match_case(case_id=delivery.payload["case_id"])
