"""The asylum firewall: what may come from an asylum procedure does not reach the State of origin unseen.

Before a document leaves the requesting side, its officer says whether it comes from an asylum procedure or mentions it.
*Yes* refuses it. *Not sure*, or an objection of the person, sets it aside: until one named officer of the requesting
side has decided, it exists for that officer alone. An officer of the requested State who meets such a document sets it
aside in the same way, and has seen the last of it.

Source: Directive 2013/32/EU, Article 30 (nothing of an application is disclosed to those from whom a person seeks
protection).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service as lookup
from ercms.cases import service as cases
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, NotFound
from ercms.core.fields import NEEDED
from ercms.core.text import msg
from ercms.evidence import queries
from ercms.evidence.enums import AsylumAnswer, HoldOutcome, HoldReason
from ercms.evidence.models import HeldFile, StoredFile
from ercms.evidence.records_service import record_file
from ercms.extensions import db
from ercms.vault import files as sealed_files
from ercms.vault import service as vault

WORDS_LABEL = "held_files.words"
DECISION_LABEL = "held_files.decision"

FROM_ASYLUM = msg(
    "A document from an asylum procedure, or one that mentions it, is not passed on to the State of origin. "
    "It was not stored."
)
NAME_AN_OFFICER = msg("Choose the officer who decides about this document.")


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a document is to be set aside, who decides, and what was said about it."""

    reason: HoldReason
    officer_id: str
    words: str | None


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A document that is set aside, as its own side sees it: that there is one, since when, who decides. No name."""

    file_id: str
    reference: str
    reason: HoldReason
    officer: str
    held_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class HeldPage:
    """What the named officer reads before deciding, besides the document itself."""

    line: HeldLine
    words: str | None
    version: int


def question(*, actor: Actor, values: Mapping[str, Any]) -> Hold | None:
    """Return how an upload is to be held, None when it may pass; only the requesting side is asked.

    Raises:
        InvalidInput: the question is not answered, the document comes from an asylum procedure, or nobody is named.
    """
    if actor.organisation_kind is not OrganisationKind.REQUESTING_AUTHORITY:
        return None
    answer = values.get("asylum")
    if answer is None:
        raise InvalidInput("asylum_question", fields={"asylum": [NEEDED]})
    if answer is AsylumAnswer.YES:
        raise InvalidInput("asylum_document", fields={"asylum": [FROM_ASYLUM]})
    is_objected = bool(values.get("is_objected"))
    if answer is AsylumAnswer.NO and not is_objected:
        return None
    officer_id = values.get("officer_id") or ""
    if officer_id not in {user_id for user_id, _ in deciders(actor=actor)}:
        raise InvalidInput("decider_needed", fields={"officer_id": [NAME_AN_OFFICER]})
    reason = HoldReason.OBJECTION if is_objected else HoldReason.UNSURE
    return Hold(reason, officer_id, values.get("objection"))


def deciders(*, actor: Actor) -> list[tuple[str, str]]:
    """Return who can be named to decide: the officers of the actor's own requesting authority."""
    if actor.organisation_kind is not OrganisationKind.REQUESTING_AUTHORITY or actor.organisation_id is None:
        return []
    officers = accounts.list_officers(role=Role.CONSULAR_OFFICER, organisation_id=actor.organisation_id)
    return [(officer.id, officer.display_name) for officer in officers]


def hold(*, actor: Actor, case: Case, file: StoredFile, why: Hold, replaces_id: str | None = None) -> None:
    """Set a document aside: from now on it exists for the named officer alone."""
    hold_id = new_id()
    file.is_held = True
    words = None
    if why.words:
        words = vault.seal_text(person_id=file.person_id, label=WORDS_LABEL, record_id=hold_id, text=why.words)
    # The file has to be there before what refers to it.
    db.session.flush()
    db.session.add(
        HeldFile(
            id=hold_id,
            file_id=file.id,
            case_id=case.id,
            officer_id=why.officer_id,
            reason=why.reason,
            words_sealed=words,
            replaces_id=replaces_id,
            held_by_id=actor.user_id,
            held_at=clock.now(),
        )
    )
    record_file(
        actor=actor,
        action=AuditAction.FILE_SET_ASIDE,
        case=case,
        file=file,
        ground=why.reason.value,
        officer_id=why.officer_id,
    )


def set_aside(*, actor: Actor, file_id: str, words: str) -> Case:
    """Set a received document aside; whoever sent it decides, and the officer who doubts it sees it no more.

    Raises:
        NotFound: there is no such document, or it is not the requesting side's.
    """
    file = queries.find_file(file_id)
    if file is None or file.is_held or file.is_internal:
        raise NotFound
    case = cases.get_case_of_record(case_id=file.case_id)
    policy.check(actor, Permission.EVIDENCE_CHECK, case)
    hold(actor=actor, case=case, file=file, why=Hold(HoldReason.DOUBT, file.created_by_id, words))
    cases.touch(case=case)
    return case


def waiting_for(*, actor: Actor) -> tuple[HeldLine, ...]:
    """Return what waits for this officer's decision."""
    return _lines(actor, queries.list_holds_of(actor.user_id, hidden=lookup.hidden_case_ids(actor=actor)))


def held_in(*, actor: Actor, case: Case) -> tuple[HeldLine, ...]:
    """Return what is set aside in a case: to the organisation that made the request, and to nobody else."""
    is_own = actor.organisation_id is not None and actor.organisation_id == case.requesting_organisation_id
    return _lines(actor, queries.list_holds(case.id)) if is_own else ()


def has_doubts(*, actor: Actor, case: Case) -> bool:
    """Tell whether a document of the case was ever set aside: to the organisation that made the request alone.

    Whoever else learned of it would learn that there may be a procedure for protection.
    """
    is_own = actor.organisation_id is not None and actor.organisation_id == case.requesting_organisation_id
    return is_own and bool(queries.list_holds_ever(case.id))


def open_hold(*, actor: Actor, file_id: str) -> HeldPage:
    """Return what stands beside a document that is set aside, to its named officer alone.

    Raises:
        NotFound: nothing is set aside under this name, or somebody else decides.
    """
    found, file, case = _of_officer(actor, file_id)
    words = None
    if found.words_sealed is not None:
        words = vault.open_text(
            person_id=file.person_id, label=WORDS_LABEL, record_id=found.id, sealed=found.words_sealed
        )
    return HeldPage(_lines(actor, [found])[0], words, case.version)


def decide(*, actor: Actor, file_id: str, outcome: HoldOutcome, words: str) -> Case:
    """Let a document pass, or keep it back for good: then its content is destroyed.

    Raises:
        NotFound: nothing is set aside under this name, or somebody else decides.
    """
    found, file, case = _of_officer(actor, file_id)
    found.outcome, found.decided_at = outcome, clock.now()
    found.decision_sealed = vault.seal_text(
        person_id=file.person_id, label=DECISION_LABEL, record_id=found.id, text=words
    )
    if outcome is HoldOutcome.RELEASED:
        file.is_held = False
        _take_its_place(file, found.replaces_id)
    else:
        _destroy(file)
    cases.touch(case=case)
    record_file(actor=actor, action=AuditAction.FILE_HOLD_DECIDED, case=case, file=file, outcome=outcome.value)
    return case


def is_decider(*, actor: Actor, file: StoredFile) -> bool:
    """Tell whether this actor is the one officer who may open a document that is set aside."""
    found = queries.find_hold(file.id)
    return found is not None and found.officer_id == actor.user_id


def _of_officer(actor: Actor, file_id: str) -> tuple[HeldFile, StoredFile, Case]:
    found, file = queries.find_hold(file_id), queries.find_file(file_id)
    if found is None or file is None or found.officer_id != actor.user_id:
        raise NotFound
    case = cases.get_case_of_record(case_id=found.case_id)
    policy.check(actor, Permission.EVIDENCE_READ, case)
    return found, file, case


def _take_its_place(file: StoredFile, replaces_id: str | None) -> None:
    former = queries.find_file(replaces_id) if replaces_id else None
    if former is None:
        return
    if former.replaced_by_id is not None:
        raise Conflict("file_was_replaced")
    former.replaced_by_id = file.id
    for translation in queries.list_translations(former.id):
        translation.translation_of_id = file.id


def _destroy(file: StoredFile) -> None:
    """Take a document out of the system, with the evidence that has no other one."""
    file.removed_at = clock.now()
    sealed_files.discard(file_id=file.id)
    if file.evidence_id is None:
        return
    item = queries.find_item(file.case_id, file.evidence_id)
    others = [other for other in queries.list_files(file.case_id) if other.evidence_id == file.evidence_id]
    if item is not None and not [other for other in others if other.id != file.id]:
        item.removed_at = file.removed_at


def _lines(actor: Actor, holds: Any) -> tuple[HeldLine, ...]:
    if not holds:
        return ()
    names = accounts.user_names(found.officer_id for found in holds)
    cases_by_id = lookup.cases_of_records(case_ids={found.case_id for found in holds})
    return tuple(
        HeldLine(
            file_id=found.file_id,
            reference=cases_by_id[found.case_id].reference,
            reason=found.reason,
            officer=names.get(found.officer_id, ""),
            held_at=found.held_at,
            is_mine=found.officer_id == actor.user_id,
        )
        for found in holds
    )
