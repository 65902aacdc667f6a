"""What inquiries of each purpose may name, and who may be asked: the house's own rules, agreed by two persons.

A rule narrows what `inquiry_fields` allows and never widens it. Until there is one, the defaults of the data file
`purposes.toml` hold, with the source on which each rests.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind
from ercms.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from ercms.core.text import msg
from ercms.extensions import db
from ercms.verification import inquiry_fields, queries
from ercms.verification.enums import InquiryPurpose, RuleState
from ercms.verification.models import PurposeRule

DEFAULT_NOT_ALLOWED = msg("A field that is marked beforehand must be among those that may be named.")
FIELD_NOT_FOR_PURPOSE = msg("This purpose can never name such a field.")
UNKNOWN_AGENCY = msg("Choose one of the agencies offered.")

_FILE = Path(__file__).with_name("purposes.toml")


@dataclass(frozen=True, slots=True)
class PurposeSetting:
    """What holds for a purpose now. No agency named: any may be asked. `rule_id` is None while the default holds."""

    purpose: InquiryPurpose
    fields: tuple[str, ...]
    defaults: frozenset[str]
    agency_ids: tuple[str, ...]
    body: str
    source: str
    confidence: str
    rule_id: str | None
    confirmed_at: datetime | None

    def may_ask(self, agency_id: str) -> bool:
        """Tell whether this agency may be asked for this purpose."""
        return not self.agency_ids or agency_id in self.agency_ids


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that waits for a second person, or was decided on."""

    id: str
    purpose: InquiryPurpose
    state: RuleState
    fields: tuple[str, ...]
    defaults: frozenset[str]
    agency_ids: tuple[str, ...]
    source: str
    proposed_by_id: str
    proposed_at: datetime


@cache
def _files() -> Mapping[InquiryPurpose, Mapping[str, str]]:
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {purpose: document[purpose.value] for purpose in InquiryPurpose}


def default_texts() -> tuple[str, ...]:
    """Return the texts of the data file that a page shows."""
    return tuple(text for entry in _files().values() for name in ("body", "source") for text in [entry[name]])


def settings() -> dict[InquiryPurpose, PurposeSetting]:
    """Return what holds for each purpose now; a field that the code no longer allows is left out."""
    rules = {rule.purpose: rule for rule in queries.list_purpose_rules(RuleState.IN_FORCE)}
    return {purpose: _setting(purpose, rules.get(purpose)) for purpose in InquiryPurpose}


def _setting(purpose: InquiryPurpose, rule: PurposeRule | None) -> PurposeSetting:
    known, entry = inquiry_fields.FIELDS[purpose], _files()[purpose]
    named = known.allowed if rule is None else tuple(name for name in known.allowed if name in set(rule.fields))
    return PurposeSetting(
        purpose=purpose,
        fields=named,
        defaults=known.default if rule is None else frozenset(rule.defaults) & frozenset(named),
        agency_ids=() if rule is None else tuple(rule.agency_ids),
        body=entry["body"],
        source=entry["source"] if rule is None else rule.source,
        confidence=entry["confidence"] if rule is None else "verified",
        rule_id=None if rule is None else rule.id,
        confirmed_at=None if rule is None else rule.decided_at,
    )


def list_proposed(*, actor: Actor) -> tuple[RuleLine, ...]:
    """Return the rules that wait for a second person, the oldest first."""
    policy.check(actor, Permission.INQUIRY_PURPOSE_READ)
    return tuple(_line(rule) for rule in queries.list_purpose_rules(RuleState.PROPOSED))


def propose(*, actor: Actor, values: Mapping[str, Any]) -> RuleLine:
    """Propose a rule for a purpose; it holds once somebody else has confirmed it.

    Raises:
        InvalidInput: a field that the purpose can never name, or an agency that is none.
    """
    policy.check(actor, Permission.INQUIRY_PURPOSE_PROPOSE)
    purpose: InquiryPurpose = values["purpose"]
    named, defaults, agencies = values["named"], values["defaults"], values["agency_ids"]
    wrong: dict[str, list[str]] = {}
    if set(named) - set(inquiry_fields.FIELDS[purpose].allowed):
        wrong["named"] = [FIELD_NOT_FOR_PURPOSE]
    if set(defaults) - set(named):
        wrong["defaults"] = [DEFAULT_NOT_ALLOWED]
    if set(agencies) - {agency.id for agency in accounts.list_organisations(kind=OrganisationKind.AGENCY)}:
        wrong["agency_ids"] = [UNKNOWN_AGENCY]
    if wrong:
        raise InvalidInput(fields=wrong)
    rule = PurposeRule(
        purpose=purpose,
        state=RuleState.PROPOSED,
        fields=list(dict.fromkeys(named)),
        defaults=list(dict.fromkeys(defaults)),
        agency_ids=list(dict.fromkeys(agencies)),
        source=values["source"],
        proposed_by_id=actor.user_id,
        proposed_at=clock.now(),
    )
    db.session.add(rule)
    db.session.flush()
    _record(actor, AuditAction.INQUIRY_PURPOSE_PROPOSED, rule)
    return _line(rule)


def confirm(*, actor: Actor, rule_id: str) -> RuleLine:
    """Confirm somebody else's rule; from now on it holds, and the former one is superseded.

    Raises:
        NotFound: `proposal_not_found`.
        Conflict: `proposal_already_decided`.
        RuleRefused: `own_proposal`.
    """
    rule = _to_decide(actor, rule_id)
    if rule.proposed_by_id == actor.user_id:
        raise RuleRefused("own_proposal")
    for former in queries.list_purpose_rules(RuleState.IN_FORCE):
        if former.purpose is rule.purpose:
            _apply(former, RuleState.SUPERSEDED)
    db.session.flush()
    return _decide(actor, rule, RuleState.IN_FORCE, AuditAction.INQUIRY_PURPOSE_CONFIRMED)


def reject(*, actor: Actor, rule_id: str) -> RuleLine:
    """Turn a rule down, or take one's own back; nothing changes.

    Raises:
        NotFound: `proposal_not_found`.
        Conflict: `proposal_already_decided`.
    """
    return _decide(actor, _to_decide(actor, rule_id), RuleState.REJECTED, AuditAction.INQUIRY_PURPOSE_REJECTED)


def _to_decide(actor: Actor, rule_id: str) -> PurposeRule:
    policy.check(actor, Permission.INQUIRY_PURPOSE_CONFIRM)
    rule = db.session.get(PurposeRule, rule_id)
    if rule is None:
        raise NotFound("proposal_not_found")
    if rule.state is not RuleState.PROPOSED:
        raise Conflict("proposal_already_decided")
    return rule


def _decide(actor: Actor, rule: PurposeRule, state: RuleState, action: AuditAction) -> RuleLine:
    _apply(rule, state)
    rule.decided_by_id, rule.decided_at = actor.user_id, clock.now()
    db.session.flush()
    _record(actor, action, rule)
    return _line(rule)


def _apply(rule: PurposeRule, state: RuleState) -> None:
    rule.state = state


def _line(rule: PurposeRule) -> RuleLine:
    return RuleLine(
        id=rule.id,
        purpose=rule.purpose,
        state=rule.state,
        fields=tuple(rule.fields),
        defaults=frozenset(rule.defaults),
        agency_ids=tuple(rule.agency_ids),
        source=rule.source,
        proposed_by_id=rule.proposed_by_id,
        proposed_at=rule.proposed_at,
    )


def _record(actor: Actor, action: AuditAction, rule: PurposeRule) -> None:
    agencies: Sequence[str] = rule.agency_ids
    audit.record(
        actor=actor,
        action=action,
        chain=audit.SYSTEM_CHAIN,
        record_type="setting",
        record_id=rule.id,
        payload={"setting": rule.purpose.value, "fields": list(rule.fields), "agencies": list(agencies)},
    )
