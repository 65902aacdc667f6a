"""The closed vocabularies of connections to the registers of agencies."""

from enum import StrEnum


class BreakerState(StrEnum):
    """Whether a register is called: closed as usual, open not now, half-open once to see whether it answers again."""

    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


class ExchangeState(StrEnum):
    """Where the transmission of an inquiry to a register stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    BY_HAND = "by_hand"
    ENDED = "ended"


class Failure(StrEnum):
    """Why a call brought nothing."""

    DOWN = "register_down"
    SLOW = "register_slow"
    TLS = "register_tls"
    BUSY = "register_busy"
    REFUSES = "register_refuses"
    NONSENSE = "register_nonsense"
    TOO_LONG = "register_too_long"
    WRONG_PERSON = "register_wrong_person"
    NOT_ALLOWED = "register_not_allowed"
    NOT_CALLED = "register_not_called"
