"""Which kind of document a return needs: what the agreement names, else the house's own list."""

from ercms.agreements import service as agreements
from workflows.agreement_files import load_internal
from workflows.readmission import CaseKind
from workflows.terms import Clause, Silence

_LIST = "document_kinds"
OF_MISSION = "mission"
OF_REQUESTING_STATE = "requesting_state"
_UNNAMED = "unnamed"


def mission_kind() -> str:
    """Return the kind of document that a mission issues."""
    return _first(OF_MISSION).code


def standard_kind(*, agreement_id: str | None, kind: CaseKind) -> str:
    """Return the kind of the requesting State's own document under an agreement.

    Where the agreement names none, the list's entry for an unnamed one stands in: a name, and no rule.
    """
    if agreement_id is not None:
        name = "document.fallback" if kind is CaseKind.OWN_NATIONAL else "document.third_country"
        term = agreements.get_agreement(agreement_id).term(name)
        if term.is_known and isinstance(term.value, str) and term.value != Silence.NONE.value:
            return term.value
    return _first(_UNNAMED).code


def kind_text(code: str) -> str:
    """Return what a kind is called, as a marked text; a code that the list no longer has stands for itself."""
    return next((clause.text for clause in load_internal().list_of(_LIST) if clause.code == code), code)


def _first(group: str) -> Clause:
    return next(clause for clause in load_internal().list_of(_LIST) if group in clause.group.split())
