"""Acts on record as sentences: made when they are read, so that the wording can change and the record cannot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from flask_babel import gettext

from ercms.accounts import service as accounts
from ercms.agreements.enums import CaseKind, ClockKind, Procedure, ProofClass
from ercms.audit.actions import VIEWS, AuditAction
from ercms.audit.service import AuditLine
from ercms.casefile.labels import COMPARTMENT_LABELS, TAB_LABELS, TOKEN_LABELS, done_label
from ercms.cases import clock_service
from ercms.cases.enums import StopGround
from ercms.core.actor import SYSTEM, Role
from ercms.evidence.enums import HoldOutcome, Scan
from ercms.marks.enums import MarkGround, MarkKind, MarkState
from ercms.photographs.enums import PhotographFinding
from ercms.privacy.labels import CHANNELS, FACTS, UNSAID
from ercms.reintegration.enums import AssistanceArea, ReferralOutcome, ServiceState
from ercms.returns.enums import TransferFailure, TransferMeans
from ercms.vault.enums import Compartment, TokenKind
from ercms.verification.enums import InquiryFinding
from ercms.web.labels import label
from ercms.web.templating import country, day
from workflows.readmission import CaseState, CaseTrigger, Proposal

_CASE = "case:"
# What the codes of a key belong to; some keys carry codes of more than one vocabulary.
_ENUMS: Mapping[str, tuple[type[Enum], ...]] = {
    "kind": (CaseKind, MarkKind),
    "decision": (MarkState,),
    "procedure": (Procedure,),
    "class": (ProofClass,),
    "clock": (ClockKind,),
    "role": (Role,),
    "mode": (TransferMeans,),
    "area": (AssistanceArea,),
    "status": (ServiceState,),
    "ground": (StopGround, TransferFailure, CaseKind, MarkGround),
    "outcome": (Proposal, InquiryFinding, ReferralOutcome, PhotographFinding, HoldOutcome, Scan),
}
_MOST_ITEMS = 8
_ORGANISATIONS = frozenset({"agency", "mission", "partner", "organisation_id", "to_organisation"})
_USERS = frozenset({"user_id"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One act as a line of a page."""

    at: datetime
    who: str
    role: str
    organisation: str
    what: str
    facts: str
    compartments: str
    reference: str | None
    chain: str
    seq: int
    address: str
    channel: str
    is_view: bool
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the officers and organisations, and the references of the cases, that some acts speak of."""

    users: Mapping[str, str]
    organisations: Mapping[str, str]
    references: Mapping[str, str]

    def user(self, user_id: str) -> str:
        """Return who this is; one that is no officer of the system any more keeps the identifier."""
        return str(gettext("The system")) if user_id == SYSTEM.user_id else self.users.get(user_id, user_id)

    def organisation(self, organisation_id: str | None) -> str:
        """Return which organisation this is."""
        return self.organisations.get(organisation_id or "", organisation_id or "")


def names_of(lines: Iterable[AuditLine]) -> Names:
    """Look up everybody that the acts speak of, all at once."""
    users, organisations, cases = set(), set(), set()
    for line in lines:
        users.add(line.actor_id)
        organisations.add(line.organisation_id or "")
        if line.chain.startswith(_CASE):
            cases.add(line.chain.removeprefix(_CASE))
        for key, value in line.payload.items():
            if isinstance(value, str) and key in _ORGANISATIONS:
                organisations.add(value)
            elif isinstance(value, str) and (key in _USERS or line.action is AuditAction.CASE_ASSIGNED):
                users.add(value)
    return Names(
        users=accounts.user_names(users),
        organisations=accounts.organisation_names(organisations),
        references=clock_service.references_of(case_ids=cases),
    )


def sentences(lines: Iterable[AuditLine]) -> list[Sentence]:
    """Return acts as sentences in the language of the page."""
    acts = list(lines)
    names = names_of(acts)
    return [_sentence(line, names) for line in acts]


def compartments_text(compartments: Iterable[str]) -> str:
    """Return the compartments that were opened, in words."""
    return ", ".join(str(COMPARTMENT_LABELS[Compartment(name)]) for name in compartments)


def role_text(role: str) -> str:
    """Return what a role is called."""
    return label(Role(role))


def _sentence(line: AuditLine, names: Names) -> Sentence:
    facts = [_fact(line, key, value, names) for key, value in line.payload.items()]
    return Sentence(
        at=line.at,
        who=names.user(line.actor_id),
        role=role_text(line.role),
        organisation=names.organisation(line.organisation_id),
        what=label(line.action),
        facts="; ".join(fact for fact in facts if fact),
        compartments=compartments_text(line.compartments),
        reference=names.references.get(line.chain.removeprefix(_CASE)),
        chain=line.chain,
        seq=line.seq,
        address=line.address or "",
        channel=str(CHANNELS.get(line.channel, line.channel)),
        is_view=line.action in VIEWS,
        is_refused=line.result != "done",
    )


def _fact(line: AuditLine, key: str, value: Any, names: Names) -> str:
    is_identifier = key.endswith("_id") and key not in _ORGANISATIONS | _USERS
    if value in (None, "", []) or key in UNSAID or is_identifier:
        return ""
    items = value if isinstance(value, list) else [value]
    texts = [_text(line, key, item, names) for item in items[:_MOST_ITEMS]]
    more = gettext(" and %(count)s more", count=len(items) - _MOST_ITEMS) if len(items) > _MOST_ITEMS else ""
    return f"{FACTS.get(key, key)}: {', '.join(texts)}{more}"


def _text(line: AuditLine, key: str, value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    text = str(value)
    if key in _ORGANISATIONS:
        return names.organisation(text)
    if key in _USERS or line.action is AuditAction.CASE_ASSIGNED:
        return names.user(text)
    if key == "states":
        return str(country(text))
    if line.action is AuditAction.CASE_TRANSITION:
        return _transition_text(key, text)
    if key in _ENUMS:
        return next((label(kind(text)) for kind in _ENUMS[key] if text in _values(kind)), text)
    if key == "kinds" and text in set(TokenKind):
        return str(TOKEN_LABELS[TokenKind(text)])
    if key in ("page", "section"):
        return compartments_text([text]) if text in set(Compartment) else str(TAB_LABELS.get(text, text))
    return _day_text(text)


def _transition_text(key: str, text: str) -> str:
    if key == "trigger":
        return done_label(CaseTrigger(text))
    return label(CaseState(text)) if key in ("from", "to") else text


def _values(kind: type[Enum]) -> set[str]:
    return {str(member.value) for member in kind}


def _day_text(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
