"""What may happen in a case of the demonstration, beat by beat."""

from collections.abc import Callable
from datetime import date, timedelta

from ercms.cases import steps, worklist
from ercms.cases.enums import StopGround
from ercms.cases.schemas import ExtensionRequest, StopRequest
from ercms.core.actor import Actor
from ercms.demonstration import meetings, pictures, reception, referrals
from ercms.demonstration.play import Play, read
from ercms.messages import service as messages
from ercms.messages.schemas import MessageRequest
from ercms.returns.enums import TransferFailure, TransferMeans
from ercms.travel_documents import queries as document_queries
from ercms.travel_documents import service as travel_documents
from ercms.travel_documents.schemas import DocumentIssue
from ercms.verification import grounds
from workflows.agreement_files import load_internal
from workflows.deadlines import ClockKind
from workflows.readmission import CaseKind, CaseTrigger, Proposal
from workflows.travel_document import DocumentState

T = CaseTrigger
Scene = Callable[[Play], None]

# How long the papers of a requesting State are good for in the demonstration.
_WEEKS_OF_FOREIGN_PAPERS = 26
_UNASSIGNED = 0.12
# In the order of the texts that tell what happened.
_FAILURES = (
    TransferFailure.ABSCONDED,
    TransferFailure.RESISTANCE,
    TransferFailure.MEDICAL,
    TransferFailure.LEGAL_REMEDY,
)


def _assign(play: Play) -> None:
    if play.chance.random() > _UNASSIGNED:
        play.name(play.case_worker)
        worklist.assign(actor=play.supervisor, references=[play.reference], officer_id=play.case_worker.user_id)


def _acknowledge(play: Play) -> None:
    play.act(play.case_worker, T.ACKNOWLEDGE)


def _talk(play: Play) -> None:
    if play.chance.random() < 0.5:
        return
    play.name(play.case_worker)
    _say(play, play.officer, "message_in")
    if play.chance.random() < 0.6:
        messages.mark_read(actor=play.case_worker, case=reception.case_of(play))
        _say(play, play.case_worker, "message_out")


def _say(play: Play, actor: Actor, key: str) -> None:
    values = read(MessageRequest(), {"body": play.text(key)})
    messages.send(actor=actor, reference=play.reference, values=values)


def _request_completion(play: Play) -> None:
    play.act(play.case_worker, T.REQUEST_COMPLETION, question=play.text("question"))


def _complete(play: Play) -> None:
    play.act(play.officer, T.COMPLETE, answer=play.text("answer"))


def _propose(proposal: Proposal, trigger: CaseTrigger, key: str) -> Scene:
    def scene(play: Play) -> None:
        meetings.call_off(play)
        offered = grounds.grounds_for(case=reception.case_of(play), proposal=proposal)
        play.act(play.case_worker, trigger, ground=play.chance.choice(offered[:3]).code, reasons=play.text(key))

    return scene


def _confirm(trigger: CaseTrigger) -> Scene:
    def scene(play: Play) -> None:
        note = {"note": play.text("note")} if play.chance.random() < 0.4 else {}
        play.act(play.supervisor, trigger, **note)

    return scene


def _with_reason(trigger: CaseTrigger, key: str, who: Callable[[Play], Actor]) -> Scene:
    def scene(play: Play) -> None:
        play.act(who(play), trigger, reason=play.text(key))

    return scene


def _plain(trigger: CaseTrigger, who: Callable[[Play], Actor]) -> Scene:
    def scene(play: Play) -> None:
        play.act(who(play), trigger)

    return scene


def _stop(play: Play) -> None:
    ground = play.chance.choice(list(StopGround))
    raw = {"ground": ground.value, "from_on": play.on.isoformat(), "note": play.text("stop_note")}
    values = read(StopRequest(), raw)
    play.name(play.case_worker)
    steps.record_stop(actor=play.case_worker, reference=play.reference, expected_version=None, values=values)


def _extension(kind: ClockKind, length: int) -> Scene:
    def scene(play: Play) -> None:
        raw = {
            "kind": kind.value,
            "length": length,
            "notified_on": play.on.isoformat(),
            "ground": play.text("extension"),
        }
        values = read(ExtensionRequest(), raw)
        play.name(play.case_worker)
        steps.record_extension(actor=play.case_worker, reference=play.reference, expected_version=None, values=values)

    return scene


def _ask_for_papers(play: Play) -> None:
    if play.slot.kind is CaseKind.OWN_NATIONAL:
        play.act(play.chance.choice((play.case_worker, play.officer)), T.REQUEST_DOCUMENT)


def _issue_papers(play: Play) -> None:
    if play.slot.kind is not CaseKind.OWN_NATIONAL:
        until = play.on + timedelta(weeks=_WEEKS_OF_FOREIGN_PAPERS)
        play.act(play.officer, T.RECORD_STANDARD_DOCUMENT, **_paper(play, "LP", until))
        return
    play.act(play.consul, T.ISSUE_DOCUMENT, **_certificate(play))
    for document in document_queries.list_of_case(play.case_id):
        if document.state is DocumentState.REQUESTED:
            travel_documents.issue_member_document(
                actor=play.consul, document_id=document.id, values=read(DocumentIssue(), _certificate(play))
            )


def _certificate(play: Play) -> dict[str, str]:
    validity = load_internal().terms["document.domestic_validity"].length or 1
    return _paper(play, "QŞ", play.on + timedelta(days=validity))


def _paper(play: Play, letters: str, until: date) -> dict[str, str]:
    number = f"{letters}{play.chance.randrange(10**6):06}"
    return {"number": number, "issued_on": play.on.isoformat(), "valid_until": until.isoformat()}


def _register(play: Play) -> None:
    until = (play.on + timedelta(weeks=_WEEKS_OF_FOREIGN_PAPERS)).isoformat()
    play.act(play.officer, T.REGISTER_WITHOUT_APPLICATION, document_valid_until=until)


def _notify(play: Play) -> None:
    facts = play.authority.facts
    carrier, flight = play.chance.choice(facts["carriers"])
    is_charter = "charter" in carrier.lower()
    values = {
        "transfer_on": _transfer_day(play).isoformat(),
        "means": (TransferMeans.CHARTER_FLIGHT if is_charter else TransferMeans.SCHEDULED_FLIGHT).value,
        "crossing_point": play.chance.choice(facts["crossing_points"]),
        "carrier": carrier,
        "flight_number": flight,
        "arrival_time": f"{play.chance.randint(6, 22):02}:{play.chance.choice((5, 20, 35, 50)):02}",
    }
    if play.chance.random() < 0.4:
        values["escorts"] = play.text("escorts")
    if play.chance.random() < 0.4:
        values["notes"] = play.text("notes")
    play.act(play.officer, T.NOTIFY_TRANSFER, **values)


def _transfer_day(play: Play) -> date:
    """Return the day on which the person then arrives, or does not; else one about today, a few of them overdue."""
    happened = play.day_of_next("arrival", "failed")
    if happened is not None:
        return happened
    return max(play.on, play.today + timedelta(days=play.slot.position % 12 - 2))


def _arrive(play: Play) -> None:
    play.act(play.border_officer, T.CONFIRM_ARRIVAL, arrived_on=play.on.isoformat())


def _fail(play: Play) -> None:
    failure = play.chance.choice(tuple(_FAILURES))
    note = reception.texts("failure")[_FAILURES.index(failure)]
    play.act(play.border_officer, T.RECORD_TRANSFER_FAILURE, failure=failure.value, note=note)


def _close(play: Play) -> None:
    key = "closing_transit" if play.slot.kind is CaseKind.TRANSIT else "closing"
    play.act(play.case_worker, T.CLOSE, reason=play.text(key))


def _withdraw(play: Play) -> None:
    meetings.call_off(play)
    play.act(play.officer, T.WITHDRAW, reason=play.text("withdrawal"))


def _nothing(play: Play) -> None:
    """Leave the draft as it is."""


SCENES: dict[str, Scene] = {
    "drafted": _nothing,
    "submit": _plain(T.SUBMIT, lambda play: play.officer),
    "register_without_application": _register,
    "acknowledge": _acknowledge,
    "assign": _assign,
    "inquiries": reception.send_inquiries,
    "answers": reception.answer_most,
    "late_answers": reception.answer_all,
    "talk": _talk,
    "request_completion": _request_completion,
    "complete": _complete,
    "propose_acceptance": _propose(Proposal.ACCEPTANCE, T.PROPOSE_ACCEPTANCE, "acceptance"),
    "propose_refusal": _propose(Proposal.REFUSAL, T.PROPOSE_REFUSAL, "refusal"),
    "send_back": _with_reason(T.SEND_BACK, "send_back", lambda play: play.supervisor),
    "confirm_acceptance": _confirm(T.CONFIRM_ACCEPTANCE),
    "confirm_refusal": _confirm(T.CONFIRM_REFUSAL),
    "reopen": _with_reason(T.REOPEN, "reopening", lambda play: play.supervisor),
    "lapse": _plain(T.LAPSE, lambda play: play.case_worker),
    "stop": _stop,
    "reply_extension": _extension(ClockKind.REPLY, 20),
    "transfer_extension": _extension(ClockKind.TRANSFER, 1),
    "papers_asked": _ask_for_papers,
    "papers": _issue_papers,
    "reissue_document": _with_reason(T.REISSUE_DOCUMENT, "reissue", lambda play: play.officer),
    "notify_transfer": _notify,
    "cancel_transfer": _with_reason(T.CANCEL_TRANSFER, "cancellation", lambda play: play.officer),
    "arrival": _arrive,
    "failed": _fail,
    "expire_acceptance": _plain(T.EXPIRE_ACCEPTANCE, lambda play: play.case_worker),
    "take_back": _with_reason(T.TAKE_BACK, "taking_back", lambda play: play.case_worker),
    "withdraw": _withdraw,
    "close": _close,
    **meetings.SCENES,
    **pictures.SCENES,
    **referrals.SCENES,
}
