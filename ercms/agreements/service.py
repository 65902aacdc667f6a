"""Look up agreements, their rules for a case, and the clocks that they start.

Nothing here needs a permission: what an agreement says is no secret, and who may see a case is the case's business.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ercms.agreements import overlay
from ercms.agreements.descriptions import describe, describe_agreement, describe_term
from ercms.core import clock
from ercms.core.db_types import Json
from ercms.core.errors import InvalidInput, NotFound
from workflows import agreement_files, evidence, terms
from workflows.calendars import WorkingCalendar
from workflows.deadlines import ClockKind, Deadline, Event, Extension, Moment, Stop, clocks_for, legal_day
from workflows.evidence import Classification, EvidenceItem, MissingEvidence
from workflows.protocols import Protocol, find_protocol
from workflows.terms import (
    Agreement,
    AgreementStatus,
    CaseKind,
    Confidence,
    EvidencePurpose,
    Procedure,
    Silence,
    Term,
    Unit,
)

__all__ = [
    "CaseRules",
    "PartnerState",
    "agreement_for",
    "agreement_id_for",
    "case_rules",
    "classify",
    "clocks",
    "clocks_under",
    "describe",
    "describe_agreement",
    "describe_term",
    "extension",
    "extension_refusal",
    "get_agreement",
    "hypothetical_clocks",
    "list_agreements",
    "missing_evidence",
    "partner_states",
    "protocol_behind",
    "protocols_of",
    "versions_concerned",
    "working_calendar",
    "zone_of",
]


@dataclass(frozen=True, slots=True)
class PartnerState:
    """A State that can send requests, what there is with it, and where that stands."""

    state: str
    agreement: Agreement | None
    status: AgreementStatus | None

    @property
    def has_treaty_clocks(self) -> bool:
        """Tell whether a request from this State starts treaty clocks."""
        return self.status is AgreementStatus.IN_FORCE


@dataclass(frozen=True, slots=True)
class CaseRules:
    """What the guards of the case machine need to know of the law."""

    is_in_force: bool
    is_application_waived: bool
    reply_term_is_verified: bool
    silence: Silence
    silence_term_is_verified: bool
    has_document_fallback: bool
    transfer_term_is_verified: bool


_NO_AGREEMENT = CaseRules(
    is_in_force=False,
    is_application_waived=False,
    reply_term_is_verified=False,
    silence=Silence.NONE,
    silence_term_is_verified=False,
    has_document_fallback=False,
    transfer_term_is_verified=False,
)


def list_agreements() -> tuple[Agreement, ...]:
    """Return every version of every agreement, as it holds now: verified terms and recorded statuses included."""
    return overlay.current().agreements


def get_agreement(agreement_id: str) -> Agreement:
    """Return a version by its identifier, such as `eu@2014-09-01`.

    Raises:
        NotFound: `agreement_not_found`.
    """
    try:
        return overlay.current().by_id[agreement_id]
    except KeyError as error:
        raise NotFound("agreement_not_found", agreement=agreement_id) from error


def agreement_for(state: str, on: date | None = None) -> Agreement | None:
    """Return the version that binds a State and is in force on a day (today by default); None: diplomatic channel.

    Where a protocol with the State counts on that day, it is laid over the version, and both make the identifier.
    """
    day = on or clock.today()
    return _with_protocol(terms.find_agreement(state, day, list_agreements()), state, day)


def _with_protocol(agreement: Agreement | None, state: str, on: date) -> Agreement | None:
    if agreement is None:
        return None
    law = overlay.current()
    protocol = find_protocol(agreement, state, on, law.protocols)
    return agreement if protocol is None else law.by_id[f"{agreement.id}:{protocol.mark}"]


def protocols_of(agreement: Agreement) -> tuple[Agreement, ...]:
    """Return a version as it stands with each State that has a protocol to it, by State and by version."""
    found = (one for one in overlay.current().by_id.values() if one.protocol and one.base_id == agreement.base_id)
    return tuple(sorted(found, key=lambda one: one.protocol))


def protocol_behind(agreement: Agreement) -> Protocol | None:
    """Return the protocol that is laid over a version, if one is."""
    mark = f"{agreement.key}:{agreement.protocol}"
    return next((one for one in overlay.current().protocols if agreement.protocol and one.id == mark), None)


def versions_concerned(agreement_id: str) -> tuple[str, ...]:
    """Return a version and what stands on it: itself with each protocol laid over it."""
    return tuple(one.id for one in overlay.current().by_id.values() if agreement_id in (one.id, one.base_id))


def agreement_id_for(*, state: str, on: date) -> str | None:
    """Return the identifier of the version under which a request received on a day is kept; None without one."""
    agreement = agreement_for(state, on)
    return None if agreement is None else agreement.id


def partner_states(on: date | None = None) -> tuple[PartnerState, ...]:
    """Return every State that an agreement names as a bound partner, in or out of force, by its code."""
    today = on or clock.today()
    known = list_agreements()
    states = sorted({party.state for agreement in known for party in agreement.partners if party.is_bound})
    found = ((state, _with_protocol(terms.find_version(state, today, known), state, today)) for state in states)
    return tuple(PartnerState(state, found_, found_.status_on(today) if found_ else None) for state, found_ in found)


def zone_of(state: str) -> str:
    """Return the zone in which a State counts its days; the home zone for a State that no agreement names."""
    return overlay.current().zones.get(state, agreement_files.load_internal().home.zone)


def working_calendar(state: str | None = None) -> WorkingCalendar:
    """Return the working days of a State as they hold now; for none, or an unknown one, those of the home State."""
    law = overlay.current()
    parties = (party for agreement in law.agreements for party in agreement.partners if party.state == state)
    return law.calendars[next(parties, agreement_files.load_internal().home).calendar_key]


def clocks(
    *,
    agreement_id: str | None,
    state: str,
    kind: CaseKind,
    procedure: Procedure,
    events: Mapping[Event, Moment],
    stops: Sequence[Stop] = (),
    extensions: Sequence[Extension] = (),
    pinned: Sequence[Json] = (),
) -> tuple[Deadline, ...]:
    """Return every clock of a case with its arithmetic; none without an agreement in force.

    `pinned` are terms as `describe_term` wrote them: they stand in for those that hold now.

    Raises:
        NotFound: `agreement_not_found`.
    """
    agreement = None if agreement_id is None else get_agreement(agreement_id)
    if agreement is not None and pinned:
        agreement = agreement.with_terms(_pinned(agreement, term) for term in pinned if term["name"] in agreement.terms)
    return clocks_under(
        agreement=agreement,
        state=state,
        kind=kind,
        procedure=procedure,
        events=events,
        stops=stops,
        extensions=extensions,
    )


def _pinned(agreement: Agreement, written: Json) -> Term:
    """Return a term with the value, unit and confidence that it had when a date was computed."""
    unit = None if written["unit"] is None else Unit(written["unit"])
    held = agreement.term(written["name"])
    return replace(held, value=written["value"], unit=unit, confidence=Confidence(written["confidence"]))


def clocks_under(
    *,
    agreement: Agreement | None,
    state: str,
    kind: CaseKind,
    procedure: Procedure,
    events: Mapping[Event, Moment],
    stops: Sequence[Stop] = (),
    extensions: Sequence[Extension] = (),
) -> tuple[Deadline, ...]:
    """Return every clock of a case under an agreement that is given whole, such as one that is only thought of."""
    return clocks_for(
        agreement,
        state=state,
        kind=kind,
        procedure=procedure,
        events=events,
        calendars=overlay.current().calendars,
        internal=agreement_files.load_internal(),
        stops=stops,
        extensions=extensions,
    )


def hypothetical_clocks(
    *,
    state: str,
    kind: CaseKind,
    procedure: Procedure,
    events: Mapping[Event, Moment],
    agreement_id: str | None = None,
    stops: Sequence[Stop] = (),
    extensions: Sequence[Extension] = (),
) -> tuple[str | None, tuple[Deadline, ...]]:
    """Return the version that a case with these events would stand under, and every clock that they would start.

    Without `agreement_id` it is the version in force on the day of receipt, or of the first event named.

    Raises:
        InvalidInput: `no_event`, nothing happened that a clock could count from.
        NotFound: `agreement_not_found`.
    """
    if not events:
        raise InvalidInput("no_event")
    if agreement_id is None:
        happened = events.get(Event.RECEIPT) or next(iter(events.values()))
        agreement_id = agreement_id_for(state=state, on=legal_day(happened, clock.HOME_ZONE))
    deadlines = clocks(
        agreement_id=agreement_id,
        state=state,
        kind=kind,
        procedure=procedure,
        events=events,
        stops=stops,
        extensions=extensions,
    )
    return agreement_id, deadlines


def case_rules(
    *, agreement_id: str | None, state: str, kind: CaseKind | None, procedure: Procedure | None
) -> CaseRules:
    """Return what the law says about a case, for the guards; without an agreement silence has no meaning.

    Raises:
        NotFound: `agreement_not_found`.
    """
    if agreement_id is None:
        return _NO_AGREEMENT
    agreement = get_agreement(agreement_id)
    if not agreement.binds(state):
        return _NO_AGREEMENT
    is_transit = kind is CaseKind.TRANSIT
    silence = agreement.term("transit.silence" if is_transit else "reply.silence")
    reply = agreement.term(_reply_term(is_transit=is_transit, procedure=procedure))
    starts_verified = is_transit or agreement.term("reply.start_event").is_verified
    fallback = agreement.term("document.fallback")
    return CaseRules(
        is_in_force=agreement.is_in_force(clock.today()),
        is_application_waived=_waives_application(agreement, kind),
        reply_term_is_verified=reply.is_verified and starts_verified,
        silence=Silence(str(silence.value)) if silence.is_known else Silence.UNKNOWN,
        silence_term_is_verified=silence.is_verified,
        has_document_fallback=fallback.is_known and fallback.value != Silence.NONE.value,
        transfer_term_is_verified=agreement.term("transfer.limit").is_verified,
    )


def _reply_term(*, is_transit: bool, procedure: Procedure | None) -> str:
    if is_transit:
        return "transit.reply"
    return "reply.accelerated" if procedure is Procedure.ACCELERATED else "reply.normal"


def _waives_application(agreement: Agreement, kind: CaseKind | None) -> bool:
    return kind is not None and any(kind.value in c.group.split() for c in agreement.list_of("no_application"))


def extension(*, kind: str, length: int, unit: str, notified_on: date | None, ground: str = "") -> Extension:
    """Return an extension of one kind of clock.

    Raises:
        InvalidInput: `bad_extension`, the length is not positive or the unit is none that a limit is counted in.
    """
    try:
        return Extension(length, Unit(unit), ground=ground, notified_on=notified_on, clock=ClockKind(kind).value)
    except ValueError as error:
        raise InvalidInput("bad_extension", {"length": ["bad_extension"]}) from error


_EXTENDED_BY = {
    ClockKind.REPLY: "reply.extension",
    ClockKind.REPLY_ACCELERATED: "reply.extension",
    ClockKind.TRANSFER: "transfer.extension",
}


def extension_refusal(*, agreement_id: str, kind: ClockKind, length: int, unit: Unit) -> str | None:
    """Return why the agreement does not carry an extension, or None where it does.

    `extension_not_foreseen`: the agreement lengthens no such limit; `extension_too_long`: it does, but not by so much;
    `extension_unverified`: whether it does is not verified, so that reason, document and approver are needed.
    """
    name = _EXTENDED_BY.get(kind)
    if name is None:
        return "extension_not_foreseen"
    term = get_agreement(agreement_id).term(name)
    if not term.is_verified:
        return "extension_unverified"
    if term.length is not None and (unit is not term.unit or length > term.length):
        return "extension_too_long"
    return None


def classify(
    *,
    agreement_id: str | None,
    code: str,
    purpose: EvidencePurpose,
    expired_on: date | None = None,
    submitted_on: date | None = None,
    is_false: bool = False,
    is_rebutted: bool = False,
) -> Classification:
    """Return what a document is worth under a case's agreement."""
    return evidence.classify(
        None if agreement_id is None else get_agreement(agreement_id),
        code,
        purpose=purpose,
        expired_on=expired_on,
        submitted_on=submitted_on,
        is_false=is_false,
        is_rebutted=is_rebutted,
    )


def missing_evidence(
    *, agreement_id: str | None, items: Iterable[EvidenceItem], kind: CaseKind
) -> tuple[MissingEvidence, ...]:
    """Return what a request still lacks under its agreement: a warning, never a wall."""
    return evidence.missing(None if agreement_id is None else get_agreement(agreement_id), items, kind)


def terms_by_confidence() -> tuple[tuple[Agreement, Term], ...]:
    """Return every term of every agreement, the least sure last."""
    pairs = ((agreement, term) for agreement in list_agreements() for term in agreement.terms.values())
    return tuple(sorted(pairs, key=lambda pair: (pair[1].confidence.rank, pair[0].id, pair[1].name)))
