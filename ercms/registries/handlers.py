"""Tell the worker what is done with inquiries that go to registers."""

from ercms.core import outbox
from ercms.registries import exchange_service
from ercms.verification.inquiry_service import TRANSMIT_TOPIC


def register() -> None:
    """Name the handlers of the topics of registers."""
    outbox.register_handler(TRANSMIT_TOPIC, exchange_service.on_transmit)
    outbox.register_handler(exchange_service.CALL_TOPIC, exchange_service.on_call)
