"""Who must know of what: one table from what happened to who is told, and who that is in a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ercms.accounts import service as accounts
from ercms.core.actor import OrganisationKind, Role
from ercms.notifications.enums import Audience, NoticeEvent
from workflows.readmission import CaseTrigger

A, E, T = Audience, NoticeEvent, CaseTrigger


@dataclass(frozen=True, slots=True)
class Recipient:
    """An organisation, or one officer of it."""

    organisation_id: str
    user_id: str | None = None

    @property
    def key(self) -> str:
        """Return what tells this recipient from others, for keys."""
        return f"u:{self.user_id}" if self.user_id else f"o:{self.organisation_id}"


@dataclass(frozen=True, slots=True)
class CaseParties:
    """Who has to do with a case, by identifiers alone."""

    case_id: str
    reference: str
    requesting_organisation_id: str
    requesting_state: str
    assigned_to_id: str | None
    partner_id: str | None = None


MOVES: Mapping[CaseTrigger, tuple[NoticeEvent, tuple[Audience, ...]]] = {
    T.SUBMIT: (E.REQUEST_RECEIVED, (A.OFFICER, A.MISSION)),
    T.REGISTER_WITHOUT_APPLICATION: (E.RETURN_REGISTERED, (A.OFFICER, A.MISSION)),
    T.ACKNOWLEDGE: (E.RECEIPT_CONFIRMED, (A.REQUESTING,)),
    T.REQUEST_COMPLETION: (E.COMPLETION_ASKED, (A.REQUESTING,)),
    T.COMPLETE: (E.COMPLETION_SENT, (A.OFFICER,)),
    T.WITHDRAW: (E.REQUEST_WITHDRAWN, (A.OFFICER, A.MISSION)),
    T.PROPOSE_ACCEPTANCE: (E.DECISION_PROPOSED, (A.SUPERVISORS,)),
    T.PROPOSE_REFUSAL: (E.DECISION_PROPOSED, (A.SUPERVISORS,)),
    T.SEND_BACK: (E.PROPOSAL_SENT_BACK, (A.OFFICER,)),
    T.CONFIRM_ACCEPTANCE: (E.REQUEST_ACCEPTED, (A.REQUESTING, A.MISSION, A.OFFICER)),
    T.CONFIRM_REFUSAL: (E.REQUEST_REFUSED, (A.REQUESTING, A.MISSION, A.OFFICER)),
    T.LAPSE: (E.REPLY_LIMIT_PASSED, (A.REQUESTING, A.OFFICER, A.SUPERVISORS)),
    T.RECORD_DEEMED_CONSENT: (E.CONSENT_DEEMED, (A.REQUESTING, A.MISSION, A.OFFICER)),
    T.REPLY_LATE: (E.TAKEN_UP_AGAIN, (A.REQUESTING,)),
    T.REOPEN: (E.TAKEN_UP_AGAIN, (A.REQUESTING, A.OFFICER)),
    T.REQUEST_DOCUMENT: (E.DOCUMENT_REQUESTED, (A.MISSION,)),
    T.ISSUE_DOCUMENT: (E.DOCUMENT_ISSUED, (A.REQUESTING, A.OFFICER)),
    T.RECORD_STANDARD_DOCUMENT: (E.DOCUMENT_ISSUED, (A.REQUESTING, A.OFFICER)),
    T.REISSUE_DOCUMENT: (E.DOCUMENT_REQUESTED, (A.MISSION,)),
    T.NOTIFY_TRANSFER: (E.TRANSFER_ANNOUNCED, (A.BORDER, A.OFFICER, A.MISSION)),
    T.CANCEL_TRANSFER: (E.TRANSFER_CALLED_OFF, (A.BORDER, A.OFFICER, A.MISSION)),
    T.RECORD_TRANSFER_FAILURE: (E.TRANSFER_FAILED, (A.REQUESTING, A.BORDER, A.OFFICER)),
    T.CONFIRM_ARRIVAL: (E.ARRIVAL_CONFIRMED, (A.REQUESTING, A.OFFICER)),
    T.EXPIRE_ACCEPTANCE: (E.ACCEPTANCE_EXPIRED, (A.REQUESTING, A.OFFICER)),
    T.RENEW_ACCEPTANCE: (E.ACCEPTANCE_RENEWED, (A.REQUESTING, A.MISSION)),
    T.TAKE_BACK: (E.PERSON_TAKEN_BACK, (A.REQUESTING, A.BORDER, A.OFFICER)),
    # What somebody did with help offered at home is nobody's business abroad.
    T.OFFER_REFERRAL: (E.ARRIVAL_CONFIRMED, ()),
    T.DECLINE_REFERRAL: (E.CASE_CLOSED, ()),
    T.REFER: (E.REFERRAL_RECEIVED, (A.PARTNER,)),
    T.RETURN_REFERRAL: (E.REFERRAL_RETURNED, (A.OFFICER,)),
    T.START_REINTEGRATION: (E.REINTEGRATION_STARTED, (A.OFFICER,)),
    T.REVOKE_CONSENT: (E.CONSENT_REVOKED, (A.PARTNER, A.OFFICER)),
    T.CLOSE: (E.CASE_CLOSED, (A.REQUESTING,)),
}


_TOLD = (OrganisationKind.MIGRATION_SERVICE, OrganisationKind.BORDER_SERVICE, OrganisationKind.MISSION)


@dataclass(frozen=True, slots=True)
class Directory:
    """The organisations and officers that can be told, read once for many cases."""

    service_ids: tuple[str, ...]
    border_ids: tuple[str, ...]
    missions: Mapping[str, tuple[str, ...]]
    supervisors: tuple[Recipient, ...]
    officers: Mapping[str, Recipient]

    @classmethod
    def load(cls) -> "Directory":
        """Read who is there now; whoever has left is told nothing."""
        found = accounts.states_of_organisations(*_TOLD)
        missions = found[OrganisationKind.MISSION]
        states = {state for answers_for in missions.values() for state in answers_for}
        posts = accounts.posts_of(Role.CASE_WORKER, Role.SUPERVISOR)
        by_id = {user_id: Recipient(organisation_id, user_id) for user_id, organisation_id, _ in posts}
        return cls(
            service_ids=tuple(found[OrganisationKind.MIGRATION_SERVICE]),
            border_ids=tuple(found[OrganisationKind.BORDER_SERVICE]),
            missions={state: tuple(one for one in missions if state in missions[one]) for state in states},
            supervisors=tuple(by_id[user_id] for user_id, _, role in posts if role is Role.SUPERVISOR),
            officers=by_id,
        )

    def recipients(self, parties: CaseParties, audiences: Iterable[Audience]) -> tuple[Recipient, ...]:
        """Return who is meant by these audiences in a case, each once."""
        found = [recipient for audience in audiences for recipient in self._members(parties, audience)]
        return tuple(dict.fromkeys(found))

    def _members(self, parties: CaseParties, audience: Audience) -> Iterable[Recipient]:
        # A case of nobody, or of somebody who has left, is everybody's in SMS.
        service = [Recipient(organisation_id) for organisation_id in self.service_ids]
        match audience:
            case Audience.REQUESTING:
                return [Recipient(parties.requesting_organisation_id)]
            case Audience.OFFICER:
                officer = self.officers.get(parties.assigned_to_id or "")
                return [officer] if officer else service
            case Audience.SUPERVISORS:
                return self.supervisors or service
            case Audience.MISSION:
                return [Recipient(mission_id) for mission_id in self.missions.get(parties.requesting_state, ())]
            case Audience.PARTNER:
                return [Recipient(parties.partner_id)] if parties.partner_id else []
            case Audience.BORDER:
                return [Recipient(organisation_id) for organisation_id in self.border_ids]
