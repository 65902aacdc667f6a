"""What the words of a case are called on a page, and what its refusals mean."""

from typing import Any

from flask_babel import lazy_gettext as _l

from ercms.cases.clock_reasons import ChangeReason
from ercms.cases.enums import (
    ApprehensionPlace,
    ClockStatus,
    MemberRelation,
    OpeningMark,
    OpeningPurpose,
    SealGround,
    Section,
    StopGround,
)
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register
from workflows.readmission import CaseKind, CaseState, Procedure, Proposal, Stage

SECTION_LABELS: dict[Section, Any] = {
    Section.REQUEST: _l("Request"),
    Section.PERSON: _l("Person"),
    Section.CONTACT: _l("Residence and contact"),
    Section.FAMILY: _l("Family"),
    Section.EVIDENCE: _l("Evidence"),
    Section.CIRCUMSTANCES: _l("Special circumstances"),
    Section.JOURNEY: _l("Journey"),
}
register(Section, SECTION_LABELS)
register(
    CaseState,
    {
        CaseState.DRAFT: _l("Draft"),
        CaseState.SUBMITTED: _l("Submitted"),
        CaseState.INCOMPLETE: _l("Completion asked for"),
        CaseState.WITHDRAWN: _l("Withdrawn"),
        CaseState.UNDER_VERIFICATION: _l("Under verification"),
        CaseState.DECISION_PROPOSED: _l("Decision proposed"),
        CaseState.ACCEPTED: _l("Accepted"),
        CaseState.REFUSED: _l("Refused"),
        CaseState.LAPSED: _l("Reply limit passed"),
        CaseState.DOCUMENT_REQUESTED: _l("Travel document asked for"),
        CaseState.DOCUMENT_ISSUED: _l("Travel document issued"),
        CaseState.TRANSFER_NOTIFIED: _l("Transfer announced"),
        CaseState.TRANSFERRED: _l("Arrived"),
        CaseState.TRANSFER_FAILED: _l("Transfer failed"),
        CaseState.ACCEPTANCE_EXPIRED: _l("Acceptance expired"),
        CaseState.TAKEN_BACK: _l("Taken back"),
        CaseState.REFERRAL_OFFERED: _l("Support offered"),
        CaseState.REFERRAL_DECLINED: _l("Support declined"),
        CaseState.REFERRED: _l("Referred to a partner"),
        CaseState.REINTEGRATING: _l("In reintegration"),
        CaseState.CLOSED: _l("Closed"),
    },
)
register(
    Proposal,
    {Proposal.ACCEPTANCE: _l("Acceptance"), Proposal.REFUSAL: _l("Refusal")},
)
register(
    MemberRelation,
    {
        MemberRelation.PRINCIPAL: _l("Person concerned"),
        MemberRelation.SPOUSE: _l("Spouse"),
        MemberRelation.CHILD: _l("Minor child"),
    },
)
register(
    StopGround,
    {
        StopGround.REMEDY_WITH_SUSPENSIVE_EFFECT: _l("Remedy with suspensive effect"),
        StopGround.CRISIS_MEASURE: _l("Crisis measure"),
        StopGround.RECOGNISED_OBSTACLE: _l("Obstacle that the agreement recognises"),
    },
)
register(
    ClockStatus,
    {
        ClockStatus.WAITING: _l("Has not started"),
        ClockStatus.UNKNOWN_LENGTH: _l("Length unknown"),
        ClockStatus.OVER: _l("No longer owed"),
        ClockStatus.RUNNING: _l("Running"),
        ClockStatus.STOPPED: _l("Stopped"),
        ClockStatus.MET: _l("Met"),
        ClockStatus.MISSED: _l("Missed"),
        ClockStatus.SUPERSEDED: _l("No longer counts"),
    },
)
register(
    OpeningPurpose,
    {
        OpeningPurpose.STANDING_IN: _l("I stand in for the officer in charge"),
        OpeningPurpose.AUTHORITY_ASKED: _l("An authority has asked about the case"),
        OpeningPurpose.PERSON_ASKED: _l("The person, or whoever speaks for them, has asked"),
        OpeningPurpose.SAME_PERSON: _l("A case of mine may be about the same person"),
        OpeningPurpose.QUALITY: _l("I check how cases are worked on"),
        OpeningPurpose.OTHER: _l("Another reason"),
    },
)
register(OpeningMark, {OpeningMark.LOOKED_AT: _l("Looked at"), OpeningMark.QUESTIONED: _l("Questioned")})
register(
    SealGround,
    {
        SealGround.TRAFFICKING: _l("Possible victim of trafficking"),
        SealGround.MINOR_ALONE: _l("A child without a parent or guardian"),
        SealGround.OTHER: _l("Another reason, said below"),
    },
)
register(
    ApprehensionPlace,
    {
        ApprehensionPlace.BORDER_AREA: _l("In the border area that the agreement names"),
        ApprehensionPlace.ELSEWHERE: _l("Elsewhere"),
    },
)
register(
    Stage,
    {
        Stage.REQUEST: _l("Request"),
        Stage.IDENTITY_VERIFICATION: _l("Identity verification"),
        Stage.TRAVEL_DOCUMENT: _l("Travel document"),
        Stage.RETURN: _l("Return"),
        Stage.REINTEGRATION: _l("Reintegration"),
        Stage.CLOSED: _l("Closed"),
    },
)

KIND_HINTS: dict[CaseKind, Any] = {
    CaseKind.OWN_NATIONAL: _l("With the spouse and minor children who travel along."),
    CaseKind.THIRD_COUNTRY_NATIONAL: _l("A national of another State who stayed in, or came through, Azerbaijan."),
    CaseKind.STATELESS: _l("A person whom no State considers its national."),
    CaseKind.TRANSIT: _l("A journey through Azerbaijan to another State."),
}
PROCEDURE_HINTS: dict[Procedure, Any] = {
    Procedure.NORMAL: _l("An application, with a reply within the agreement's limit."),
    Procedure.ACCELERATED: _l("For a person found in the border area right after crossing; the limits are short."),
    Procedure.NONE: _l("Where the agreement lets a valid travel document stand in for the application."),
}
register_reasons(
    {
        "already_sealed": _l("The case is sealed already."),
        "not_sealed": _l("The case is not sealed."),
        "last_supervisor": _l("One supervisor must remain who can name others."),
        "not_a_reader": _l("This officer is no reader of the sealed case. Name the officer as a reader first."),
        "case_not_editable": _l("The request has been sent. It can be changed only while a completion is asked for."),
        "evidence_was_sent": _l("What was sent stays with the request. A file can be replaced, not removed."),
        "version_missing": _l("The form does not say which version of the request it was filled in on."),
        "transition_not_allowed": _l("The case is not in a state in which this can be done."),
        "name_missing": _l("At least one name of the person is needed."),
        "requesting_authority_missing": _l("The requesting authority is missing."),
        "application_not_needed": _l("Under this procedure no application is sent."),
        "application_needed": _l("Under the agreement this request needs an application."),
        "member_cannot_be_removed": _l("Only family members of a draft can be removed."),
        "unknown_authority": _l("Choose the requesting authority."),
        "state_not_of_authority": _l("This State is not one of the requesting authority's."),
        "one_principal_only": _l("An application is about one person; add a spouse or minor children."),
        "too_many_members": _l("An application holds at most 20 persons."),
        "search_too_short": _l("Enter at least four characters."),
        "unknown_officer": _l("Choose an officer who works on cases."),
        "bad_cursor": _l("This page of the list does not exist. Begin at the first page."),
        "no_such_limit": _l("The case has no such limit."),
        "stop_already_ended": _l("This stop has ended already."),
        "stop_ends_before_start": _l("The last day lies before the first."),
        "reason_missing": _l("A reason in writing is needed."),
        "procedure_unknown": _l("The procedure is not known."),
        "kind_unknown": _l("Whom the request concerns is not known."),
        "application_not_waived": _l("The agreement does not let this request do without an application."),
        "document_missing": _l("There is no travel document on record."),
        "document_expired": _l("The travel document has expired."),
        "legal_ground_missing": _l("Name the article on which the decision rests."),
        "written_reasons_missing": _l("Reasons in writing are needed."),
        "proposal_is_not_acceptance": _l("What was proposed is not an acceptance."),
        "proposal_is_not_refusal": _l("What was proposed is not a refusal."),
        "proposer_unknown": _l("Who made the proposal is not known."),
        "own_proposal": _l("Nobody confirms or sends back their own proposal."),
        "person_required": _l("Only a person may do this."),
        "case_suspended": _l("The clocks of this case stand still on a legal ground."),
        "suspension_unknown": _l("Whether the case is suspended is not known."),
        "reply_not_owed": _l("No reply is owed any more."),
        "no_reply_limit": _l("No reply limit runs in this case."),
        "reply_limit_not_passed": _l("The reply limit has not passed yet."),
        "silence_means_nothing": _l("Under the agreement silence has no effect: the case is overdue and nothing else."),
        "silence_unknown": _l("What silence means under the agreement is not known."),
        "reply_term_not_verified": _l("The reply limit is not verified; only a person may decide this."),
        "silence_term_not_verified": _l("The effect of silence has not been verified in the agreement."),
        "document_not_needed": _l("A valid travel document is on record already."),
        "transit_needs_no_document": _l("A transit needs no document of ours."),
        "standard_document_not_allowed": _l(
            "The agreement does not allow the requesting State's standard document here."
        ),
        "transit_has_no_referral": _l("A person in transit does not stay; no support is offered."),
        "transfer_date_missing": _l("The day of the transfer is missing."),
        "transfer_date_past": _l("The day of the transfer lies in the past."),
        "document_expires_before_transfer": _l("The travel document expires before the transfer."),
        "transfer_limit_passed": _l("The transfer limit has passed."),
        "transfer_date_after_limit": _l("The day of the transfer lies after the transfer limit."),
        "minor_status_unknown": _l("Whether the person is a child alone is not known."),
        "minor_safeguards_incomplete": _l(
            "For a child alone, guardian, best-interests determination and receiving adult must be on record first."
        ),
        "no_transfer_limit": _l("No transfer limit runs in this case."),
        "transfer_limit_not_passed": _l("The transfer limit has not passed yet."),
        "transfer_term_not_verified": _l("The transfer limit is not verified; only a person may decide this."),
        "extension_missing": _l("Record an extension first; the limit has passed."),
        "person_not_readmitted": _l("The person has not arrived, or was taken back already."),
        "error_window_passed": _l("The time for taking back a person readmitted in error has passed."),
        "consent_missing": _l("The person's consent is missing."),
        "partner_missing": _l("Name the partner."),
        "referral_not_finished": _l("The referral has not been finished yet."),
    }
)
register(
    ChangeReason,
    {
        ChangeReason.TERM: _l("The term changed, or how sure it is"),
        ChangeReason.START: _l("What starts the limit became known, or changed"),
        ChangeReason.STOP: _l("A stop was recorded or ended"),
        ChangeReason.EXTENSION: _l("An extension was recorded"),
        ChangeReason.CALENDAR: _l("The calendar of working days changed"),
        ChangeReason.ENDED: _l("The act was done"),
        ChangeReason.CASE_WENT_ON: _l("The case went on"),
        ChangeReason.NOT_COUNTED_ANY_MORE: _l("Nothing of this kind is owed any more"),
    },
)
