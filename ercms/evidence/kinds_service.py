"""The evidence of a case by its kinds alone, as a proposal and the reply say them. Nothing sealed is read."""

from collections.abc import Iterable
from dataclasses import dataclass

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.cases.service import Case
from ercms.core.actor import Actor
from ercms.evidence import queries, service
from workflows.terms import EvidencePurpose, ProofClass


@dataclass(frozen=True, slots=True)
class KindOnRecord:
    """A piece of evidence by what it is: its kind in the law's words, its class, and where the agreement lists it."""

    id: str
    label: str
    weight: ProofClass
    purpose: EvidencePurpose
    annex: str
    article: str


def kinds_in(*, actor: Actor, case: Case) -> tuple[KindOnRecord, ...]:
    """Return the kinds of the evidence of a case that an officer of the Service may see; to others nothing."""
    is_inside = service.is_internal_author(actor) and policy.allows(actor, Permission.EVIDENCE_READ, case)
    return _kinds(case, sees_internal=True) if is_inside else ()


def kinds_told(*, case: Case, ids: Iterable[str]) -> tuple[KindOnRecord, ...]:
    """Return those of some pieces of evidence whose kinds may be named to the requesting authority.

    What officers of the Service added, and what rests on a document that is set aside, is not among them.
    """
    wanted = set(ids)
    return tuple(kind for kind in _kinds(case, sees_internal=False) if kind.id in wanted)


def _kinds(case: Case, *, sees_internal: bool) -> tuple[KindOnRecord, ...]:
    stored = queries.list_files(case.id)
    open_to_all = {file.evidence_id for file in stored if not file.is_held and (sees_internal or not file.is_internal)}
    hidden = {file.evidence_id for file in stored if file.is_held} - open_to_all
    rules = service.rules_of(case)
    kinds = []
    for item in queries.list_items(case.id):
        purpose = EvidencePurpose(item.purpose)
        rule = rules.get((item.code, purpose))
        if item.id in hidden or (item.is_internal and not sees_internal):
            continue
        label, annex = (rule.label, rule.annex) if rule else (item.code, "")
        article = rule.source.article if rule else ""
        kinds.append(KindOnRecord(item.id, label, ProofClass(item.weight), purpose, annex, article))
    return tuple(kinds)
