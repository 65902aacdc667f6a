"""The kinds of clocks, what starts and ends them, and what a computed one looks like."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from workflows.arithmetic import Step
from workflows.terms import CaseKind, Confidence, Procedure, Term


class Event(StrEnum):
    """What starts or ends a clock; the values are the words of the agreements' files."""

    RECEIPT = "receipt"
    ACKNOWLEDGEMENT = "acknowledgement"
    KNOWLEDGE = "knowledge"
    APPREHENSION = "apprehension"
    INTERVIEW_REQUESTED = "interview_requested"
    INTERVIEWED = "interviewed"
    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"
    CONSENT_DEEMED = "consent_deemed"
    DOCUMENT_REQUESTED = "document_requested"
    DOCUMENT_REISSUE_REQUESTED = "document_reissue_requested"
    DOCUMENT_ISSUED = "document_issued"
    TRANSFER_PLANNED = "transfer_planned"
    TRANSFER_NOTIFIED = "transfer_notified"
    TRANSFER = "transfer"
    TAKEN_UP_AGAIN = "taken_up_again"
    RENEWED_REPLY = "renewed_reply"


class ClockKind(StrEnum):
    """The kinds of clocks."""

    SUBMISSION = "submission"
    SUBMISSION_ACCELERATED = "submission_accelerated"
    REPLY = "reply"
    REPLY_ACCELERATED = "reply_accelerated"
    REPLY_RENEWED = "reply_renewed"
    TRANSIT_REPLY = "transit_reply"
    AGENCY_INQUIRIES = "agency_inquiries"
    INTERVIEW = "interview"
    DOCUMENT_ISSUE = "document_issue"
    DOCUMENT_DOMESTIC = "document_domestic"
    DOCUMENT_REISSUE = "document_reissue"
    TRANSFER = "transfer"
    TRANSFER_NOTICE = "transfer_notice"
    TRANSIT_USE = "transit_use"
    ERROR_WINDOW = "error_window"


class ClockState(StrEnum):
    """How a clock stands, apart from today's date."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    UNKNOWN_LENGTH = "unknown_length"
    ENDED = "ended"


Moment = datetime | date
REPLY_CLOCKS = frozenset({ClockKind.REPLY, ClockKind.REPLY_ACCELERATED})

_REPLIES = (Event.ACCEPTANCE, Event.REFUSAL, Event.CONSENT_DEEMED)
_FOREIGN = frozenset({CaseKind.THIRD_COUNTRY_NATIONAL, CaseKind.STATELESS})
_PERSONS = _FOREIGN | {CaseKind.OWN_NATIONAL}
OWN_NATIONALS = frozenset({CaseKind.OWN_NATIONAL})
_TRANSIT = frozenset({CaseKind.TRANSIT})
_ALL_KINDS = frozenset(CaseKind)
_ALL_PROCEDURES = frozenset(Procedure)
_APPLIED_FOR = frozenset({Procedure.NORMAL, Procedure.ACCELERATED})
BY_THE_REQUESTING_STATE = frozenset({Event.KNOWLEDGE, Event.APPREHENSION})


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How a kind of clock is made: its term, whom it concerns, what ends it, and the internal target that stands in."""

    kind: ClockKind
    term: str
    kinds: frozenset[CaseKind] = _PERSONS
    procedures: frozenset[Procedure] = _ALL_PROCEDURES
    ended_by: tuple[Event, ...] = ()
    start_term: str = ""
    target: str = ""
    is_backward: bool = False


CLOCK_RULES: tuple[ClockRule, ...] = (
    ClockRule(ClockKind.SUBMISSION, "submission.third_country", _FOREIGN, _APPLIED_FOR, (Event.RECEIPT,)),
    ClockRule(
        ClockKind.SUBMISSION_ACCELERATED,
        "accelerated.submission",
        procedures=frozenset({Procedure.ACCELERATED}),
        ended_by=(Event.RECEIPT,),
    ),
    ClockRule(
        ClockKind.REPLY,
        "reply.normal",
        procedures=frozenset({Procedure.NORMAL}),
        ended_by=_REPLIES,
        start_term="reply.start_event",
    ),
    ClockRule(
        ClockKind.REPLY_ACCELERATED,
        "reply.accelerated",
        procedures=frozenset({Procedure.ACCELERATED}),
        ended_by=_REPLIES,
        start_term="reply.start_event",
    ),
    ClockRule(ClockKind.TRANSIT_REPLY, "transit.reply", _TRANSIT, ended_by=_REPLIES, target="transit_reply.target"),
    ClockRule(ClockKind.INTERVIEW, "interview.limit", ended_by=(Event.INTERVIEWED,), target="interview.target"),
    ClockRule(ClockKind.DOCUMENT_ISSUE, "document.issue", OWN_NATIONALS, _APPLIED_FOR, (Event.DOCUMENT_ISSUED,)),
    ClockRule(ClockKind.DOCUMENT_REISSUE, "document.reissue", OWN_NATIONALS, ended_by=(Event.DOCUMENT_ISSUED,)),
    ClockRule(ClockKind.TRANSFER, "transfer.limit", procedures=_APPLIED_FOR, ended_by=(Event.TRANSFER,)),
    ClockRule(
        ClockKind.TRANSFER_NOTICE,
        "transfer.notice",
        ended_by=(Event.TRANSFER_NOTIFIED,),
        target="transfer_notice.target",
        is_backward=True,
    ),
    ClockRule(ClockKind.TRANSIT_USE, "transit.validity", _TRANSIT, ended_by=(Event.TRANSFER,)),
    ClockRule(ClockKind.ERROR_WINDOW, "error.own_national", OWN_NATIONALS),
    ClockRule(ClockKind.ERROR_WINDOW, "error.third_country", _FOREIGN),
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock. `due_on` is None while the clock waits, stands still, or has no known length.

    `held_on` is, while it stands still, the day that would hold without the open stop: reminders go by it.
    `term` is what was counted; for an internal target `stands_in_for` is the agreement's term without a number. `zone`
    is where the due day ends: that of the side which owes the act.
    """

    kind: ClockKind
    state: ClockState
    event: Event
    started_at: Moment | None
    start_on: date | None
    due_on: date | None
    term: Term
    confidence: Confidence
    has_legal_effect: bool
    is_internal: bool
    zone: str
    steps: tuple[Step, ...] = ()
    start_term: Term | None = None
    stands_in_for: Term | None = None
    calendar: str = ""
    calendar_version: str = ""
    rests_on_estimate: bool = False
    ended_on: date | None = None
    held_on: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Tell whether the limit has run out while the act is still owed."""
        return self.ended_on is None and self.due_on is not None and today > self.due_on

    @property
    def was_met(self) -> bool | None:
        """Tell whether the act came in time; None while it is owed or no due day is known."""
        return None if self.ended_on is None or self.due_on is None else self.ended_on <= self.due_on
