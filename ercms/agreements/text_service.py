"""Import texts of the law: one person proposes with a day of effect, an administrator confirms it as the second.

A text is a version of an agreement, an implementing protocol with one State, or a partner whose agreement is pending.
It is kept as it was sent. A case keeps the version under which it was received: a text changes no case, it is what new
cases come under from its day on.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.agreements import change_service, file_rules, overlay, proposals, queries
from ercms.agreements.change_enums import LawChangeKind, LawTextKind, ProposalState
from ercms.agreements.file_reading import Problem
from ercms.agreements.models import LawText
from ercms.agreements.schemas import check_set
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from ercms.core.text import msg
from ercms.extensions import db
from workflows import agreement_files, protocols
from workflows.protocols import Protocol
from workflows.terms import Agreement, AgreementStatus, UnknownTerm

CountClosed = Callable[[Collection[str], Collection[str], datetime], int]
"""Counts the cases that are over, of these versions or States, received from an instant on."""

FAULTY = msg("The file has faults: they stand below, each with its line.")
ON_RECORD = msg("This version is on record already, or waits for a second person.")
TWO_IN_FORCE = msg("With this, two agreements would be in force with one State at once.")
PAST_EFFECT = msg("Cases that are over were received on or after this day. Choose a later day.")
DOES_NOT_FIT = msg("A protocol that holds names a term which this version does not have.")
_MAY = Permission.AGREEMENT_MANAGE


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text says, or what is wrong with it. `before` is what counts now where it is to count."""

    problems: tuple[Problem, ...]
    kind: LawTextKind = LawTextKind.VERSION
    subject: str = ""
    made: Agreement | None = None
    before: Agreement | None = None
    protocol: Protocol | None = None

    @property
    def is_good(self) -> bool:
        """Tell whether nothing is wrong with the text."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class TextRecord:
    """One imported text as it stands on record."""

    id: str
    state: ProposalState
    kind: LawTextKind
    subject: str
    effective_on: date
    digest: str
    proposed_by_id: str
    proposed_at: datetime
    decided_by_id: str | None
    decided_at: datetime | None
    withdrawn_by_id: str | None
    withdrawn_at: datetime | None

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether the text was taken back before its day."""
        return self.withdrawn_at is not None

    def is_withdrawable(self, today: date) -> bool:
        """Tell whether the text is confirmed and its day still to come."""
        return self.state is ProposalState.CONFIRMED and not self.is_withdrawn and self.effective_on > today


def check(*, actor: Actor, text: str, name: str = "agreement.toml") -> Checked:
    """Read a text as it would be imported, and write nothing: its faults by line, or what it would change.

    Negotiators may look too: a draft is checked as a text to be imported is.
    """
    policy.check(actor, Permission.AGREEMENT_EXPLORE)
    return examine(text, name)


def draft_of(*, actor: Actor, text: str) -> Agreement:
    """Return what a draft says that is on nobody's record, for trying it; nothing is written.

    Raises:
        InvalidInput: `bad_law_text`, with each fault by its line.
    """
    checked = check(actor=actor, text=text)
    if checked.made is None:
        raise _faulty(checked)
    return checked.made


def _faulty(checked: Checked) -> InvalidInput:
    """Return the refusal of a text, with its faults for whoever has no page to show them on."""
    faults = [problem.described() for problem in checked.problems]
    return InvalidInput("bad_law_text", fields={"text": [FAULTY]}, faults=faults)


def examine(text: str, name: str = "agreement.toml") -> Checked:
    """Return what a text says, for whoever was let in already."""
    law = overlay.current()
    if file_rules.is_protocol(text):
        return _examined_protocol(text, name, law)
    problems = file_rules.check_file(text, name)
    if problems:
        return Checked(problems)
    made = agreement_files.parse_text(text, agreement_files.load_internal().home)
    return Checked((), LawTextKind.VERSION, made.id, made, _version_before(made, law.agreements))


def _examined_protocol(text: str, name: str, law: overlay.Law) -> Checked:
    problems = file_rules.check_protocol(text, name, law.agreements)
    if problems:
        return Checked(problems, LawTextKind.PROTOCOL)
    protocol = protocols.parse_protocol(text)
    of_key = [one for one in law.agreements if one.key == protocol.agreement and one.binds(protocol.state)]
    base = max(of_key, key=lambda one: one.since)
    former = protocols.find_protocol(base, protocol.state, date.max, law.protocols)
    before = base if former is None else law.by_id[f"{base.id}:{former.mark}"]
    return Checked((), LawTextKind.PROTOCOL, protocol.id, protocols.with_protocol(base, protocol), before, protocol)


def _version_before(made: Agreement, known: Iterable[Agreement]) -> Agreement | None:
    """Return the version of the same agreement that is the latest, else the one that names the same State."""
    versions = [one for one in known if one.id != made.id]
    same = [one for one in versions if one.key == made.key]
    states = {party.state for party in made.partners if party.is_bound}
    others = [one for one in versions if any(one.binds(state) for state in states)]
    return max(same or others, key=lambda one: one.since, default=None)


def propose(
    *,
    actor: Actor,
    text: str,
    effective_on: date,
    count_closed: CountClosed,
    kind: LawTextKind | None = None,
) -> TextRecord:
    """Record a text; from its day on it counts, once an administrator other than its author has confirmed it.

    Raises:
        InvalidInput: the text has faults, is on record already, would put two agreements in force at once with a State,
            or its day lies before the receipt of cases that are over. Nothing is written.
    """
    policy.check(actor, Permission.AGREEMENT_PROPOSE)
    checked = examine(text)
    if not checked.is_good:
        raise _faulty(checked)
    if _is_on_record(checked.subject):
        raise InvalidInput("version_on_record", fields={"text": [ON_RECORD]})
    refusal = _refusal(checked, effective_on, count_closed)
    if refusal is not None:
        raise InvalidInput(refusal[0], fields={"effective_on": [refusal[1]]})
    row = LawText(
        state=ProposalState.PROPOSED,
        kind=kind or checked.kind,
        subject=checked.subject,
        effective_on=effective_on,
        content=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        proposed_by_id=actor.user_id,
        proposed_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    _record(actor, AuditAction.AGREEMENT_IMPORTED, row)
    return _view(row)


def confirm(*, actor: Actor, record_id: str, count_closed: CountClosed) -> TextRecord:
    """Confirm somebody else's text: from its day on new cases come under it.

    Raises:
        NotFound: there is no such text.
        Conflict: `proposal_already_decided`.
        RuleRefused: `own_proposal`; or what spoke against the text has happened since it was proposed.
    """
    row = _get(record_id)

    def look_again() -> None:
        checked = examine(row.content)
        refusal = ("bad_law_text", "") if not checked.is_good else _refusal(checked, row.effective_on, count_closed)
        if refusal is not None:
            raise RuleRefused(refusal[0])

    proposals.decide(actor=actor, permission=_MAY, row=row, outcome=ProposalState.CONFIRMED, check=look_again)
    _record(actor, AuditAction.AGREEMENT_CONFIRMED, row)
    change_service.note_change(actor=actor, kind=LawChangeKind.TEXT, subject=row.subject)
    return _view(row)


def reject(*, actor: Actor, record_id: str) -> TextRecord:
    """Turn a text down, or take one's own back; nothing changes.

    Raises:
        NotFound: there is no such text.
        Conflict: `proposal_already_decided`.
    """
    row = _get(record_id)
    may = Permission.AGREEMENT_PROPOSE if row.proposed_by_id == actor.user_id else _MAY
    proposals.decide(actor=actor, permission=may, row=row, outcome=ProposalState.REJECTED)
    _record(actor, AuditAction.AGREEMENT_TEXT_REJECTED, row)
    return _view(row)


def withdraw(*, actor: Actor, record_id: str) -> TextRecord:
    """Take a confirmed text back before its day: no case has come under it.

    Raises:
        NotFound: there is no such text.
        Conflict: `text_not_confirmed`, or `text_in_effect`.
    """
    policy.check(actor, _MAY)
    row = _get(record_id)
    if row.state is not ProposalState.CONFIRMED or row.withdrawn_at is not None:
        raise Conflict("text_not_confirmed")
    if row.effective_on <= clock.today():
        raise Conflict("text_in_effect")
    row.withdrawn_by_id, row.withdrawn_at = actor.user_id, clock.now()
    db.session.flush()
    _record(actor, AuditAction.AGREEMENT_TEXT_WITHDRAWN, row)
    change_service.note_change(actor=actor, kind=LawChangeKind.TEXT, subject=row.subject)
    return _view(row)


def list_texts(*, actor: Actor) -> tuple[TextRecord, ...]:
    """Return every imported text, the newest first; those that wait are no business of the other side."""
    policy.check(actor, Permission.AGREEMENT_EXPLORE)
    return tuple(_view(row) for row in queries.list_texts())


def get_text(*, actor: Actor, record_id: str) -> tuple[TextRecord, str]:
    """Return one imported text on record, and its content.

    Raises:
        NotFound: `text_not_found`.
    """
    policy.check(actor, Permission.AGREEMENT_EXPLORE)
    row = _get(record_id)
    return _view(row), row.content


def text_of(*, agreement_id: str) -> str:
    """Return the text of a version, or of the protocol that is laid over it, as it was filed or sent.

    Raises:
        NotFound: `agreement_not_found`.
    """
    if agreement_id not in overlay.current().by_id:
        raise NotFound("agreement_not_found", agreement=agreement_id)
    version, _, protocol = agreement_id.partition(":")
    subject = f"{version.partition('@')[0]}:{protocol}" if protocol else version
    row = queries.find_live_text(subject)
    if row is not None:
        return row.content
    return next(
        text
        for path in (*agreement_files.agreement_paths(), *sorted(protocols.PROTOCOLS_FOLDER.glob("*.toml")))
        if subject == examine(text := path.read_text(encoding="utf-8")).subject
    )


def _get(record_id: str) -> LawText:
    row = queries.find_text(record_id)
    if row is None:
        raise NotFound("text_not_found")
    return row


def _is_on_record(subject: str) -> bool:
    law = overlay.current()
    known = {*(one.id for one in law.agreements), *(one.id for one in law.protocols)}
    return subject in known or queries.find_live_text(subject) is not None


def _refusal(checked: Checked, on: date, count_closed: CountClosed) -> tuple[str, str] | None:
    """Return why a good text cannot count from a day on: its code and its sentence."""
    if checked.made is None:
        return None
    made = replace(checked.made, counts_from=on)
    if checked.protocol is None:
        others = [one for one in overlay.current().agreements if one.id != made.id]
        if _clashes(made, others, on):
            return "two_in_force", TWO_IN_FORCE
        if not _fits_protocols(made):
            return "protocol_does_not_fit", DOES_NOT_FIT
    elif _protocol_counts_already(checked.protocol, on):
        return "two_in_force", TWO_IN_FORCE
    if checked.protocol is None and not made.is_in_force(on) and not _comes_into_force(made, on):
        # What is not in force dates no case, neither one that is over nor any other.
        return None
    states = [party.state for party in made.partners if party.is_bound]
    begins = datetime.combine(on, time(), tzinfo=ZoneInfo(made.home.zone)).astimezone(UTC)
    return ("past_effect", PAST_EFFECT) if count_closed([], states, begins) else None


def _clashes(made: Agreement, others: list[Agreement], on: date) -> bool:
    """Tell whether a second agreement would be in force with a State, on the day of effect or on a later one."""
    together = [*others, made]
    steps = {change.on for one in together for change in one.status_history if change.on and change.on > on}
    begins = {one.counts_from for one in together if one.counts_from and one.counts_from > on}
    return any(check_set(together, day) for day in sorted({on, *steps, *begins}))


def _comes_into_force(made: Agreement, on: date) -> bool:
    steps = (change for change in made.status_history if change.status is AgreementStatus.IN_FORCE)
    return any(change.on is not None and change.on > on for change in steps)


def _fits_protocols(made: Agreement) -> bool:
    try:
        for protocol in overlay.current().protocols:
            if protocol.agreement == made.key and made.binds(protocol.state):
                protocols.with_protocol(made, protocol)
    except UnknownTerm:
        return False
    return True


def _protocol_counts_already(protocol: Protocol, on: date) -> bool:
    """Tell whether another protocol with the State counts from the same day."""
    known = [one for one in overlay.current().protocols if one.id != protocol.id]
    return any(
        (one.agreement, one.state, one.since) == (protocol.agreement, protocol.state, on.isoformat()) for one in known
    )


def _record(actor: Actor, action: AuditAction, row: LawText) -> None:
    audit.record(
        actor=actor,
        action=action,
        chain=audit.SYSTEM_CHAIN,
        record_type="agreement",
        record_id=row.subject,
        payload={
            "agreement": row.subject,
            "text_kind": row.kind.value,
            "from_on": row.effective_on.isoformat(),
            "digest": row.digest,
            "proposal_id": row.id,
        },
    )


def _view(row: LawText) -> TextRecord:
    return TextRecord(
        id=row.id,
        state=row.state,
        kind=row.kind,
        subject=row.subject,
        effective_on=row.effective_on,
        digest=row.digest,
        proposed_by_id=row.proposed_by_id,
        proposed_at=row.proposed_at,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        withdrawn_by_id=row.withdrawn_by_id,
        withdrawn_at=row.withdrawn_at,
    )
