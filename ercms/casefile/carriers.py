"""What a proposal can rest on: the records of a case that show something, from every domain that keeps some.

Only what is not sealed is read here: kinds, days, findings by their codes. Who reads more opens the decision sheet.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ercms.access import policy
from ercms.access.permissions import permission_for_trigger
from ercms.cases import service as cases
from ercms.cases.models import Case, CaseTransition
from ercms.core.actor import Actor
from ercms.evidence import kinds_service as evidence
from ercms.identity import service as identity
from ercms.interviews import reading_service as interviews
from ercms.photographs import service as photographs
from ercms.verification import inquiry_reading, reference_service
from ercms.verification.enums import CarrierKind
from ercms.verification.reference_service import Reference
from workflows.readmission import CaseTrigger


@dataclass(frozen=True, slots=True)
class Carrier:
    """A record that a proposal can rest on: what it is, what it showed, when, and the words that go with its kind.

    `words` are, of evidence, its kind and annex in the law's words, of an inquiry the agency, of another case its
    reference.
    """

    reference: Reference
    words: tuple[str, ...] = ()
    what: StrEnum | None = None
    found: StrEnum | None = None
    at: datetime | None = None


def carriers_of(*, actor: Actor, case: Case) -> tuple[Carrier, ...]:
    """Return what a proposal in this case can rest on, for an officer of the Service; for anybody else nothing."""
    kinds = [
        Carrier(Reference(CarrierKind.EVIDENCE, one.id), (one.label, one.annex), found=one.weight)
        for one in evidence.kinds_in(actor=actor, case=case)
    ]
    answers = [
        Carrier(Reference(CarrierKind.INQUIRY, one.id), (one.agency,), one.purpose, one.finding, one.answered_at)
        for one in inquiry_reading.answered_in(actor=actor, case=case)
    ]
    held = [
        Carrier(Reference(CarrierKind.INTERVIEW, one.id), found=one.outcome, at=one.held_at)
        for one in interviews.held_in(actor=actor, case=case)
    ]
    compared = [
        Carrier(Reference(CarrierKind.PHOTOGRAPHS, one_id), at=at)
        for one_id, at in photographs.compared_in(actor=actor, case=case)
    ]
    others = [
        Carrier(Reference(CarrierKind.DUPLICATE, one.pair_id), (one.reference,), found=one.decision)
        for one in identity.for_case(actor=actor, case=case)
        if one.decision is not None
    ]
    return (*kinds, *answers, *held, *compared, *others)


def relied_on(
    *, actor: Actor, case: Case, references: Iterable[Reference]
) -> tuple[tuple[Reference, Carrier | None], ...]:
    """Return what these references name, in their order; None for a record that is no longer there."""
    wanted = tuple(references)
    known = {one.reference: one for one in carriers_of(actor=actor, case=case)} if wanted else {}
    return tuple((one, known.get(one)) for one in wanted)


def checked(trigger: CaseTrigger, propose: Callable[..., CaseTransition]) -> Callable[..., CaseTransition]:
    """Return the act of proposing that takes references to records of the case, and refuses any other.

    The act raises:
        InvalidInput: `unknown_carrier`, a reference names no record of this case that the actor may see.
    """

    def perform(
        *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
    ) -> CaseTransition:
        chosen = reference_service.read(values.get("rests_on") or ())
        if chosen:
            case = cases.get_case(actor=actor, reference=reference)
            policy.check(actor, permission_for_trigger(trigger.value), case)
            known = {carrier.reference for carrier in carriers_of(actor=actor, case=case)}
            if not set(chosen) <= known:
                raise reference_service.unknown()
        given = {**values, "rests_on": chosen}
        return propose(actor=actor, reference=reference, expected_version=expected_version, values=given)

    return perform
