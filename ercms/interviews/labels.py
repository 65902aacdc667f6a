"""What the words of interviews are called on a page, and what their refusals mean."""

from flask_babel import lazy_gettext as _l

from ercms.interviews.enums import CalledOffBecause, InterviewMode, InterviewOutcome
from ercms.web import labels
from ercms.web.error_handlers import register_reasons
from workflows.interview import InterviewState

labels.register(
    InterviewState,
    {
        InterviewState.REQUESTED: _l("The mission is to offer times"),
        InterviewState.SLOTS_OFFERED: _l("Times are offered"),
        InterviewState.AGREED: _l("A time is agreed on"),
        InterviewState.MISSED: _l("The person did not come"),
        InterviewState.HELD: _l("The interview was held"),
        InterviewState.CLOSED_WITHOUT: _l("Closed without an interview"),
        InterviewState.CANCELLED: _l("The interview was called off"),
    },
)
labels.register(
    CalledOffBecause,
    {
        CalledOffBecause.REQUEST_DECIDED: _l("The request was decided before the interview took place."),
        CalledOffBecause.REQUEST_WITHDRAWN: _l("The request was withdrawn before the interview took place."),
        CalledOffBecause.REPLY_LIMIT_PASSED: _l(
            "The limit of the reply passed before the interview took place. If the Service still replies, it can ask"
            " for the interview anew."
        ),
    },
)
labels.register(
    InterviewMode,
    {InterviewMode.IN_PERSON: _l("In person"), InterviewMode.VIDEO: _l("By video")},
)
labels.register(
    InterviewOutcome,
    {
        InterviewOutcome.CONFIRMED: _l("Nationality confirmed"),
        InterviewOutcome.NOT_CONFIRMED: _l("Nationality not confirmed"),
        InterviewOutcome.INCONCLUSIVE: _l("Nationality remains open"),
    },
)
register_reasons(
    {
        "no_interview_now": _l("Interviews are possible from submission to decision only."),
        "interview_open": _l("An interview of this person is under way already."),
        "interview_not_in_state": _l("The interview is no longer in the state for this."),
        "interview_place_missing": _l("Say where the interview is held, or give the link."),
        "slots_missing": _l("Offer at least one time."),
        "slot_in_the_past": _l("A time lies in the past."),
        "slot_taken": _l("The mission has agreed on another interview at one of these times."),
        "slot_not_offered": _l("Choose one of the times offered last."),
        "no_third_appointment": _l("The person did not come twice: there is no third appointment."),
        "contact_not_confirmed": _l("No time is agreed on before this is confirmed."),
        "interview_not_begun": _l("The time agreed on has not come yet."),
        "interview_outcome_missing": _l("A protocol needs an outcome."),
        "protocol_missing": _l("An interview that was held needs a protocol."),
        "unknown_mission": _l("Choose one of the missions offered."),
    }
)
