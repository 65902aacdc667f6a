"""What the administration of the law calls its words and its refusals."""

from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import lazy_gettext as _l

from ercms.agreements.change_enums import DayKind, LawChangeKind, LawTextKind, ProposalState
from ercms.agreements.labels import holiday_label
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register

_REASONS = {
    "term_not_found": _l("The agreement does not speak of this term."),
    "term_already_proposed": _l("A reading of this term waits for a second person already."),
    "proposal_not_found": _l("There is no such proposal."),
    "proposal_already_decided": _l("This proposal has been decided already."),
    "own_proposal": _l("Nobody confirms what they proposed: a second person has to."),
    "closed_cases_after": _l(
        "Cases that are over were received on or after this day: their dates would have to change. "
        "Choose a later day of effect."
    ),
    "two_in_force": _l("With this, two agreements would be in force with one State at once."),
    "status_already_recorded": _l("This step, or one of the same day, is on record already."),
    "bad_law_text": _l("The file has faults; each is named with its line."),
    "text_not_found": _l("There is no such text."),
    "version_on_record": _l("This version is on record already, or waits for a second person."),
    "past_effect": _l(
        "Cases that are over were received on or after this day: they would have come under the new text. "
        "Choose a later day."
    ),
    "protocol_does_not_fit": _l("A protocol that holds names a term which this version does not have."),
    "text_in_effect": _l("The day has come: what counts already cannot be withdrawn."),
    "text_not_confirmed": _l("Only a confirmed text can be withdrawn."),
    "partner_already_named": _l("An agreement names this State already."),
    "day_not_decided": _l("There is no decision on this day to take back."),
    "calendar_not_found": _l("No agreement counts with such a calendar."),
}


def register_labels(state: BlueprintSetupState) -> None:
    """Make the words known to the pages, once the blueprint is registered."""
    state.app.jinja_env.filters["holiday_label"] = holiday_label
    register(
        ProposalState,
        {
            ProposalState.PROPOSED: _l("Waits for a second person"),
            ProposalState.CONFIRMED: _l("Confirmed"),
            ProposalState.REJECTED: _l("Turned down"),
        },
    )
    register(
        DayKind,
        {
            DayKind.HOLIDAY: _l("Day off"),
            DayKind.WORKING_WEEKEND: _l("Worked weekend"),
            DayKind.ORDINARY: _l("Ordinary day of the week"),
        },
    )
    register(
        LawTextKind,
        {
            LawTextKind.VERSION: _l("Version of an agreement"),
            LawTextKind.PROTOCOL: _l("Implementing protocol"),
            LawTextKind.PARTNER: _l("Pending partner"),
        },
    )
    register(
        LawChangeKind,
        {
            LawChangeKind.TERM: _l("Term verified"),
            LawChangeKind.STATUS: _l("Status recorded"),
            LawChangeKind.CALENDAR: _l("Calendar changed"),
            LawChangeKind.TEXT: _l("Text imported"),
        },
    )
    register_reasons(_REASONS)
