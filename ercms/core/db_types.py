"""Column types and keys that every model uses."""

import uuid
from datetime import UTC, datetime
from enum import Enum as PyEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, String
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, stored as UTC and given back aware; a naive value is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the column stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored instant its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


def enum_column(kind: type[PyEnum], name: str) -> Enum:
    """Return a column type that stores the members' values as text, with a named CHECK."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        values_callable=lambda members: [str(member.value) for member in members],
    )


def new_id() -> str:
    """Return a new random identifier: 32 hexadecimal digits (UUID version 4)."""
    return uuid.uuid4().hex


def id_type() -> String:
    """Return the column type of identifiers."""
    return String(32)


Json = dict[str, Any]
