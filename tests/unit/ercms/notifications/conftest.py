"""An application that mails to a real listener, and delivery of what the outbox holds."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from config import Settings
from ercms.core import outbox
from ercms.extensions import db
from tests import smtp
from tests.smtp import Mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp.listening() as box:
        yield box


@pytest.fixture
def settings(settings: Settings, mailbox: Mailbox) -> Settings:
    return replace(settings, smtp_host="127.0.0.1", smtp_port=mailbox.port, mail_from="ercms@migration.example.org")


@pytest.fixture
def deliver() -> Callable[[], None]:
    """Return a function that delivers until nothing is due, as the worker does."""

    def until_nothing_is_due() -> None:
        db.session.remove()
        while outbox.deliver_due():
            continue

    return until_nothing_is_due
