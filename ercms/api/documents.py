"""Put the documents of the interface together from what the services give."""

from typing import Any

from flask_smorest import current_api

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import service as agreements
from ercms.casefile.actions import ACTIONS, DECISIONS
from ercms.cases import discretion, drafting, record_service
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.service import Case, OpenAction
from ercms.core.actor import Actor
from ercms.core.errors import InvalidInput
from ercms.core.fields import NOT_A_CHOICE
from ercms.evidence import service as evidence
from ercms.marks import service as marks
from ercms.vault import service as vault
from ercms.vault.enums import Compartment
from ercms.web.error_handlers import reason
from workflows.readmission import stage_of

OBSERVATIONS = "observations"
FRESH_PROOF_NEEDED = "fresh_proof_needed"
_AS_THEY_STAND = (
    "reference",
    "version",
    "state",
    "kind",
    "procedure",
    "requesting_state",
    "is_suspended",
    "is_minor_alone",
    "interview_requested",
    "next_due_on",
    "next_due_kind",
    "created_at",
    "changed_at",
    "submitted_at",
    "acknowledged_at",
    "decided_at",
)


def wanted_sections(text: str) -> tuple[frozenset[Compartment], bool]:
    """Return the compartments that a query names, and whether it names the observations.

    Raises:
        InvalidInput: it names a section that there is not.
    """
    names = {name.strip() for name in text.split(",") if name.strip()}
    unknown = names - {*Compartment, OBSERVATIONS}
    if unknown:
        raise InvalidInput(fields={"include": [NOT_A_CHOICE]})
    return frozenset(Compartment(name) for name in names - {OBSERVATIONS}), OBSERVATIONS in names


def case_document(*, actor: Actor, reference: str, include: str) -> dict[str, Any]:
    """Return a case with the sections that were asked for, and put on record which were opened.

    Raises:
        PermissionRefused: the actor may see the case, but not what was entered about its persons.
    """
    opened, with_observations = wanted_sections(include)
    case = cases.get_case(actor=actor, reference=reference)
    if opened or with_observations:
        policy.check(actor, Permission.CASE_PRINT, case)
    viewing.record_view(
        actor=actor, case=case, payload={"page": "api"}, compartments=[compartment.value for compartment in opened]
    )
    shown = discretion.state_for(actor=actor, state=case.state)
    document = {
        **{name: getattr(case, name) for name in _AS_THEY_STAND},
        "state": shown,
        "stage": stage_of(shown),
        "requesting_authority": accounts.organisation_names([case.requesting_organisation_id]).get(
            case.requesting_organisation_id, ""
        ),
        "own_reference": cases.own_reference_of(case=case),
        **_framework(case),
        "members": _members(case, opened),
        "data_standing": list(marks.standings_of(person_ids=[member.person_id for member in case.members])),
    }
    if with_observations:
        document["observations"] = drafting.observations_of(case=case)
    return document


def dates_document(*, actor: Actor, reference: str) -> dict[str, Any]:
    """Return the due dates of a case with their arithmetic and what silence means, and put the view on record."""
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.CASE_HISTORY)
    viewing.record_view(actor=actor, case=case, payload={"page": "dates"})
    framework = _framework(case)
    agreement = agreements.get_agreement(framework["agreement"]) if framework["agreement"] else None
    return {
        "reference": case.reference,
        "version": case.version,
        **framework,
        "silence": agreements.describe_term(agreement.silence) if agreement else None,
        "is_suspended": case.is_suspended,
        "clocks": [
            {**line.details, "status": line.status, "is_overdue": line.is_overdue}
            for line in discretion.clocks_for(actor=actor, lines=record_service.current_clocks(case=case))
        ],
        # The notes stay where they are: they are about a person, and a date does not rest on their words.
        "stops": record_service.stops_of(case=case),
    }


def actions_document(*, actor: Actor, reference: str, href: Any) -> dict[str, Any]:
    """Return what the actor may do with a case now, with the form of each act, and put the view on record."""
    case = cases.get_case(actor=actor, reference=reference)
    actions = [_action(actor, case, action, href) for action in cases.open_actions(actor=actor, case=case)]
    # The numbers of the papers in hand are among the options of an arrival.
    shows_numbers = any(action["options"].get("document_id") for action in actions)
    viewing.record_view(
        actor=actor,
        case=case,
        payload={"page": "actions"},
        compartments=[Compartment.DOCUMENTS.value] if shows_numbers else [],
    )
    shown = discretion.state_for(actor=actor, state=case.state)
    return {"reference": case.reference, "version": case.version, "state": shown, "actions": actions}


def form_schema(schema: Any) -> dict[str, Any]:
    """Return a form as JSON Schema."""
    found: dict[str, Any] = current_api.ma_plugin.converter.schema2jsonschema(schema)
    return found


def _framework(case: Case) -> dict[str, Any]:
    agreement_id = evidence.agreement_id_of(case)
    return {"agreement": agreement_id, "treaty": agreement_id is not None}


def _members(case: Case, opened: frozenset[Compartment]) -> list[dict[str, Any]]:
    ids = [member.person_id for member in case.members]
    found = {compartment: vault.open_many(person_ids=ids, compartment=compartment) for compartment in sorted(opened)}
    return [
        {
            "person_id": member.person_id,
            "relation": member.relation.value,
            "is_readable": all(member.person_id in each for each in found.values()) if found else None,
            "sections": {compartment.value: each.get(member.person_id, {}) for compartment, each in found.items()},
        }
        for member in case.members
    ]


def _action(actor: Actor, case: Case, action: OpenAction, href: Any) -> dict[str, Any]:
    spec = ACTIONS[action.trigger]
    # What stands against it anyway is told first; that no key takes it holds besides.
    refusal_code = action.refusal_code or (FRESH_PROOF_NEEDED if action.trigger in DECISIONS else None)
    offered = spec.options(actor=actor, case=case)
    return {
        "trigger": action.trigger,
        "destination": action.destination,
        "refusal_code": refusal_code,
        "refusal": reason(refusal_code),
        "href": href(action.trigger),
        "schema": form_schema(spec.schema()),
        "options": {name: [{"value": value, "text": text} for value, text in pairs] for name, pairs in offered.items()},
    }
