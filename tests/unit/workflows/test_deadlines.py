from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.unit.workflows.clock_examples import (
    ACCELERATED,
    CALENDARS,
    EU,
    NONE,
    NORMAL,
    OWN,
    STATELESS,
    SWITZERLAND,
    TCN,
    TRANSIT,
    clocks,
)
from workflows.agreement_files import load_agreements, load_internal
from workflows.deadlines import (
    ClockKind,
    ClockState,
    Event,
    Extension,
    StepCode,
    Stop,
    clocks_for,
    legal_day,
    validity_shortfall,
)
from workflows.terms import AgreementStatus, CaseKind, Confidence, Procedure, Source, StatusChange, Unit, find_version

RECEIPT, ACK, ACCEPT = Event.RECEIPT, Event.ACKNOWLEDGEMENT, Event.ACCEPTANCE
KNOW, CAUGHT, HOME, PLANNED = Event.KNOWLEDGE, Event.APPREHENSION, Event.TRANSFER, Event.TRANSFER_PLANNED
K = ClockKind

# state, kind, procedure, event, when, clock, due, article. Worked by hand with the calendars of both sides.
ROWS = [
    # EU, Art. 11: 15 days from receipt, the cautious start; calendar days do not move off a holiday.
    ("DE", OWN, NORMAL, RECEIPT, "2026-03-18T16:05+04:00", K.REPLY, "2026-04-02", "11"),
    ("DE", OWN, NORMAL, RECEIPT, "2026-03-18T23:59+04:00", K.REPLY, "2026-04-02", "11"),
    ("DE", OWN, NORMAL, RECEIPT, "2026-03-19T00:01+04:00", K.REPLY, "2026-04-03", "11"),
    ("DE", OWN, NORMAL, RECEIPT, "2026-03-18T20:59+01:00", K.REPLY, "2026-04-02", "11"),
    ("DE", OWN, NORMAL, RECEIPT, "2026-03-18T21:01+01:00", K.REPLY, "2026-04-03", "11"),
    ("DE", OWN, NORMAL, RECEIPT, "2026-03-05", K.REPLY, "2026-03-20", "11"),
    ("DE", OWN, NORMAL, RECEIPT, "2026-12-20", K.REPLY, "2027-01-04", "11"),
    ("FR", TCN, NORMAL, RECEIPT, "2024-02-14", K.REPLY, "2024-02-29", "11"),
    ("FR", TCN, NORMAL, RECEIPT, "2025-02-14", K.REPLY, "2025-03-01", "11"),
    # EU, Art. 11 and 7(3): 2 working days of the requested State, of the requesting State for the submission.
    ("DE", TCN, ACCELERATED, RECEIPT, "2026-03-19", K.REPLY_ACCELERATED, "2026-04-01", "11"),
    ("DE", TCN, ACCELERATED, RECEIPT, "2024-04-05", K.REPLY_ACCELERATED, "2024-04-08", "11"),
    ("DE", TCN, ACCELERATED, RECEIPT, "2024-12-27", K.REPLY_ACCELERATED, "2024-12-29", "11"),
    ("DE", TCN, ACCELERATED, CAUGHT, "2026-04-02T22:30+02:00", K.SUBMISSION_ACCELERATED, "2026-04-08", "7(3)"),
    ("DE", TCN, ACCELERATED, CAUGHT, "2026-03-19", K.SUBMISSION_ACCELERATED, "2026-03-23", "7(3)"),
    # EU, Art. 11(1): six months from knowledge, a day of the requesting State.
    ("DE", TCN, NORMAL, KNOW, "2025-08-31", K.SUBMISSION, "2026-02-28", "11(1)"),
    ("DE", STATELESS, NORMAL, KNOW, "2023-08-31", K.SUBMISSION, "2024-02-29", "11(1)"),
    ("DE", TCN, NORMAL, KNOW, "2026-01-31T23:30+01:00", K.SUBMISSION, "2026-07-31", "11(1)"),
    # EU, Art. 3(4): 5 working days from the positive reply.
    ("DE", OWN, NORMAL, ACCEPT, "2026-03-19", K.DOCUMENT_ISSUE, "2026-04-06", "3(4)"),
    ("DE", OWN, NORMAL, ACCEPT, "2024-12-27", K.DOCUMENT_ISSUE, "2025-01-08", "3(4)"),
    ("DE", OWN, NORMAL, ACCEPT, "2026-05-26", K.DOCUMENT_ISSUE, "2026-06-05", "3(4)"),
    ("DE", OWN, NORMAL, Event.CONSENT_DEEMED, "2026-06-01", K.DOCUMENT_ISSUE, "2026-06-08", "3(4)"),
    # EU, Art. 11(4): three months from consent or the end of the limit.
    ("DE", OWN, NORMAL, ACCEPT, "2025-11-30", K.TRANSFER, "2026-02-28", "11(4)"),
    ("DE", OWN, NORMAL, ACCEPT, "2023-11-30", K.TRANSFER, "2024-02-29", "11(4)"),
    ("DE", OWN, NORMAL, Event.CONSENT_DEEMED, "2026-04-02", K.TRANSFER, "2026-07-02", "11(4)"),
    # EU, Art. 13.
    ("DE", OWN, NORMAL, HOME, "2025-08-31", K.ERROR_WINDOW, "2026-02-28", "13"),
    ("DE", TCN, NORMAL, HOME, "2024-02-29", K.ERROR_WINDOW, "2025-02-28", "13"),
    # Switzerland, Art. 8(2): 25 days from the acknowledgement; 2 working days when accelerated.
    ("CH", OWN, NORMAL, ACK, "2026-03-18T16:05+04:00", K.REPLY, "2026-04-12", "8(2)"),
    ("CH", OWN, NORMAL, ACK, "2026-12-10", K.REPLY, "2027-01-04", "8(2)"),
    ("CH", OWN, NORMAL, ACK, "2024-02-04", K.REPLY, "2024-02-29", "8(2)"),
    ("CH", TCN, ACCELERATED, ACK, "2026-03-19", K.REPLY_ACCELERATED, "2026-04-01", "8(2)"),
    ("CH", TCN, ACCELERATED, ACK, "2027-03-08", K.REPLY_ACCELERATED, "2027-03-12", "8(2)"),
    ("CH", TCN, ACCELERATED, CAUGHT, "2026-05-13", K.SUBMISSION_ACCELERATED, "2026-05-18", "4(3)"),
    ("CH", OWN, NORMAL, ACCEPT, "2026-03-19", K.DOCUMENT_ISSUE, "2026-04-06", "2(4)"),
    ("CH", OWN, NORMAL, Event.DOCUMENT_REISSUE_REQUESTED, "2026-06-24", K.DOCUMENT_REISSUE, "2026-07-02", "2(5)"),
    ("CH", OWN, NORMAL, ACCEPT, "2026-08-31", K.TRANSFER, "2026-11-30", "8(4)"),
    ("CH", OWN, NORMAL, PLANNED, "2026-04-08", K.TRANSFER_NOTICE, "2026-04-01", "9(1)"),
    ("CH", TRANSIT, NORMAL, RECEIPT, "2026-05-25", K.TRANSIT_REPLY, "2026-06-04", "12(2)"),
    ("CH", TRANSIT, NORMAL, ACCEPT, "2026-06-04", K.TRANSIT_USE, "2026-07-04", "12(3)-(5)"),
    ("CH", TCN, NORMAL, HOME, "2026-04-30", K.ERROR_WINDOW, "2027-04-30", "10"),
    # EU, one minute before and after midnight in the requesting State: knowledge and apprehension are days of Berlin.
    # 30 September + 6 months = 30 March; at 00:01 it is 1 October + 6 months = 1 April. In Baku both are 1 October.
    ("DE", TCN, NORMAL, KNOW, "2025-09-30T23:59+02:00", K.SUBMISSION, "2026-03-30", "11(1)"),
    ("DE", TCN, NORMAL, KNOW, "2025-10-01T00:01+02:00", K.SUBMISSION, "2026-04-01", "11(1)"),
    # Thursday 23:59 counts Friday 9 and Monday 12 October; Friday 00:01 counts Monday 12 and Tuesday 13.
    ("DE", TCN, ACCELERATED, CAUGHT, "2026-10-08T23:59+02:00", K.SUBMISSION_ACCELERATED, "2026-10-12", "7(3)"),
    ("DE", TCN, ACCELERATED, CAUGHT, "2026-10-09T00:01+02:00", K.SUBMISSION_ACCELERATED, "2026-10-13", "7(3)"),
    # Germany over the year's end: 31 December is worked, 1 January and the weekend of 2 and 3 are not, 4 January is.
    ("DE", TCN, ACCELERATED, CAUGHT, "2026-12-30", K.SUBMISSION_ACCELERATED, "2027-01-04", "7(3)"),
    # EU, Art. 11(4): 31 August + 3 months = 30 November; 29 November 2023 + 3 months = 29 February 2024.
    ("DE", OWN, NORMAL, ACCEPT, "2026-08-31", K.TRANSFER, "2026-11-30", "11(4)"),
    ("DE", OWN, NORMAL, ACCEPT, "2023-11-29", K.TRANSFER, "2024-02-29", "11(4)"),
    # EU, Art. 3(5): re-issue in 5 working days of Azerbaijan. The first one after 19 March 2026 is Tuesday 31 March.
    ("DE", OWN, NORMAL, Event.DOCUMENT_REISSUE_REQUESTED, "2026-03-19", K.DOCUMENT_REISSUE, "2026-04-06", "3(5)"),
    # EU, Art. 13: 31 December + 6 months has no 31 June: 30 June; 12 months from 31 December end on 31 December.
    ("DE", OWN, NORMAL, HOME, "2025-12-31", K.ERROR_WINDOW, "2026-06-30", "13"),
    ("DE", STATELESS, NORMAL, HOME, "2025-12-31", K.ERROR_WINDOW, "2026-12-31", "13"),
    # Switzerland, Art. 8(2), at midnight in Baku: 18 March + 25 = 12 April, 19 March + 25 = 13 April.
    ("CH", OWN, NORMAL, ACK, "2026-03-18T23:59+04:00", K.REPLY, "2026-04-12", "8(2)"),
    ("CH", OWN, NORMAL, ACK, "2026-03-19T00:01+04:00", K.REPLY, "2026-04-13", "8(2)"),
    # The same in Zurich time: 20:59 of the 18th (+01:00) is 23:59 in Baku, 21:01 is the 19th there.
    ("CH", OWN, NORMAL, ACK, "2026-03-18T20:59+01:00", K.REPLY, "2026-04-12", "8(2)"),
    ("CH", OWN, NORMAL, ACK, "2026-03-18T21:01+01:00", K.REPLY, "2026-04-13", "8(2)"),
    # Switzerland, Art. 8(1): six months from knowledge; 31 August has no partner in February.
    ("CH", TCN, NORMAL, KNOW, "2023-08-31", K.SUBMISSION, "2024-02-29", "8(1)"),
    # Switzerland, Art. 8(4): 30 November + 3 months = 28 February 2026.
    ("CH", OWN, NORMAL, ACCEPT, "2025-11-30", K.TRANSFER, "2026-02-28", "8(4)"),
    # Switzerland, Art. 10: 6 months for nationals from 31 August: 28 February.
    ("CH", OWN, NORMAL, HOME, "2025-08-31", K.ERROR_WINDOW, "2026-02-28", "10"),
    # Switzerland, Art. 12(3)-(5): 30 days of transit over the year's end: 15 December + 30 = 14 January.
    ("CH", TRANSIT, NORMAL, ACCEPT, "2026-12-15", K.TRANSIT_USE, "2027-01-14", "12(3)-(5)"),
    # Norway: the EU figures, inferred.
    ("NO", OWN, NORMAL, RECEIPT, "2026-03-18", K.REPLY, "2026-04-02", ""),
    ("NO", OWN, NORMAL, ACCEPT, "2026-03-19", K.TRANSFER, "2026-06-19", ""),
]


@pytest.mark.parametrize(("state", "kind", "procedure", "event", "when", "clock", "due", "article"), ROWS)
def test_dates_worked_by_hand(
    state: str,
    kind: CaseKind,
    procedure: Procedure,
    event: Event,
    when: str,
    clock: ClockKind,
    due: str,
    article: str,
) -> None:
    deadline = clocks(state, {event: when}, kind=kind, procedure=procedure)[clock]
    assert deadline.due_on == date.fromisoformat(due)
    assert deadline.term.source.article == article
    assert deadline.steps[-1].code is StepCode.DUE


def test_the_swiss_reply_waits_for_the_acknowledgement() -> None:
    waiting = clocks("CH", {RECEIPT: "2026-03-18"})[K.REPLY]
    assert (waiting.state, waiting.due_on, waiting.event) == (ClockState.WAITING, None, ACK)
    running = clocks("CH", {RECEIPT: "2026-03-18", ACK: "2026-03-20"})[K.REPLY]
    assert (running.state, running.due_on) == (ClockState.RUNNING, date(2026, 4, 14))
    assert running.has_legal_effect
    assert SWITZERLAND.silence.value == "none"


def test_the_eu_reply_is_labelled_reported_and_counted_from_receipt() -> None:
    reply = clocks("DE", {RECEIPT: "2026-03-18", ACK: "2026-03-20"})[K.REPLY]
    assert reply.due_on == date(2026, 4, 2)
    assert reply.confidence is Confidence.REPORTED
    assert not reply.has_legal_effect
    assert reply.steps[0].code is StepCode.CAUTIOUS_START


def test_a_verified_length_from_an_unverified_start_has_no_legal_effect() -> None:
    verified = replace(EU.term("reply.normal"), confidence=Confidence.VERIFIED)
    found = clocks_for(
        EU.with_terms([verified]),
        state="DE",
        kind=OWN,
        procedure=NORMAL,
        events={RECEIPT: date(2026, 3, 18)},
        calendars=CALENDARS,
        internal=load_internal(),
    )
    assert found[0].confidence is Confidence.REPORTED
    assert not found[0].has_legal_effect


def test_the_eu_document_limit_is_verified_and_has_legal_effect() -> None:
    document = clocks("DE", {ACCEPT: "2026-03-19"})[K.DOCUMENT_ISSUE]
    assert document.confidence is Confidence.VERIFIED
    assert document.has_legal_effect


def test_norwegian_dates_are_inferred_and_have_no_legal_effect() -> None:
    found = clocks("NO", {RECEIPT: "2026-03-18", ACCEPT: "2026-03-19", HOME: "2026-04-10"})
    treaty = [deadline for deadline in found.values() if not deadline.is_internal]
    assert not any(deadline.has_legal_effect for deadline in treaty)
    assert found[K.ERROR_WINDOW].state is ClockState.UNKNOWN_LENGTH
    assert found[K.ERROR_WINDOW].due_on is None


@pytest.mark.parametrize("state", ["ME", "RS", "MD", "IE", "DK", "TR", "GE"])
@pytest.mark.parametrize("procedure", list(Procedure))
@pytest.mark.parametrize("kind", list(CaseKind))
def test_without_an_agreement_in_force_there_is_no_clock(state: str, kind: CaseKind, procedure: Procedure) -> None:
    found = clocks_for(
        find_version(state, date(2026, 3, 18), load_agreements()),
        state=state,
        kind=kind,
        procedure=procedure,
        events=dict.fromkeys(Event, date(2026, 3, 18)),
        calendars=CALENDARS,
        internal=load_internal(),
    )
    assert found == ()


def test_a_request_received_before_the_force_or_during_a_suspension_has_no_clock() -> None:
    assert not clocks("DE", {RECEIPT: "2014-08-31"})
    history = (
        *EU.status_history,
        StatusChange(AgreementStatus.SUSPENDED, date(2026, 3, 1), Source("Notice"), Confidence.VERIFIED),
    )
    suspended = replace(EU, status_history=history)

    def found(day: date) -> int:
        return len(
            clocks_for(
                suspended,
                state="DE",
                kind=OWN,
                procedure=NORMAL,
                events={RECEIPT: day},
                calendars=CALENDARS,
                internal=load_internal(),
            )
        )

    assert found(date(2026, 2, 28)) > 0
    assert found(date(2026, 3, 1)) == 0


def test_where_the_agreement_names_no_number_an_internal_target_stands_in() -> None:
    found = clocks("DE", {Event.INTERVIEW_REQUESTED: "2026-04-06", PLANNED: "2026-04-30"})
    for kind, due in ((K.INTERVIEW, date(2026, 4, 13)), (K.TRANSFER_NOTICE, date(2026, 4, 27))):
        assert found[kind].due_on == due
        assert found[kind].is_internal
        assert not found[kind].has_legal_effect
        assert found[kind].stands_in_for is not None


def test_the_agencies_are_due_when_their_share_of_the_reply_limit_has_run() -> None:
    # 60 % of 15 days from 18 March is 27 March, in Novruz; the last working day before it is 19 March.
    found = clocks("DE", {RECEIPT: "2026-03-18"})
    assert found[K.AGENCY_INQUIRIES].due_on == date(2026, 3, 19)
    assert found[K.AGENCY_INQUIRIES].is_internal
    assert clocks("DE", {RECEIPT: "2026-04-06"})[K.AGENCY_INQUIRIES].due_on == date(2026, 4, 15)


def test_a_stop_holds_the_treaty_clock_and_never_the_agencies() -> None:
    events = {RECEIPT: "2026-04-06"}
    free, stopped = clocks("DE", events), clocks("DE", events, stops=[Stop(date(2026, 4, 8), None, "crisis")])
    assert stopped[K.REPLY].state is ClockState.STOPPED
    assert stopped[K.REPLY].due_on is None
    assert stopped[K.AGENCY_INQUIRIES].due_on == free[K.AGENCY_INQUIRIES].due_on


def test_a_stop_that_names_clocks_leaves_the_others_running() -> None:
    stop = Stop(date(2026, 4, 8), date(2026, 4, 10), "remedy", frozenset({K.TRANSFER.value}))
    found = clocks("DE", {RECEIPT: "2026-04-06", ACCEPT: "2026-04-07"}, stops=[stop])
    assert found[K.TRANSFER].due_on == date(2026, 7, 10)
    assert found[K.DOCUMENT_ISSUE].due_on == date(2026, 4, 14)


@pytest.mark.parametrize(
    ("notified_on", "due"), [(date(2026, 4, 12), date(2026, 5, 7)), (date(2026, 4, 13), date(2026, 4, 12))]
)
def test_the_swiss_extension_counts_when_notified_by_the_last_day(notified_on: date, due: date) -> None:
    extension = Extension(25, Unit.CALENDAR_DAYS, "agencies", notified_on)
    found = clocks("CH", {ACK: "2026-03-18"}, extensions=[extension])
    assert found[K.REPLY].due_on == due


def test_an_extension_lengthens_only_the_clock_that_it_names() -> None:
    extension = Extension(1, Unit.MONTHS, "obstacle", date(2026, 5, 1), K.TRANSFER.value)
    found = clocks("CH", {ACK: "2026-03-18", ACCEPT: "2026-04-01"}, extensions=[extension])
    assert found[K.TRANSFER].due_on == date(2026, 8, 1)
    assert found[K.REPLY].due_on == date(2026, 4, 12)


@pytest.mark.parametrize(("replied", "was_met"), [("2026-04-12", True), ("2026-04-13", False)])
def test_a_reply_ends_its_clock_in_time_or_late(replied: str, was_met: bool) -> None:
    reply = clocks("CH", {ACK: "2026-03-18", ACCEPT: replied})[K.REPLY]
    assert reply.state is ClockState.ENDED
    assert reply.was_met is was_met
    assert not reply.is_overdue(date(2030, 1, 1))


def test_an_extended_clock_is_not_overdue_within_its_extension() -> None:
    extension = Extension(25, Unit.CALENDAR_DAYS, "agencies", date(2026, 4, 12))
    reply = clocks("CH", {ACK: "2026-03-18"}, extensions=[extension])[K.REPLY]
    assert not reply.is_overdue(date(2026, 5, 7))
    assert reply.is_overdue(date(2026, 5, 8))


def test_a_date_over_an_estimated_holiday_says_so_and_names_its_calendar() -> None:
    reply = clocks("CH", {ACK: "2027-03-08"}, kind=TCN, procedure=ACCELERATED)[K.REPLY_ACCELERATED]
    assert reply.rests_on_estimate
    assert reply.calendar_version.startswith("AZ/")
    assert any(step.is_estimated for step in reply.steps)
    calm = clocks("CH", {ACK: "2026-04-06"}, kind=TCN, procedure=ACCELERATED)[K.REPLY_ACCELERATED]
    assert not calm.rests_on_estimate


def test_a_date_in_calendar_days_rests_on_no_calendar() -> None:
    reply = clocks("CH", {ACK: "2027-03-01"})[K.REPLY]
    assert not reply.rests_on_estimate
    assert reply.calendar_version == ""


def test_an_own_national_with_documents_needs_no_notice_but_others_do() -> None:
    assert K.TRANSFER_NOTICE not in clocks("CH", {PLANNED: "2026-04-08"}, procedure=NONE)
    assert K.TRANSFER_NOTICE in clocks("CH", {PLANNED: "2026-04-08"}, kind=TCN, procedure=NONE)


def test_when_home_requests_the_sides_change_places() -> None:
    # Novruz holds the requesting side now; the accelerated reply counts Swiss working days.
    events = {CAUGHT: "2026-03-19", ACK: "2026-03-19"}
    found = clocks("CH", events, kind=TCN, procedure=ACCELERATED, is_outgoing=True)
    assert found[K.SUBMISSION_ACCELERATED].due_on == date(2026, 4, 1)
    assert found[K.REPLY_ACCELERATED].due_on == date(2026, 3, 23)
    assert K.AGENCY_INQUIRIES not in found


def test_the_domestic_certificate_has_a_target_of_its_own() -> None:
    found = clocks("DE", {ACCEPT: "2026-04-06", Event.DOCUMENT_REQUESTED: "2026-04-07"})
    assert found[K.DOCUMENT_DOMESTIC].due_on == date(2026, 4, 10)
    assert found[K.DOCUMENT_DOMESTIC].is_internal


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime.fromisoformat("2026-03-18T16:05")
    with pytest.raises(ValueError, match="aware"):
        legal_day(naive, "Asia/Baku")


def test_the_domestic_certificate_falls_short_of_the_swiss_validity() -> None:
    issued, valid_until = date(2026, 4, 1), date(2026, 5, 1)
    assert validity_shortfall(SWITZERLAND, issued_on=issued, valid_until=valid_until) == 60
    assert validity_shortfall(SWITZERLAND, issued_on=issued, valid_until=date(2026, 6, 30)) is None
    assert validity_shortfall(EU, issued_on=issued, valid_until=valid_until) is None
