"""Turn what happened, as the outbox brings it, into notices, in the same way for both sides."""

from datetime import timedelta

from ercms.accounts import service as accounts
from ercms.cases import service as cases
from ercms.core import jobs, outbox
from ercms.core.actor import OrganisationKind, Role
from ercms.core.outbox import Delivery
from ercms.factors import reset_service
from ercms.notifications import mail, service, watch
from ercms.notifications.audiences import MOVES, CaseParties, Directory, Recipient
from ercms.notifications.enums import Audience, NoticeEvent
from ercms.reading import service as reading
from workflows.readmission import CaseTrigger

_INQUIRY_EVENTS = {
    "inquiry.sent": NoticeEvent.INQUIRY_RECEIVED,
    "inquiry.withdrawn": NoticeEvent.INQUIRY_WITHDRAWN,
    "inquiry.due": NoticeEvent.INQUIRY_DUE,
    "inquiry.overdue": NoticeEvent.INQUIRY_OVERDUE,
}

_INTERVIEW_EVENTS = {
    "requested": NoticeEvent.INTERVIEW_TIMES_NEEDED,
    "slots_offered": NoticeEvent.INTERVIEW_OFFERED,
    "agreed": NoticeEvent.INTERVIEW_AGREED,
    "missed": NoticeEvent.INTERVIEW_MISSED,
    "held": NoticeEvent.INTERVIEW_HELD,
    "closed_without": NoticeEvent.INTERVIEW_ENDED,
    "cancelled": NoticeEvent.INTERVIEW_ENDED,
}

_MARK_EVENTS = {
    "asked": NoticeEvent.MARK_ASKED,
    "correction": NoticeEvent.DATA_CORRECTED,
    "restriction": NoticeEvent.USE_RESTRICTED,
    "lifted": NoticeEvent.RESTRICTION_LIFTED,
    "refused": NoticeEvent.MARK_REFUSED,
}


def register() -> None:
    """Name the handlers of the topics that somebody must be told of, and the jobs that watch the limits."""
    outbox.register_handler("case.moved", on_case_moved)
    outbox.register_handler("message.sent", on_message_sent)
    outbox.register_handler("inquiry.answered", on_inquiry_answered)
    outbox.register_handler("interview.asked", on_interview)
    outbox.register_handler("interview.moved", on_interview)
    outbox.register_handler("case.dates_moved", on_dates_moved)
    outbox.register_handler("file.infected", on_file_infected)
    outbox.register_handler("person.marked", on_person_marked)
    outbox.register_handler(reading.TOPIC, on_unusual_reading)
    for topic in _INQUIRY_EVENTS:
        outbox.register_handler(topic, on_inquiry_for_agency)
    outbox.register_handler(reset_service.ACCOUNT_TOPIC, on_account_changed)
    outbox.register_handler(service.MAIL_TOPIC, mail.address_notice)
    outbox.register_handler(mail.POST_TOPIC, mail.post_notice)
    jobs.register_job("deadline_warnings", timedelta(hours=1), watch.warn_of_limits)
    jobs.register_job("inquiry_reminders", timedelta(hours=1), watch.remind_agencies)
    jobs.register_job("limits_passed", timedelta(hours=24), watch.record_passed_limits)


def on_case_moved(delivery: Delivery) -> None:
    """Tell whoever must know of a move of a case."""
    event, audiences = MOVES[CaseTrigger(delivery.payload["trigger"])]
    if audiences:
        parties = _parties(delivery)
        _notify(delivery, event, Directory.load().recipients(parties, audiences))


def on_message_sent(delivery: Delivery) -> None:
    """Tell the other side of a message: SMS of one from abroad, and those abroad who take part of one from SMS."""
    parties, sender_id = _parties(delivery), delivery.payload["from_organisation_id"]
    sender = accounts.get_organisation(sender_id)
    audience = Audience.REQUESTING if sender.kind is OrganisationKind.MIGRATION_SERVICE else Audience.OFFICER
    directory = Directory.load()
    others = [Recipient(writer) for writer in delivery.payload["writers"] if writer not in directory.service_ids]
    recipients = dict.fromkeys((*directory.recipients(parties, [audience]), *others))
    _notify(delivery, NoticeEvent.MESSAGE_RECEIVED, [r for r in recipients if r.organisation_id != sender_id])


def on_inquiry_for_agency(delivery: Delivery) -> None:
    """Tell an agency what became of an inquiry that was put to it, and nobody else."""
    _notify(delivery, _INQUIRY_EVENTS[delivery.topic], [Recipient(delivery.payload["agency_id"])])


def on_inquiry_answered(delivery: Delivery) -> None:
    """Tell the officer in charge that an agency has answered."""
    recipients = Directory.load().recipients(_parties(delivery), [Audience.OFFICER])
    _notify(delivery, NoticeEvent.INQUIRY_ANSWERED, recipients)


def on_interview(delivery: Delivery) -> None:
    """Tell the others of a step of an interview: the mission, the requesting authority, the officer in charge.

    The notice names the case and the step; place, link and time stand on the page alone.
    """
    is_new = delivery.topic == "interview.asked"
    event = NoticeEvent.INTERVIEW_ASKED if is_new else _INTERVIEW_EVENTS[delivery.payload["state"]]
    others = Directory.load().recipients(_parties(delivery), [Audience.REQUESTING, Audience.OFFICER])
    everybody = dict.fromkeys((Recipient(delivery.payload["mission_id"]), *others))
    by = delivery.payload["by_organisation_id"]
    _notify(delivery, event, [one for one in everybody if one.organisation_id != by])


def on_file_infected(delivery: Delivery) -> None:
    """Tell whoever sent a file that the scanner found something in it later on, and that it is gone."""
    _notify(delivery, NoticeEvent.FILE_INFECTED, [Recipient(delivery.payload["organisation_id"])])


def on_person_marked(delivery: Delivery) -> None:
    """Tell of a correction or a restriction: whoever sent the data and whoever received them, once it is granted."""
    what, directory, parties = delivery.payload["what"], Directory.load(), _parties(delivery)
    if what == "refused":
        recipients: tuple[Recipient, ...] = (Recipient(delivery.payload["asked_by_organisation_id"]),)
    elif what == "asked":
        recipients = _data_protection_officers()
    else:
        told = directory.recipients(parties, [Audience.REQUESTING, Audience.MISSION, Audience.OFFICER])
        received = [Recipient(organisation_id) for organisation_id in delivery.payload["receivers"]]
        recipients = tuple(dict.fromkeys((*told, *received)))
    _notify(delivery, _MARK_EVENTS[what], recipients)


def on_dates_moved(delivery: Delivery) -> None:
    """Tell the officers in charge which of their cases have a date that a change of the law moved."""
    directory = Directory.load()
    service_desk = [Recipient(organisation_id) for organisation_id in directory.service_ids]
    told = delivery.payload
    for case_id, reference, officer_id in zip(told["case_ids"], told["references"], told["officer_ids"], strict=True):
        officer = directory.officers.get(officer_id)
        service.notify(
            event=NoticeEvent.DATES_MOVED.value,
            recipients=[officer] if officer else service_desk,
            key=f"{delivery.id}:{case_id}",
            case_id=case_id,
            case_reference=reference,
        )


def on_account_changed(delivery: Delivery) -> None:
    """Tell the owner of an account what somebody else has done with it."""
    user = accounts.get_user(delivery.payload["user_id"])
    event = NoticeEvent(delivery.payload["event"])
    service.notify(event=event.value, recipients=[Recipient(user.organisation_id, user.id)], key=delivery.key)


def on_unusual_reading(delivery: Delivery) -> None:
    """Tell the data protection officers that somebody opened unusually many files; who it was stands on their list."""
    is_stop = delivery.payload["what"] == "stopped"
    event = NoticeEvent.READING_STOPPED if is_stop else NoticeEvent.READING_UNUSUAL
    service.notify(event=event.value, recipients=_data_protection_officers(), key=delivery.key)


def _data_protection_officers() -> tuple[Recipient, ...]:
    officers = accounts.list_officers(role=Role.DATA_PROTECTION_OFFICER)
    return tuple(Recipient(officer.organisation_id, officer.id) for officer in officers)


def _parties(delivery: Delivery) -> CaseParties:
    case = cases.get_case_of_record(case_id=delivery.payload["case_id"])
    return CaseParties(
        case_id=case.id,
        reference=case.reference,
        requesting_organisation_id=case.requesting_organisation_id,
        requesting_state=case.requesting_state,
        assigned_to_id=case.assigned_to_id,
        partner_id=case.referral_partner_id,
    )


def _notify(delivery: Delivery, event: NoticeEvent, recipients: list[Recipient] | tuple[Recipient, ...]) -> None:
    service.notify(
        event=event.value,
        recipients=recipients,
        key=delivery.key,
        case_id=delivery.payload["case_id"],
        case_reference=delivery.payload["reference"],
    )
